"""Fields -> one line of JSON that can be shown in a terminal and read by anything."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.model import Entry, Paper

_UNSEEN = re.compile(
    r"[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e007f]"
)
"""What JSON lets stand, but could steer the terminal, hide text, or is not Unicode at all."""


def extras(of: Entry | Paper) -> dict[str, object]:
    """Return the fields that are there only where a source has them, or digest-tui translated."""
    fields: dict[str, object] = {}
    if of.sections:
        fields["sections"] = {section.label: section.zh for section in of.sections}
    if of.comment is not None:
        fields["comment"] = of.comment
    if of.translated is not None:
        fields["translated_by"], fields["translated"] = of.translated
    if of.code is not None:
        fields["code"] = of.code._asdict()
    return fields


def json_line(fields: Mapping[str, object]) -> str:
    r"""Return ``fields`` as one line of JSON without a line end.

    Characters that cannot be seen are written as ``\u`` and their number: a path may hold any of
    them, even bytes that are no text.
    """
    text = json.dumps(fields, ensure_ascii=False)
    # An escape names 16 bits: of characters beyond it takes two.
    return text if text.isprintable() else _UNSEEN.sub(lambda c: json.dumps(c[0])[1:-1], text)
