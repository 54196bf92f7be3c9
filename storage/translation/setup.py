"""Whether a service is set up, and what to write into the settings where none is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.language import tr
from storage.settings import load
from storage.wording import sentences

if TYPE_CHECKING:
    from pathlib import Path

    from storage.translation.configuration import Configuration


def configured(file: Path) -> Configuration | str:
    """Return the service that the settings in ``file`` name; else one sentence of what to do."""
    settings, notices = load(file)
    if settings.translation is not None:
        return settings.translation
    if notices:
        return sentences(map(str, notices))
    return tr(
        "No service is set up that translates, so nothing is sent. Write into {file} these three"
        ' lines: [translation]  base_url = "https://api.openai.com/v1"  model = "gpt-4o-mini"'
        "  (its key belongs in the environment as OPENAI_API_KEY; for another service, name the"
        ' variable with its key, too: key_env = "NAME").',
        file=file,
    )
