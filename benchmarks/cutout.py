"""How true the cut-out is: packshots with a known matte, laid on many backgrounds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.backgrounds import backgrounds
from transforms.cutout.foreground import foreground_colours
from transforms.cutout.matte import matte_of
from transforms.errors import SourceError
from transforms.pixels import Pixels
from transforms.quality.colour_difference import delta_e_2000, lab

_SIDE = 900
_BAND = 8.0
"""Of the error beside the edge, in pixels of a picture of `_SIDE`."""
_TOUCHING = 9
"""Alpha below a half is a drawn shadow, unless it is this near to the product, in pixels of the
file: then it is the product's soft edge."""
_PALE, _WHOLE = 0.05, 0.98
"""Alpha between these is where two backgrounds could leave two rims."""
_UNITS = {"iou": 4, "band_error": 4}


@dataclass(frozen=True, slots=True)
class Packshot:
    """A picture with a known matte, `_SIDE` pixels long."""

    colours: npt.NDArray[np.float32]
    """(height, width, 3), 0-255, times `cover`."""
    cover: npt.NDArray[np.float32]
    """(height, width), 0-1, with the drawn shadow."""
    truth: npt.NDArray[np.float32]
    """(height, width), 0-1, the product alone."""

    def over(self, background: Pixels) -> Pixels:
        """The picture on a background of its size."""
        mixed = self.colours + background * (1 - self.cover[..., None])
        return np.asarray(np.clip(np.rint(mixed), 0, 255), np.uint8)


def bench_cutout(
    pictures: Mapping[str, Pixels],
    models: Sequence[str],
    *,
    looks: Sequence[int] = (1, 2),
    seed: int = 0,
) -> dict[str, Any]:
    """Lay pictures on backgrounds, cut them out again, and compare with their own alpha.

    Args:
        pictures: By name, (height, width, 4) sRGB with straight alpha. Alpha below a half that
            does not touch the product is a drawn shadow: it is laid down, and is no product.
        models: Entries of `config/models.yaml`.
        looks: How often each network looks.
        seed: Of the backgrounds.

    Returns:
        JSON-able. `models`: for each model and number of looks the means of `iou` (at half
        alpha) and `band_error` (mean difference of alpha, 0-1, within 8 px of the true edge at
        900 px), the least `worst_iou`, `found_nothing`, and `each` of the pictures on each
        background. `rim`: by picture, the difference (CIEDE2000) of the edge's colours as found
        on white and on black, with the true matte.
    """
    shots = {name: packshot(rgba) for name, rgba in pictures.items()}
    results = {
        f"{model}, {number} looks": _summary(list(_each(shots, model, number, seed)))
        for model in models
        for number in looks
    }
    rims = {
        name: {
            "true matte": _rim(shot, None),
            **{model: _rim(shot, model) for model in models},
        }
        for name, shot in shots.items()
    }
    return {"pictures": list(shots), "models": results, "rim": rims}


def packshot(rgba: Pixels) -> Packshot:
    """Bring a picture to `_SIDE` and tell its product from its shadow."""
    height, width = rgba.shape[:2]
    scale = _SIDE / max(height, width)
    size = round(width * scale), round(height * scale)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    alpha = rgba[..., 3]
    kernel = np.ones((_TOUCHING, _TOUCHING), np.uint8)
    near = cv2.dilate((alpha >= 128).view(np.uint8), kernel)  # noqa: PLR2004 - a half
    cover = alpha.astype(np.float32) / 255
    product = cover * np.asarray(near)
    colours = rgba[..., :3] * cover[..., None]
    resized = [
        np.asarray(cv2.resize(each, size, interpolation=way), np.float32)
        for each in (colours, cover, product)
    ]
    return Packshot(resized[0], *(np.clip(each, 0, 1) for each in resized[1:]))


def matte_errors(matte: Pixels, truth: npt.NDArray[np.float32]) -> tuple[float, float]:
    """Intersection over union at half alpha, and the mean error of alpha beside the edge."""
    found, solid = matte >= 128, truth >= 0.5  # noqa: PLR2004 - a half
    either = max(1, int(np.count_nonzero(found | solid)))
    whole = solid.view(np.uint8)
    away = cv2.distanceTransform(whole, cv2.DIST_L2, 5)
    away = np.maximum(away, cv2.distanceTransform(1 - whole, cv2.DIST_L2, 5))
    error = np.abs(matte.astype(np.float32) / 255 - truth)
    both = int(np.count_nonzero(found & solid))
    return both / either, float(error[away <= _BAND].mean())


def _each(
    shots: Mapping[str, Packshot], model: str, looks: int, seed: int
) -> Iterator[dict[str, Any]]:
    for name, shot in shots.items():
        height, width = shot.truth.shape
        for ground, pixels in backgrounds(height, width, seed=seed).items():
            alpha = _found(shot.over(pixels), model, looks)
            iou, band_error = matte_errors(alpha, shot.truth)
            yield {
                "picture": name,
                "background": ground,
                "iou": round(iou, 4),
                "band_error": round(band_error, 4),
                "found": bool(alpha.any()),
            }


def _found(rgb: Pixels, model: str, looks: int) -> Pixels:
    """The matte; empty where the network saw nothing, which counts as all wrong."""
    try:
        return matte_of(rgb, None, model=model, looks=looks).alpha
    except SourceError:
        return np.zeros(rgb.shape[:2], np.uint8)


def _summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    means = {
        name: round(float(np.mean([row[name] for row in rows])), places)
        for name, places in _UNITS.items()
    }
    return {
        **means,
        "worst_iou": min(row["iou"] for row in rows),
        "found_nothing": sum(not row["found"] for row in rows),
        "each": rows,
    }


def _rim(shot: Packshot, model: str | None) -> float:
    """Mean difference of the edge's colours found on white and on black; `None`: true matte.

    Our own matte is that of the picture on white, for both: the colours are what is compared.
    """
    height, width = shot.truth.shape
    white, black = (shot.over(np.full((height, width, 3), v, np.uint8)) for v in (255, 0))
    matte = np.asarray(np.rint(255 * shot.truth), np.uint8)
    if model:
        matte = _found(white, model, 2)
    one, other = (lab(foreground_colours(each, matte)) for each in (white, black))
    edge = (shot.truth > _PALE) & (shot.truth < _WHOLE) & (matte > 0)
    return round(float(delta_e_2000(one[edge], other[edge]).mean()), 2) if edge.any() else 0.0
