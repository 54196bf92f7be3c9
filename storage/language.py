"""The interface's language: every word that a person reads passes through here.

English is what stands in the code; other languages are gettext catalogues beside this module, made
with ``make messages``. Until ``use`` is called everything is English, so whoever uses ``storage``
as a library gets sentences that can be searched for.

Text is looked up when it is said, never when a module is imported: the language is known later.
What a module keeps in a table is marked by ``to_tr`` and looked up by ``tr`` where it is shown.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from gettext import GNUTranslations

ENGLISH, CHINESE = "en", "zh_CN"
DOMAIN: Final = "digest-tui"
FOLDER: Final = Path(__file__).with_name("locale")
"""Where the catalogues are: ``zh_CN/LC_MESSAGES/digest-tui.mo``."""

_LANGUAGES: Final = {"en": ENGLISH, "c": ENGLISH, "posix": ENGLISH, "zh": CHINESE}
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_catalogue: GNUTranslations | None = None


def language_of(wanted: str, environ: Mapping[str, str]) -> str:
    """Return the language to speak.

    Args:
        wanted: ``en``, ``zh`` or the like, as the user asks for it; what is neither: as the
            environment says.
        environ: The environment's variables; the first of LANGUAGE, LC_ALL, LC_MESSAGES and LANG
            that is set counts. As in gettext it may be a list with colons, of which the first
            counts that there is.

    Returns:
        ``CHINESE`` for Chinese of any place, else ``ENGLISH``.
    """
    said = next(filter(None, map(environ.get, _VARIABLES)), "")
    for name in (wanted, *said.split(":")):
        language = _LANGUAGES.get(re.split(r"[-_.@]", name.lower())[0])
        if language is not None:
            return language
    return ENGLISH


def use(language: str) -> None:
    """Speak ``language`` from now on, one of ``ENGLISH`` and ``CHINESE``.

    Where the catalogue is missing, as in a source tree that was never installed, or is damaged, it
    is English: words that cannot be read must not keep anybody from reading.
    """
    global _catalogue  # noqa: PLW0603 -- the one place where a process keeps its language
    _catalogue = None if language == ENGLISH else _read(language)


def _read(language: str) -> GNUTranslations | None:
    import struct  # noqa: PLC0415 -- not for English
    from gettext import GNUTranslations, translation  # noqa: PLC0415 -- the same

    try:
        found = translation(DOMAIN, FOLDER, [language], fallback=True)
    except (OSError, ValueError, LookupError, struct.error):
        return None
    return found if isinstance(found, GNUTranslations) else None


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
    catalogue = _catalogue
    if catalogue is None:
        return message.format(**values) if values else message
    return _in_chinese(catalogue.gettext(message), values)


def tr_in(context: str, message: str, /, **values: object) -> str:
    """Say a word that has several meanings, such as "read"; ``context`` tells which."""
    catalogue = _catalogue
    if catalogue is None:
        return message.format(**values) if values else message
    return _in_chinese(catalogue.pgettext(context, message), values)


def tr_n(one: str, many: str, n: int, /, **values: object) -> str:
    """Say ``one`` or ``many`` by how many they are, ``{n}``."""
    catalogue = _catalogue
    if catalogue is None:
        return (one if n == 1 else many).format(n=n, **values)
    return _in_chinese(catalogue.ngettext(one, many, n), {"n": n, **values})


def _in_chinese(text: str, values: Mapping[str, object]) -> str:
    if not values:
        return text
    from storage.locale.chinese import formatted  # noqa: PLC0415 -- not for English

    return formatted(text, values)
