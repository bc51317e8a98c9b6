"""A picture as a scaffold would have drawn it: what image-to-image starts from, in training.

A scaffold cannot be drawn over a given photograph: its firs stand where its seed puts them. So the
sketch takes its layout, colours and large forms from the picture, and everything finer than those
from a scaffold of the same kind and view whose ground ends at the same height. What a network
learns is then to keep what is large, and to draw anew what is fine.
"""

import cv2
import numpy as np
import numpy.typing as npt

from transforms.scenes.scaffold import draw_scaffold

Picture = npt.NDArray[np.float32]
"""(height, width, 3), sRGB, 0 to 1."""

_SOFT = (0.006, 0.028)
"""Least and greatest radius of what counts as fine, as shares of the width."""
_MEDIAN_SHARE = 0.4
_STRENGTH = (0.3, 1.1)
"""Of the scaffold's fine detail."""
_SATURATION, _CONTRAST = (0.95, 1.3), (0.92, 1.12)
"""Drawings are more colourful and harder than photographs."""
_PALETTE = ((201, 183, 160), (86, 101, 89), (168, 92, 62))
"""The house's: what it tints is lost in the sketch, which has the picture's colours."""
_LEAST_GROUND = 0.05


def drawn_alike(
    kind: str, view: str, *, horizon: float, mirrored: bool, side: int, seed: int
) -> npt.NDArray[np.uint8]:
    """A scaffold with its ground line where a picture has it, and light from the same side.

    Args:
        kind: As in `samples.training.captions.KINDS`.
        view: Of the picture.
        horizon: Share of the height at which the picture's ground ends; 0 in overhead views.
        mirrored: The picture's light comes from the right.
        side: Pixels.
        seed: Of the scaffold.

    Returns:
        (side, side, 3), sRGB.
    """
    name = "studio-brand" if kind == "studio" else kind
    scene = draw_scaffold(name, width=side, height=side, view=view, palette=_PALETTE, seed=seed)  # type: ignore[arg-type]
    pixels = scene.pixels
    if _LEAST_GROUND < horizon < 1 - _LEAST_GROUND and scene.horizon > 0:
        own = round(scene.horizon * side)
        wanted = round(horizon * side)
        above = cv2.resize(pixels[:own], (side, wanted), interpolation=cv2.INTER_AREA)
        below = cv2.resize(pixels[own:], (side, side - wanted), interpolation=cv2.INTER_AREA)
        pixels = np.concatenate([above, below])
    if (scene.light.azimuth_deg > 0) != mirrored:
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels, np.uint8)


def sketched(
    picture: Picture, drawn: Picture, rng: np.random.Generator, *, recoloured: bool
) -> Picture:
    """The picture's large forms with a scaffold's fine detail.

    Args:
        picture: To be sketched.
        drawn: A scaffold of the same size.
        rng: Says how much is left of the picture.
        recoloured: Whether colours may be as much off as a drawing's; not where a brand's paint is
            what matters.
    """
    side = picture.shape[1]
    low, high = np.log(_SOFT)
    radius = side * float(np.exp(rng.uniform(low, high)))
    if rng.random() < _MEDIAN_SHARE:
        # Large forms with sharp borders, as drawings have them.
        window = 2 * round(radius) + 1
        levels = np.round(picture * 255).astype(np.uint8)
        large = cv2.medianBlur(levels, max(3, window)).astype(np.float32) / 255
    else:
        large = cv2.GaussianBlur(picture, (0, 0), radius)
    fine = drawn - cv2.GaussianBlur(drawn, (0, 0), radius)
    result = large + np.float32(rng.uniform(*_STRENGTH)) * fine
    if recoloured:
        grey = result.mean(axis=-1, keepdims=True)
        result = grey + (result - grey) * np.float32(rng.uniform(*_SATURATION))
        middle = np.float32(picture.mean())
        result = middle + (result - middle) * np.float32(rng.uniform(*_CONTRAST))
    return np.asarray(np.clip(result, 0, 1), np.float32)
