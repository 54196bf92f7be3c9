"""What the manual page says besides commands and keys: files, environment, exit codes, examples."""

from __future__ import annotations

from storage.language import tr

Items = list[tuple[str, str]]
"""What is explained, and how, as clauses without a full stop."""


def files() -> Items:
    """Return what lies where, by the XDG base directories."""
    data, state = "$XDG_DATA_HOME/digest-tui", "$XDG_STATE_HOME/digest-tui"
    config, cache = "$XDG_CONFIG_HOME/digest-tui", "$XDG_CACHE_HOME/digest-tui"
    return [
        (f"{config}/settings.toml", tr("your settings, see: digest-tui settings")),
        (f"{data}/marks", tr("what you read, starred and noted; this is what to back up")),
        (f"{data}/sources.json", tr("the sources that your library follows")),
        (f"{data}/views.json", tr("saved views, and what is left out everywhere")),
        (f"{data}/fetched", tr("the documents that were fetched")),
        (f"{data}/translations", tr("the translations that were made here")),
        (f"{state}/place.json", tr("where you left off")),
        (f"{state}/history.journal", tr("what can be undone")),
        (f"{state}/fetching.json", tr("what came of fetching each source")),
        (f"{state}/digest-tui.log", tr("what went wrong")),
        (f"{state}/hooks.log", tr("what went wrong with your hooks")),
        (
            f"{cache}/library.sqlite3",
            tr("the index of your digests, which is made again at any time"),
        ),
    ]


def environment() -> Items:
    """Return the variables that are heeded."""
    return [
        (
            "XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME, XDG_CACHE_HOME",
            tr(
                "where files are kept; usually ~/.config, ~/.local/share, ~/.local/state and ~/.cache"
            ),
        ),
        (
            "LANGUAGE, LC_ALL, LC_MESSAGES, LANG",
            tr("the language of all that is said, where neither --lang nor the settings name one"),
        ),
        ("VISUAL, EDITOR", tr("the program in which settings and notes are written")),
        ("BROWSER", tr("the program that opens links, where the settings name none")),
        ("NO_COLOR", tr("if it is there, no colours are used")),
        ("TERM, COLORTERM", tr("what the terminal can do")),
        (
            "COLORFGBG",
            tr("whether the terminal is light or dark, where it does not tell that itself"),
        ),
        ("TEXTUAL_THEME", tr("the theme for one run, whatever the settings say")),
        (
            "SSL_CERT_FILE, SSL_CERT_DIR",
            tr("the certificates that are trusted, in place of the system's"),
        ),
    ]


def exit_codes() -> Items:
    """Return what the exit codes mean."""
    return [
        ("0", tr("all was done")),
        ("1", tr("something could not be read or done; it is named on standard error")),
        ("2", tr("wrong usage, or there is nothing yet to work on")),
        ("75", tr("there is no network; try again later")),
        ("130", tr("stopped by Control-C")),
        ("128+n", tr("ended by signal n")),
    ]


def examples() -> Items:
    """Return commands that a newcomer may want, and what each does."""
    return [
        ("digest-tui demo", tr("look at the reader without any digest of your own")),
        ("digest-tui add cn-chat-arxiv:cs.LG", tr("follow a ready-made bilingual digest")),
        ("digest-tui add ~/digests", tr("read all digests in a folder")),
        ("digest-tui", tr("read on where you left off")),
        (
            "digest-tui list is:starred date:month",  # tr: no -- a command
            tr("list the starred papers of the last 30 days"),
        ),
        (
            "digest-tui export is:starred --format bibtex -o stars.bib",  # tr: no -- a command
            tr("write the starred papers for LaTeX"),
        ),
        ("digest-tui refresh --quiet", tr("fetch what is new from cron")),
    ]
