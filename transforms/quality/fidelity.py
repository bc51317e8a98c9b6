"""Whether a file shows the product's own pixels: colours, detail, edges, structure. Pure.

What JPEG does to a good picture, and what faults do, was measured on photographs and on the
samples: see `packshot bench golden`.
"""

import cv2
import numpy as np
import numpy.typing as npt

from transforms.pixels import Mask, Pixels, Plane
from transforms.quality.colour_difference import delta_e_2000, lab
from transforms.quality.placed import ComparedCore, Placed, compare_core, cut, luma

_SAMPLES = 20_000
"""Colours compared: the formula is slow, and mean and percentile need no more."""
_SPOT = 11
"""Side of a spot in pixels of the canvas: a small letter."""
_SPOT_COVER = 0.7
_STEADY = 2.0
"""Gradient or curvature, in levels, that encoding makes on a flat surface: less detail than that
is compared as if it had that much, or a smooth product would fail by JPEG's own noise."""
_CLIPPED, _KEPT = 254, 250


def lock_metrics(master: Pixels, placed: Placed) -> dict[str, float]:
    """Whether the product's pixels on the master are its own.

    Args:
        master: (height, width, 3), before encoding.
        placed: Made anew from the prepared image and the recorded placement.

    Returns:
        `product_lock_differing_pixels`: those of the core that differ by a level or more.
    """
    difference = cv2.absdiff(cut(master, placed.box), placed.product)
    differs = np.asarray(cv2.inRange(difference, (0, 0, 0), (0, 0, 0)), np.uint8) == 0
    return {"product_lock_differing_pixels": float(np.count_nonzero(differs & placed.core()))}


def product_metrics(decoded: Pixels, placed: Placed) -> dict[str, float]:
    """How the product came through encoding, and whatever else happened to the file.

    Args:
        decoded: (height, width, 3), sRGB: the channel's file, decoded.
        placed: What it should show.

    Returns:
        `colour_difference`, `colour_difference_p95`: CIEDE2000, mean and 95th percentile.
        `worst_tile_similarity`: SSIM, see `worst_tile`. `worst_spot_difference`: levels.
        `gradient_correlation`: -1 to 1. `sharpness_ratio`: 1 is as sharp as wanted.
        `clipped_light`: share. `product_contrast`: standard deviation of luma, in levels.
    """
    pair = compare_core(decoded, placed)
    colours = colour_differences(pair.wanted, pair.found, pair.core)
    return {
        "colour_difference": float(colours.mean()),
        "colour_difference_p95": float(np.percentile(colours, 95)),
        "worst_tile_similarity": worst_tile(pair.wanted_luma, pair.found_luma, pair.core),
        "worst_spot_difference": worst_spot(pair.wanted_luma, pair.found_luma, pair.core),
        "gradient_correlation": gradient_correlation(pair),
        "sharpness_ratio": sharpness_ratio(pair),
        "clipped_light": clipped_light(pair),
        "product_contrast": float(pair.found_luma[pair.core].std()),
    }


