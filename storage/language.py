"""The interface's language: every word that a person reads passes through here.

English is what stands in the code; other languages are gettext catalogues beside this module, made
with ``make messages``. Until ``use`` is called everything is English, so whoever uses ``storage``
as a library gets sentences that can be searched for.

Text is looked up when it is said, never when a module is imported: the language is known later.
What a module keeps in a table is marked by ``to_tr`` and looked up by ``tr`` where it is shown.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from gettext import GNUTranslations

ENGLISH, CHINESE = "en", "zh_CN"
DOMAIN: Final = "digest-tui"
FOLDER: Final = Path(__file__).with_name("locale")
"""Where the catalogues are: ``zh_CN/LC_MESSAGES/digest-tui.mo``."""

_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_catalogue: GNUTranslations | None = None


def language_of(wanted: str, environ: Mapping[str, str]) -> str:
    """Return the language to speak.

    Args:
        wanted: ``en``, ``zh`` or the like, as the user asks for it; what is neither: as the
            environment says.
        environ: The environment's variables; the first of LANGUAGE, LC_ALL, LC_MESSAGES and LANG
            that is set counts, as in gettext.

    Returns:
        ``CHINESE`` for Chinese of any place, else ``ENGLISH``.
    """
    said = wanted if _is_known(wanted) else next(filter(None, map(environ.get, _VARIABLES)), "")
    return CHINESE if said.lower().startswith("zh") else ENGLISH


def _is_known(name: str) -> bool:
    return name.lower().replace("-", "_").partition("_")[0] in ("en", "zh")


def use(language: str) -> None:
    """Speak ``language`` from now on, one of ``ENGLISH`` and ``CHINESE``.

    Where the catalogue is missing, as in a source tree that was never installed, it stays English.
    """
    global _catalogue  # noqa: PLW0603 -- the one place where a process keeps its language
    if language == ENGLISH:
        _catalogue = None
        return
    from gettext import GNUTranslations, translation  # noqa: PLC0415 -- not for English

    found = translation(DOMAIN, FOLDER, [language], fallback=True)
    _catalogue = found if isinstance(found, GNUTranslations) else None


def in_use() -> str:
    """Return the language that is spoken: ``ENGLISH`` or ``CHINESE``."""
    return ENGLISH if _catalogue is None else CHINESE


def to_tr(message: str) -> str:
    """Return ``message`` as it is: it is said by ``tr`` later, and collected for translation here."""
    return message


def tr(message: str, /, **values: object) -> str:
    """Say ``message`` in the language in use.

    Args:
        message: English, with names in braces for ``values``; where there are none, braces are
            only braces.
        values: What the names stand for, formatted as by ``str.format``.
    """
    text = message if _catalogue is None else _catalogue.gettext(message)
    return text.format(**values) if values else text


def tr_in(context: str, message: str, /, **values: object) -> str:
    """Say a word that has several meanings, such as "read"; ``context`` tells which."""
    text = message if _catalogue is None else _catalogue.pgettext(context, message)
    return text.format(**values) if values else text


def tr_n(one: str, many: str, n: int, /, **values: object) -> str:
    """Say ``one`` or ``many`` by how many they are, ``{n}``."""
    english = one if n == 1 else many
    text = english if _catalogue is None else _catalogue.ngettext(one, many, n)
    return text.format(n=n, **values)
