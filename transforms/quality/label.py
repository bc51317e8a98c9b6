"""Whether what is printed on the product still says the same, by reading both pictures."""

import unicodedata
from collections.abc import Iterator

import numpy as np

from transforms.images.canvas import HALF, fit_within
from transforms.pixels import Pixels
from transforms.quality.placed import Placed, cut
from transforms.recognition.text import Corners, find_lines, read_line
from transforms.records.facts import PreparedFacts

_SURE = 0.93
"""Confidence from which on a line counts as read."""
_LETTERS = 3
_LINES = 6
"""Lines compared, the thickest first: others are small print, and each costs 40 ms."""
_READ_PX = 1600
_INSIDE = 0.9
_AIR = (-0.05, 0.05)
"""Of a line's thickness."""


def has_label(facts: PreparedFacts) -> bool:
    """Whether text that belongs to the product was surely read on the photograph."""
    return any(
        not text.overlay and text.score >= _SURE and len(plain_letters(text.text)) >= _LETTERS
        for text in facts.texts
    )


def label_text_kept(decoded: Pixels, placed: Placed, facts: PreparedFacts) -> float | None:
    """Share of letters that the worst line of the label keeps.

    Both sides are read at the same places with the same network, so what it reads wrongly it
    reads wrongly twice. Where both differ they are read again with less and more air around the
    line: a reader that is unsteady about a line of the photograph is no evidence.

    Args:
        decoded: (height, width, 3), sRGB: the channel's file, decoded.
        placed: What it should show.
        facts: Of the prepared image: whether there is a label.

    Returns:
        1 less the normalised edit distance (Levenshtein, by the longer text) of the worst line,
        0 to 1; None: the photograph shows no label that is surely read.
    """
    if not has_label(facts):
        return None
    wanted, found = (
        reduce_for_reading(each) for each in (placed.product, cut(decoded, placed.box))
    )
    worst: float | None = None
    for corners, text in read_label(wanted, placed):
        kept = text_similarity(text, plain_letters(read_line(found, corners)[0]))
        if kept < 1:
            if not _is_steady(wanted, corners, text):
                continue
            kept = max(kept, _read_again(found, corners, text))
        worst = kept if worst is None else min(worst, kept)
    return worst


def reduce_for_reading(pixels: Pixels) -> Pixels:
    """Pixels of the product's box, reduced to the size at which labels are read."""
    return fit_within(np.ascontiguousarray(pixels), _READ_PX)


def read_label(wanted: Pixels, placed: Placed) -> Iterator[tuple[Corners, str]]:
    """Lines of the label that are surely read, the thickest first.

    Args:
        wanted: The product, as `reduce_for_reading` gives it.
        placed: It tells where `wanted` is product alone.

    Yields:
        Corners, (4, 2), in pixels of `wanted`, and the letters of each.
    """
    cover = fit_within(placed.opaque().astype(np.uint8) * 255, _READ_PX)
    for corners in [each for each in find_lines(wanted) if _inside(each, cover)][:_LINES]:
        text, score = read_line(wanted, corners)
        if score >= _SURE and len(plain_letters(text)) >= _LETTERS:
            yield corners, plain_letters(text)


def _is_steady(wanted: Pixels, corners: Corners, text: str) -> bool:
    """Whether a line reads the same with a little more air around it."""
    return all(plain_letters(read_line(wanted, _widen(corners, air))[0]) == text for air in _AIR)


def _read_again(found: Pixels, corners: Corners, text: str) -> float:
    """The best agreement of a line, read with more air around it."""
    readings = (plain_letters(read_line(found, _widen(corners, air))[0]) for air in _AIR)
    return max(text_similarity(text, reading) for reading in readings)


def _widen(corners: Corners, by: float) -> Corners:
    """Corners of a line, moved from its middle by a share of its thickness."""
    along, down = corners[1] - corners[0], corners[3] - corners[0]
    lengths = np.hypot(*along), np.hypot(*down)
    if min(lengths) < 1:
        return corners
    across, upright = along / lengths[0], down / lengths[1]
    reach = by * min(lengths)
    outward = np.array([-across - upright, across - upright, across + upright, upright - across])
    return np.asarray(corners + reach * outward, np.float32)


def text_similarity(first: str, second: str) -> float:
    """1 less the normalised edit distance: 1 for equal texts, 0 where no letter is common."""
    if not first and not second:
        return 1.0
    row = list(range(len(second) + 1))
    for number, letter in enumerate(first, start=1):
        diagonal, row[0] = row[0], number
        for place, other in enumerate(second, start=1):
            diagonal, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, diagonal + (letter != other)),
            )
    return 1 - row[-1] / max(len(first), len(second))


def plain_letters(text: str) -> str:
    """Letters and digits of a text, without accents, case and spaces."""
    plain = unicodedata.normalize("NFD", text.casefold())
    return "".join(each for each in plain if each.isalnum())


def _inside(corners: Corners, cover: Pixels) -> bool:
    """Whether a line lies on the product."""
    left, top = np.maximum(0, np.floor(corners.min(axis=0)).astype(int))
    right, bottom = np.ceil(corners.max(axis=0)).astype(int)
    part = cover[top:bottom, left:right]
    return bool(part.size) and float((part >= HALF).mean()) >= _INSIDE
