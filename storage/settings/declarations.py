"""The one list of all settings: from it the file is checked, explained and first written."""

from __future__ import annotations

from typing import Final

from storage.language import to_tr
from storage.settings import COLUMNS, KEYMAPS, LAYOUTS, MINUTES, NOTIFY
from storage.settings.kinds import Choice, Flag, Folder, Name, Number, Program, Words
from storage.settings.setting import TRANSLATION, Group, Setting

LANGUAGES = ("auto", "en", "zh")
TABLES: Final = ("keys", "hooks", TRANSLATION)
"""Settings that hold settings of their own."""

GROUPS: Final = (
    Group(
        to_tr("Folders"),
        (
            Setting(
                "library_dir",
                Folder(),
                to_tr(
                    "The folder of your library: its sources, views, what was fetched and what was"
                    ' translated. Empty: the usual one, which "digest-tui directories" shows. Nothing'
                    " is moved there by itself. Takes effect at the next start."
                ),
            ),
            Setting(
                "marks_dir",
                Folder(),
                to_tr(
                    "The folder of your marks (read, starred, notes); one that is synchronised makes"
                    " them the same on all your machines. Empty: the usual one. Takes effect at the"
                    " next start."
                ),
            ),
        ),
        to_tr('"~" is your home; other paths begin at the folder of this file.'),
    ),
    Group(
        to_tr("Language"),
        (
            Setting(
                "language",
                Choice(LANGUAGES),
                to_tr(
                    'The language of the screen and of all that is said: "en" (English), "zh"'
                    ' (Chinese), or "auto": as the environment says (LANGUAGE, LC_ALL, LC_MESSAGES,'
                    " LANG)."
                ),
            ),
        ),
    ),
    Group(
        to_tr("New papers"),
        (
            Setting(
                "refresh_minutes",
                Number(MINUTES[0], MINUTES[-1], is_whole=True),
                to_tr("Minutes between two looks at a source on the web while the reader is open."),
            ),
            Setting(
                "notify",
                Choice(NOTIFY),
                to_tr(
                    'What tells of papers that came by themselves: "off", "terminal" (where it knows'
                    ' how), or "desktop".'
                ),
            ),
        ),
    ),
    Group(
        to_tr("Reading"),
        (
            Setting(
                "dwell_seconds",
                Number(0, 3600, is_whole=False),
                to_tr(
                    "Seconds on a paper after which it counts as read. 0: only Enter and r make it"
                    " read."
                ),
            ),
        ),
    ),
    Group(
        to_tr("Layout"),
        (
            Setting(
                "layout",
                Choice(LAYOUTS),
                to_tr(
                    'How the panes stand: "one" at a time, "rows" (the table above the paper),'
                    ' "columns" (the table at its left), or "auto": by the width of the terminal.'
                ),
            ),
            Setting(
                "table_height",
                Number(10, 90, is_whole=True),
                to_tr("With rows: percent of the height that the table takes."),
            ),
            Setting(
                "notes_width",
                Number(10, 200, is_whole=True),
                to_tr("With rows: cells of the width that the note takes."),
            ),
            Setting(
                "table_width",
                Number(10, 90, is_whole=True),
                to_tr("With columns: percent of the width that the table takes."),
            ),
            Setting(
                "notes_height",
                Number(3, 50, is_whole=True),
                to_tr("With columns: rows of the height that the note takes."),
            ),
            Setting(
                "columns",
                Words(COLUMNS),
                to_tr(
                    "What the table shows, from left to right; leave out what you do not need. What"
                    " does not fit is left out by itself."
                ),
            ),
            Setting(
                "compact",
                Flag(),
                to_tr(
                    "No blank lines between the parts of a paper, and less space around its note."
                ),
            ),
        ),
    ),
    Group(
        to_tr("Looks"),
        (
            Setting(
                "theme",
                Name(),
                to_tr(
                    'The colours: a name that "digest-tui themes" lists, or "auto": the one that you'
                    " chose last in the reader, else one of the next two by the terminal's"
                    " background."
                ),
            ),
            Setting("dark_theme", Name(), to_tr("The theme for dark terminals.")),
            Setting("light_theme", Name(), to_tr("The theme for light terminals.")),
            Setting(
                "high_contrast",
                Flag(),
                to_tr(
                    "Dim text is as bright as other text, lines and scroll bars are drawn at full"
                    " strength, and the cursor is inverted."
                ),
            ),
            Setting(
                "ascii",
                Flag(),
                to_tr(
                    "Lines, marks and ellipses in plain ASCII, for fonts without them and terminals"
                    " that draw them too wide."
                ),
            ),
        ),
    ),
    Group(
        to_tr("Programs"),
        (
            Setting(
                "browser",
                Program(may_be_word=True),
                to_tr(
                    'Opens links: a program with its arguments, as ["firefox", "--new-window"].'
                    " {link} in them is replaced by the link, else it is added at the end. Empty:"
                    " the system's browser."
                ),
            ),
            Setting(
                "pdf",
                Program(may_be_word=True),
                to_tr(
                    "The same for links to PDF files; {file} in it is replaced by the path of the"
                    " PDF, which is fetched for that. Empty: as browser."
                ),
            ),
        ),
    ),
    Group(
        to_tr("Keys"),
        (
            Setting(
                "keymap",
                Choice(KEYMAPS),
                to_tr(
                    'The keys to begin with: "default", or as in "vim", "newsboat" or "elfeed".'
                    ' "digest-tui keys" lists what is in force.'
                ),
            ),
        ),
        to_tr("Keys of your own come on top of these, by the name of the command, for example:"),
        ('keys."mark.star" = "s"', 'keys."move.down" = ["j", "down"]'),
    ),
    Group(
        to_tr("Hooks"),
        (
            Setting("hooks.on_star", Program(may_be_word=False), to_tr("When you star a paper.")),
            Setting(
                "hooks.on_read", Program(may_be_word=False), to_tr("When a paper becomes read.")
            ),
            Setting("hooks.on_note", Program(may_be_word=False), to_tr("When you wrote a note.")),
            Setting(
                "hooks.seconds",
                Number(0.1, 3600, is_whole=False),
                to_tr(
                    "Seconds that one program may take; then it is ended. It gets all papers that"
                    " were changed together, one line of JSON each."
                ),
            ),
        ),
        to_tr(
            "Programs that are run behind the screen and get the paper as JSON on their standard"
            " input: a list of the program and its arguments, for example:"
        ),
        ('hooks.on_star = ["~/bin/to-zotero", "--tag", "starred"]',),
    ),
    Group(
        to_tr("Translation"),
        (
            Setting(
                "translation.base_url",
                None,
                to_tr(
                    "The address of a service that speaks the protocol of OpenAI's chat completions;"
                    " empty: nothing is sent anywhere."
                ),
            ),
            Setting("translation.model", None, to_tr("The model, as the service calls it.")),
            Setting(
                "translation.key_env",
                None,
                to_tr(
                    "The environment variable with the key of the service. Empty: OPENAI_API_KEY for"
                    ' api.openai.com, none for others. Where translation.key is "keyring" the key is'
                    " in the system's keyring."
                ),
            ),
            Setting(
                "translation.automatic",
                None,
                to_tr("Whether new papers are translated without being asked for."),
            ),
            Setting("translation.requests_per_minute", None, to_tr("At most.")),
            Setting(
                "translation.tokens_per_day",
                None,
                to_tr("At most, sent and received together."),
            ),
            Setting(
                "translation.at_once",
                None,
                to_tr("How many requests are under way at the same time."),
            ),
            Setting("translation.timeout", None, to_tr("Seconds that one request may take.")),
        ),
        to_tr("A service that translates, for example:"),
        ('translation.base_url = "https://api.openai.com/v1"', 'translation.model = "gpt-4o-mini"'),
    ),
)

SETTINGS: Final = {setting.name: setting for group in GROUPS for setting in group.settings}
"""All of them by name."""