def colour_differences(wanted: Pixels, found: Pixels, inside: Mask) -> npt.NDArray[np.floating]:
    """CIEDE2000 of evenly chosen places at half resolution: JPEG on single pixels is not seen.

    Args:
        wanted: (height, width, 3), sRGB.
        found: The same.
        inside: (height, width); what counts.

    Returns:
        (places,); 1 is just noticeable, 5 obvious (Sharma, Wu, Dalal 2005).
    """
    height, width = inside.shape
    size = (max(1, width // 2), max(1, height // 2))
    small = np.asarray(cv2.resize(inside.view(np.uint8), size, interpolation=cv2.INTER_NEAREST))
    places = np.flatnonzero(small)
    if not places.size:
        places = np.arange(small.size)
    places = places[:: max(1, places.size // _SAMPLES)]
    first, second = (
        np.asarray(cv2.resize(each, size, interpolation=cv2.INTER_AREA), np.uint8).reshape(-1, 3)
        for each in (wanted, found)
    )
    a, b = (lab(each[places][None])[0] for each in (first, second))
    return delta_e_2000(a, b)


def worst_spot(wanted: Plane, found: Plane, inside: Mask) -> float:
    """Mean difference of luma in the 11 px spot where it is largest, in levels.

    Encoding changes single pixels and spreads that evenly; a letter drawn anew, a scratch or a
    hole changes all pixels of a spot.

    Args:
        wanted: (height, width), luma 0-255.
        found: The same.
        inside: (height, width); what counts. Spots that lie mostly outside do not.
    """
    difference = cv2.absdiff(wanted, found) * inside
    size = (_SPOT, _SPOT)
    mean = np.asarray(cv2.blur(difference, size, borderType=cv2.BORDER_CONSTANT))
    cover = np.asarray(cv2.blur(inside.astype(np.float32), size, borderType=cv2.BORDER_CONSTANT))
    chosen = cover > _SPOT_COVER
    if not chosen.any():
        return float(difference[inside].mean())
    return float((mean[chosen] / cover[chosen]).max())


def gradient_correlation(pair: ComparedCore) -> float:
    """Whether edges lie where they should: correlation of luma gradients, -1 to 1.

    A shift of 3 px leaves 0.1 of 1, a blur 0.6 (Sobel 3 x 3, over the core).
    """
    first, second = _gradients(pair.wanted_luma), _gradients(pair.found_luma)
    inside = pair.core.astype(np.float32)
    floor = 2 * _STEADY**2 * float(inside.sum())
    both = sum(float((a * b * inside).sum()) for a, b in zip(first, second, strict=True))
    own = sum(float((a * a * inside).sum()) for a in first)
    other = sum(float((b * b * inside).sum()) for b in second)
    return (both + floor) / float(np.sqrt((own + floor) * (other + floor)))


def _gradients(values: Plane) -> tuple[Plane, Plane]:
    across, down = (
        np.asarray(cv2.Sobel(values, cv2.CV_32F, *each, ksize=3, scale=0.25), np.float32)
        for each in ((1, 0), (0, 1))
    )
    return across, down


def sharpness_ratio(pair: ComparedCore) -> float:
    """Variance of the Laplacian against that of the product as it was laid on: 1 is as sharp.

    Measured after a blur of 3 px, since a Laplacian of single pixels is JPEG's noise. At the same
    scale, so it tells what happened to the file, not how good the photograph was.
    """
    wanted, found = (
        float(_curvature(each)[pair.core].var()) for each in (pair.wanted_luma, pair.found_luma)
    )
    floor = _STEADY**2
    return (found + floor) / (wanted + floor)


def _curvature(values: Plane) -> Plane:
    soft = cv2.GaussianBlur(values, (3, 3), 0)
    return np.asarray(cv2.Laplacian(soft, cv2.CV_32F), np.float32)


def clipped_light(pair: ComparedCore) -> float:
    """Share of the core that is burnt out to 254 or more, where the product's own light was not.

    A channel counts as kept up to 250. 0 to 1.
    """
    lost = (pair.found >= _CLIPPED) & (pair.wanted <= _KEPT)
    return float(np.asarray(lost.any(axis=2))[pair.core].mean())


TILE = 48
"""Pixels of a canvas of 2000; a smeared label is found from about this size on."""
_TILE_COVER = 0.5


def worst_tile(first: Plane, second: Plane, inside: Mask) -> float:
    """Lowest mean SSIM of a 48 px tile that lies mostly inside; of all inside where none does.

    Args:
        first: (height, width), luma 0-255.
        second: The same.
        inside: (height, width); what counts.

    Returns:
        -1 to 1; 1 is equal. JPEG at quality 92 leaves 0.98 and more, a smeared label 0.14 to 0.69.
    """
    similar = ssim(first, second)
    weight = inside.astype(np.float32)
    cover = cv2.boxFilter(weight, -1, (TILE, TILE), normalize=False, borderType=0)
    total = cv2.boxFilter(similar * weight, -1, (TILE, TILE), normalize=False, borderType=0)
    chosen = np.asarray(cover) > _TILE_COVER * TILE * TILE
    if not chosen.any():
        return float(similar[inside].mean())
    return float((np.asarray(total)[chosen] / np.asarray(cover)[chosen]).min())


def measure_file_similarity(found: Pixels, wanted: Pixels) -> float:
    """SSIM of the worst tile of a whole file against what was made, both at half resolution.

    Args:
        found: (height, width, 3), the file, decoded.
        wanted: The same of what it was encoded from.
    """
    height, width = found.shape[0] // 2, found.shape[1] // 2
    first, second = (
        luma(np.asarray(cv2.resize(each, (width, height), interpolation=cv2.INTER_AREA), np.uint8))
        for each in (wanted, found)
    )
    return worst_tile(first, second, np.ones((height, width), np.bool_))


def ssim(first: Plane, second: Plane) -> Plane:
    """Structural similarity of each pixel's surroundings (Wang et al. 2004, sigma 1.5).

    Args:
        first: (height, width), luma 0-255.
        second: The same.
    """

    def blurred(values: Plane) -> Plane:
        return np.asarray(cv2.GaussianBlur(values, (11, 11), 1.5), np.float32)

    m1, m2 = blurred(first), blurred(second)
    v1, v2 = blurred(first * first) - m1 * m1, blurred(second * second) - m2 * m2
    both = blurred(first * second) - m1 * m2
    c1, c2 = np.float32((0.01 * 255) ** 2), np.float32((0.03 * 255) ** 2)
    top = (2 * m1 * m2 + c1) * (2 * both + c2)
    return np.asarray(top / ((m1 * m1 + m2 * m2 + c1) * (v1 + v2 + c2)), np.float32)
