r"""LaTeX to Unicode for display: what authors left in titles and abstracts becomes readable.

``Erd\H{o}s's $\mathcal{O}(\sqrt{n})$ bound`` becomes ``Erdős's 𝒪(√n) bound``. What cannot be
converted stays exactly as it was, and a ``$`` that belongs to no formula is left alone: digests cut
their abstracts anywhere, and ``$5 and $10`` is money. The conversion is for the eye; copying,
searching and exporting use the source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.bilingual import TEX_SIGNS
from storage.bilingual.latex.pieces import Pieces
from storage.bilingual.latex.prose import Prose

if TYPE_CHECKING:
    from storage.bilingual.display import SetText


def to_unicode(text: str) -> str:
    r"""Convert LaTeX in running text to Unicode.

    Args:
        text: A title, TL;DR or abstract, English or Chinese.

    Returns:
        The text with formulas, commands, accents, quotes and dashes set; ``text`` itself where
        there is nothing to convert. No letter or digit of the content is lost.
    """
    if not any(sign in text for sign in TEX_SIGNS):
        return text
    return _read(text).since(0)


def set_text(text: str, *, spaced: bool = False) -> SetText:
    r"""Convert as :func:`to_unicode` does, and keep the emphasis and every part's place.

    Args:
        text: A title, TL;DR or abstract, English or Chinese.
        spaced: Whether a space is set where Chinese meets Latin letters and digits.

    Returns:
        The display text with what is emphasised in it (``\emph``, ``{\bf …}``) and the way from
        offsets in ``text`` to offsets in it.
    """
    if any(sign in text for sign in TEX_SIGNS):
        pieces = _read(text)
    else:
        pieces = Pieces()
        pieces.starts.append(0)
        pieces.texts.append(text)
    return pieces.together(text, spaced=spaced)


def _read(text: str) -> Pieces:
    pieces = Pieces()
    Prose(text, pieces).read()
    return pieces
