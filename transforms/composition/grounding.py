"""The shadow of a product in a scene's light. Pure: outline in, shares of light taken out."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from transforms.images.canvas import extent
from transforms.images.shadow import touching_of
from transforms.scenes.scene import Light, Scene

Plane = npt.NDArray[np.float32]

_WORK_PX = 700
"""Shadows are soft: they are made at this size and enlarged."""
_FLATTENED = {"level": 0.16, "raised": 0.46, "overhead": 1.0}
"""Depth on the ground over its height in the picture: sine of 9, 27 and 90 degrees."""
_LONGEST = 0.9
"""Of the product's height: the sun's shadow may be longer, a picture has no room for it."""
_CONTACT, _AMBIENT, _CAST = 0.84, 0.58, 0.82
"""Share of light that the line of contact, the sky that the product hides, and the main light's
shadow take away at their darkest."""
_DEPTH = 0.3
"""Of a product's width: how far behind its front it ends, as far as its shadow tells."""
_LYING_HEIGHT = 0.035
"""Of the product's longer side: how far above the ground the rim of something lying is."""


@dataclass(frozen=True, slots=True)
class Grounding:
    """What the product takes of the ground's light, (side, side), 0 to 1."""

    main: Plane
    """Of the main light: the cast shadow."""
    ambient: Plane
    """Of all light: contact and hidden sky."""


def grounding(matte: npt.NDArray[np.uint8], scene: Scene, *, standing: bool) -> Grounding:
    """Shade the ground under and behind a product.

    Args:
        matte: (side, side) canvas, 255 is product. Not modified.
        scene: Its light and ground.
        standing: Whether it stands on its lowest part; else it lies.

    Returns:
        Shadow of the main light apart from that of the rest, since they have different colours.
    """
    side = matte.shape[0]
    scale = min(1.0, _WORK_PX / side)
    size = (max(1, round(side * scale)),) * 2
    small = np.asarray(cv2.resize(matte, size, interpolation=cv2.INTER_AREA), np.uint8)
    lying = scene.view == "overhead" or not standing
    main, ambient = _lying(small, scene.light) if lying else _standing(small, scene)
    if scene.view != "overhead":
        ground = _ground(size[0], scene.horizon)
        main, ambient = main * ground, ambient * ground
    shown = (
        np.asarray(cv2.resize(each, (side, side), interpolation=cv2.INTER_LINEAR), np.float32)
        for each in (main, ambient)
    )
    return Grounding(*(np.clip(each, 0, 1) for each in shown))


def _standing(matte: npt.NDArray[np.uint8], scene: Scene) -> tuple[Plane, Plane]:
    left, top, right, bottom = extent(matte)
    width, height = right - left, bottom - top
    flat = _FLATTENED[scene.view]
    touching = touching_of(matte)
    rows = np.arange(matte.shape[0])[:, None]
    solid = matte >= 128  # noqa: PLR2004 - a half
    underside = matte.shape[0] - solid[::-1].argmax(axis=0)
    depth = max(2.0, 0.30 * width * flat)

    def band(behind: float, before: float) -> Plane:
        strip = (rows >= underside - behind) & (rows < underside + before)
        return np.where(strip, touching[None], 0).astype(np.float32)

    thin = max(1.0, 0.012 * height)
    contact = _blurred(band(thin * 2, thin), across=thin * 2.2, down=thin * 1.1)
    near = _blurred(band(depth, thin * 2), across=0.05 * width, down=max(1.0, 0.09 * width * flat))
    wide = _blurred(band(depth, thin * 3), across=0.2 * width, down=max(1.5, 0.28 * width * flat))
    ambient = 1 - (1 - _CONTACT * np.minimum(contact * 1.5, 1)) * (1 - _AMBIENT * near) * (
        1 - 0.75 * _AMBIENT * wide
    )
    return _cast(matte, scene), ambient


def _cast(matte: npt.NDArray[np.uint8], scene: Scene) -> Plane:
    """The outline as the main light throws it on the ground; softer and paler further away."""
    light = scene.light
    left, top, right, base = extent(matte)
    width, height = right - left, base - top
    reach = min(_LONGEST, 1 / math.tan(math.radians(max(light.elevation_deg, 20.0))))
    azimuth = math.radians(light.azimuth_deg)
    # Shadows fall away from the light: x to the right, z away from the camera.
    x, z = -math.sin(azimuth) * reach, math.cos(azimuth) * reach
    up = z * _FLATTENED[scene.view]
    if abs(up) < 0.02:  # noqa: PLR2004 - a light exactly from the side still shows a sliver
        up = 0.02
    cover = matte.astype(np.float32) / 255
    # A point `h` above the base goes to (x0 + x h, base - up h): the map back from there.
    place = np.array([[1, x / up, -x / up * base], [0, 1 / up, base - base / up]], np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    thrown = np.asarray(cv2.warpAffine(cover, place, matte.shape[::-1], flags=flags), np.float32)
    # The product has depth: its far side throws its shadow from further back.
    behind = np.array([[1, 0, 0], [0, 1, -_DEPTH * width * _FLATTENED[scene.view]]], np.float32)
    further = np.asarray(cv2.warpAffine(thrown, behind, matte.shape[::-1]), np.float32)
    thrown = np.maximum(thrown, further)
    rows = np.arange(matte.shape[0], dtype=np.float32)[:, None]
    away = np.clip((base - rows) / (up * height), 0, 1)
    soft = 0.010 + 0.05 * light.softness
    near, far = (_blurred(thrown, across=f * height, down=max(1, f * height * 0.6))
                 for f in (soft * 0.5, soft * 2.4))  # fmt: skip
    strength = _CAST * (1 - 0.75 * light.softness)
    thrown = (near * (1 - away) + far * away) * (1 - 0.5 * away)
    return np.asarray(thrown * np.float32(strength), np.float32)


def _lying(matte: npt.NDArray[np.uint8], light: Light) -> tuple[Plane, Plane]:
    left, top, right, bottom = extent(matte)
    longer = max(right - left, bottom - top)
    rim = _LYING_HEIGHT * longer
    reach = min(1.6, 1 / math.tan(math.radians(max(light.elevation_deg, 25.0))))
    azimuth = math.radians(light.azimuth_deg)
    x, y = -math.sin(azimuth) * reach * rim, -math.cos(azimuth) * reach * rim
    cover = matte.astype(np.float32) / 255

    def moved(share: float, blur: float) -> Plane:
        place = np.array([[1, 0, x * share], [0, 1, y * share]], np.float32)
        shifted = np.asarray(cv2.warpAffine(cover, place, matte.shape[::-1]), np.float32)
        return _blurred(shifted, across=blur, down=blur)

    strength = _CAST * (1 - 0.6 * light.softness)
    main = np.float32(strength) * moved(0.8, rim * (0.25 + 0.5 * light.softness))
    tight = moved(0.15, max(1.0, rim * 0.12))
    around = moved(0.3, rim * 1.1)
    return main, 1 - (1 - 0.45 * tight) * (1 - 0.30 * around)


def _ground(side: int, horizon: float) -> Plane:
    """1 on the ground, fading to 0 at its far edge."""
    rows = (np.arange(side, dtype=np.float32)[:, None] + 0.5) / side
    return np.asarray(np.clip((rows - horizon) / max(0.06, 0.25 * (1 - horizon)), 0, 1))


def _blurred(values: Plane, *, across: float, down: float) -> Plane:
    return np.asarray(
        cv2.GaussianBlur(values, (0, 0), max(0.5, across), sigmaY=max(0.5, down),
                         borderType=cv2.BORDER_CONSTANT), np.float32,
    )  # fmt: skip
