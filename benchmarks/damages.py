"""Kinds of damage that renditions can take: what models, encoders and tools do to products.

Each takes a good picture and what it shows, and gives a bad one, or None where it does not apply
(a letter cannot change where there is no label). Sizes are those of a canvas of 2000 px.
"""

from collections.abc import Callable

import cv2
import numpy as np

from benchmarks.good import Good, levels, moved
from transforms.pixels import Pixels
from transforms.quality.openings import find_openings
from transforms.quality.placed import bounds, cut, erode
from transforms.recognition.text import Corners

_PATCH = 0.07
_BUSY = 6.0
"""Standard deviation of luma, in levels, of a patch that shows something to be smeared."""


Damage = Callable[[Good], Pixels | None]


def shifted(good: Good) -> Pixels:
    """The product 3 px to the right."""
    return moved(good, 1.0, 3 * good.unit)


def wrong_fill(good: Good) -> Pixels:
    """The product 5 % smaller, on the same baseline."""
    return moved(good, 0.95, 0)


def hue_turned(good: Good) -> Pixels | None:
    """Hue turned by 12 degrees; of a product without colours nothing changes."""
    hsv = cv2.cvtColor(good.pixels, cv2.COLOR_RGB2HSV).astype(np.int16)
    saturation = hsv[..., 1][good.inside()]
    if np.median(saturation) < 40:  # noqa: PLR2004 - of 255: grey, white, black
        return None
    hsv[..., 0] = (hsv[..., 0] + 6) % 180  # OpenCV counts half degrees
    return good.with_product(levels(cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB)))


def lighter(good: Good) -> Pixels:
    """A fifth more on every level."""
    return good.with_product(levels(good.pixels * np.float32(1.2)))


def darker(good: Good) -> Pixels:
    """A seventh less on every level."""
    return good.with_product(levels(good.pixels * np.float32(0.86)))


def blurred(good: Good) -> Pixels:
    """Softened by a Gaussian of 2 px, as a model's autoencoder does."""
    return good.with_product(
        levels(np.asarray(cv2.GaussianBlur(good.pixels, (0, 0), 2 * good.unit)))
    )


