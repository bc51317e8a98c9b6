"""Tells text that was laid over a photograph from text that belongs to the product."""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from transforms.recognition.lexicon import ADDRESSES, ANYWHERE, CROSSING, OFF, WHOLE_LINES

_BESIDE = 0.5
_LEAVES = 0.95
"""Less of a line's box on the product than this, and the line leaves it. Of 42 lines printed on 49
real and rendered products, none is below 0.97."""
_LETTERS, _READ = 3, 0.75
"""A line counts as read from so many characters and this confidence on: below, networks see letters
in handles and rims."""
_LEAN = (12.0, 78.0)
"""Degrees from level. Cameras are held askew by less."""
_SLIM = 1.8
"""Length by thickness, at least: of half a word that shows on a dark product."""
_SHAPED = 0.15
"""A line that follows the product's shape: its core is more product than its rims, by this."""
_LONG, _LONG_CROSSING = 0.3, 0.2
"""Length of a watermark as a share of the longer side, where it stays on the product and where it
leaves it. The longest leaning title, of a book that lies askew, has 0.22 and stays on it."""

_OFF, _ADDRESSES = re.compile(OFF, re.VERBOSE), re.compile(ADDRESSES, re.VERBOSE)
_PHRASES = tuple(phrase.replace(" ", "") for phrase in ANYWHERE)


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text as it was found."""

    corners: npt.NDArray[np.float32]
    """(4, 2): x and y around the line, in pixels of the upright picture."""
    text: str
    """As read; may be empty."""
    score: float
    """The reader's confidence, 0-1."""
    on_product: float
    """Share of the line's box that is product."""
    core_on_product: float
    """The same of the middle half of its thickness: far more where the line is a strap."""

    @property
    def is_read(self) -> bool:
        """Whether it is surely text, and this text."""
        return len(self.text.replace(" ", "")) >= _LETTERS and self.score >= _READ


def classify_overlay(line: TextLine, side: int) -> str:
    """Why a line was laid over the photograph; empty: it was not, as far as one can tell.

    Args:
        line: The line.
        side: Longer side of the picture, in pixels.

    Returns:
        `beside the product`: read, and mostly outside the matte. `promotional`: it says what shops
        and agencies write over photographs. `diagonal`: a long leaning line, even read
        badly, as watermarks are.
    """
    if line.is_read and is_promotional(line.text, leaves=line.on_product < _LEAVES):
        return "promotional"
    if line.is_read and line.on_product < _BESIDE:
        return "beside the product"
    return "diagonal" if is_watermark(line, side) else ""


def is_promotional(text: str, *, leaves: bool) -> bool:
    """Whether a line's words sell or protect a picture rather than describe a product.

    Args:
        text: One line, in any case.
        leaves: The line reaches beyond the product, where its own label cannot.
    """
    plain = _plain(text)
    words = re.sub(r"[^a-z0-9]+", " ", plain).strip()
    joined = words.replace(" ", "")
    if words in WHOLE_LINES or _OFF.search(plain) or any(each in joined for each in _PHRASES):
        return True
    return leaves and bool(_ADDRESSES.search(plain) or not CROSSING.isdisjoint(words.split()))


def is_watermark(line: TextLine, side: int) -> bool:
    """Whether a line leans and is long and slim, as nothing printed on 49 products is.

    Args:
        line: Its letters need not be read well, as translucent ones seldom are; but a handle
            reads as one or two, and a strap is the product's own shape.
        side: Longer side of the picture, in pixels.
    """
    if len(line.text) < _LETTERS or line.core_on_product - line.on_product > _SHAPED:
        return False
    edges = np.roll(line.corners, -1, axis=0) - line.corners
    lengths = np.hypot(edges[:, 0], edges[:, 1])
    along = edges[int(np.argmax(lengths))]
    lean = np.degrees(np.arctan2(abs(along[1]), abs(along[0])))
    length, thickness = lengths.max(), max(1.0, lengths.min())
    long = _LONG_CROSSING if line.on_product < _LEAVES else _LONG
    return bool(
        _LEAN[0] <= lean <= _LEAN[1] and length >= _SLIM * thickness and length >= long * side
    )


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())