def regenerated(good: Good) -> Pixels:
    """Reduced to a quarter and enlarged: texture is gone, edges are drawn anew."""
    side = good.pixels.shape[0]
    small = cv2.resize(good.pixels, (side // 4, side // 4), interpolation=cv2.INTER_AREA)
    large = cv2.resize(small, (side, side), interpolation=cv2.INTER_CUBIC)
    return good.with_product(levels(cv2.bilateralFilter(levels(large), 7, 30, 5)))


def smeared(good: Good) -> Pixels | None:
    """Its busiest patch blurred: a label that cannot be read any more."""
    luma = cv2.cvtColor(good.pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    reach = max(6, round(_PATCH * good.pixels.shape[0] / 2))
    size = (2 * reach + 1, 2 * reach + 1)
    mean = cv2.blur(luma, size)
    spread = np.sqrt(np.maximum(0, cv2.blur(luma * luma, size) - mean * mean))
    spread[~erode(good.inside(), reach + 2)] = 0
    if spread.max() < _BUSY:
        return None
    row, column = np.unravel_index(int(spread.argmax()), spread.shape)
    part = (slice(row - reach, row + reach), slice(column - reach, column + reach))
    result = good.pixels.copy()
    result[part] = cv2.GaussianBlur(good.pixels[part], (0, 0), 9 * good.unit)
    return result


def letter_changed(good: Good) -> Pixels | None:
    """One letter of the label's largest line turned upside down."""
    return _with_a_letter_turned(good, max)


def small_letter_changed(good: Good) -> Pixels | None:
    """One letter of the smallest line that the reader knows turned upside down."""
    return _with_a_letter_turned(good, min)


def hole_filled(good: Good) -> Pixels | None:
    """The largest opening shows the old backdrop still."""
    found = find_openings(good.placed)
    if not found:
        return None
    largest = max(found, key=lambda each: np.count_nonzero(each.mask))
    opening = np.zeros(good.pixels.shape[:2], np.uint8)
    cut(opening, largest.box)[...] = largest.mask
    grown = np.asarray(cv2.dilate(opening, np.ones((9, 9), np.uint8)), np.uint8)
    result = good.pixels.copy()
    clear = (cut(grown, good.placed.box) > 0) & (good.placed.matte < 128)  # noqa: PLR2004 - half
    cut(result, good.placed.box)[clear] = good.old_backdrop
    return result


def edge_eaten(good: Good) -> Pixels:
    """The product's edge eaten away, 10 px deep."""
    kept = erode(good.inside(), max(1, round(10 * good.unit))).astype(np.float32)
    share = cv2.GaussianBlur(kept, (0, 0), max(0.6, 1.5 * good.unit))[..., None]
    return levels(good.pixels * share + good.behind() * (1 - share))


def haloed(good: Good) -> Pixels | None:
    """A band of the old backdrop, 12 px wide, around the product."""
    colour = np.array(good.old_backdrop, np.float32)
    if good.background is not None and np.abs(colour - good.background).max() < 16:  # noqa: PLR2004
        return None  # the old backdrop was the brand's: nobody sees a band of it
    reach = max(1, round(12 * good.unit))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    grown = np.asarray(cv2.dilate(good.inside().view(np.uint8), kernel), np.float32)
    band = cv2.GaussianBlur(grown, (0, 0), max(0.6, 1.5 * good.unit))[..., None]
    band = band * (1 - good.cover())
    return levels(good.pixels * (1 - band) + colour * band)


def background_grey(good: Good) -> Pixels | None:
    """A background that is two levels off, as white that became 253."""
    if good.background is None:
        return None
    plain = np.maximum(good.pixels.astype(np.int16) - 2, 0).astype(np.uint8)
    cover = good.cover()
    return levels(good.pixels * cover + plain * (1 - cover))


def cropped(good: Good) -> Pixels:
    """An eighth of the product cut off at the right."""
    left, top, right, bottom = bounds(good.inside())
    first = right - (right - left) // 8
    result = good.pixels.copy()
    result[top:bottom, first:right] = good.behind()[top:bottom, first:right]
    return result


def part_clipped_out(good: Good) -> Pixels:
    """A piece of the product is missing, as where a network took it for backdrop."""
    inside = good.inside()
    reach = max(4, round(45 * good.unit))
    rows, columns = np.nonzero(erode(inside, max(2, reach // 2)) if inside.any() else inside)
    if not rows.size:
        rows, columns = np.nonzero(inside)
    middle = rows.size // 3
    hole = np.zeros(inside.shape, np.uint8)
    cv2.circle(hole, (int(columns[middle]), int(rows[middle])), reach, 255, -1)
    share = (cv2.GaussianBlur(hole, (0, 0), 2) / np.float32(255))[..., None]
    return levels(good.pixels * (1 - share) + good.behind() * share)


def black(good: Good) -> Pixels:
    """A black picture, as from a model whose numbers ran over."""
    return np.zeros_like(good.pixels)


def framed(good: Good) -> Pixels:
    """A black bar along one edge."""
    result = good.pixels.copy()
    result[: max(2, round(12 * good.unit))] = 0
    return result


def swapped(good: Good) -> Pixels:
    """Another product's picture."""
    return good.other.copy()


def upside_down(good: Good) -> Pixels:
    """The product mirrored: the label reads backwards, the handle is on the other side."""
    return np.ascontiguousarray(good.pixels[:, ::-1])


def speckled(good: Good) -> Pixels:
    """Noise on the product, as of a sampler that ended too early."""
    noise = np.random.default_rng(7).normal(0, 9, good.pixels.shape)
    return good.with_product(levels(good.pixels + noise))


DAMAGES: dict[str, Damage] = {
    "shifted 3 px": shifted,
    "5 % too small": wrong_fill,
    "hue turned 12 degrees": hue_turned,
    "lighter by a fifth": lighter,
    "darker by a seventh": darker,
    "blurred": blurred,
    "texture regenerated": regenerated,
    "noise left on it": speckled,
    "label smeared": smeared,
    "one letter changed": letter_changed,
    "a small letter changed": small_letter_changed,
    "opening filled": hole_filled,
    "edge eaten": edge_eaten,
    "halo": haloed,
    "background 2 levels off": background_grey,
    "product cropped": cropped,
    "part clipped out": part_clipped_out,
    "black picture": black,
    "bar at the edge": framed,
    "product swapped": swapped,
    "mirrored": upside_down,
}
"""Every kind, by the name that the table shows."""


def _with_a_letter_turned(good: Good, choose: Callable[..., tuple[Corners, str]]) -> Pixels | None:
    level = [each for each in good.letters if np.ptp(each[0][:, 0]) > np.ptp(each[0][:, 1])]
    if not level:
        return None
    corners, text = choose(level, key=lambda each: float(np.ptp(each[0][:, 1])))
    left, top = np.maximum(0, np.floor(corners.min(axis=0)).astype(int))
    right, bottom = np.ceil(corners.max(axis=0)).astype(int)
    luma = cv2.cvtColor(good.pixels[top:bottom, left:right], cv2.COLOR_RGB2GRAY).astype(np.float32)
    wide = max(3, round((right - left) / len(text)))
    starts = range(0, max(1, right - left - wide), max(1, wide // 4))
    pieces = {first: luma[:, first : first + wide] for first in starts}
    # The letter that differs most from itself upside down: an O or an H would not have changed.
    best = max(pieces, key=lambda at: float(np.abs(pieces[at] - np.rot90(pieces[at], 2)).mean()))
    part = (slice(top, bottom), slice(left + best, left + best + wide))
    result = good.pixels.copy()
    result[part] = np.rot90(good.pixels[part], 2)
    return result
