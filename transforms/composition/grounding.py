"""The shadow of a product in a scene's light. Pure: outline in, shares of light taken out.

The product's body is guessed from its outline and sampled: from each point of a lamp of the scene's
softness, and from points all over the sky, it throws a sharp shadow on the ground; their mean has
the half-shadow, the dark foot and the soft skirt that a real one has.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from transforms.composition.volume import Volume, volume_of
from transforms.images.canvas import HALF, extent
from transforms.pixels import Pixels, Plane
from transforms.scenes.scene import Light, Scene

_WORK_PX = 640
"""Shadows are soft: they are made at this size and enlarged."""
_LAMP_POINTS, _SKY_POINTS = 40, 60
_LOWEST_DEG = 27.0
"""A lower sun throws longer shadows than a picture has room for."""
_LAMP_RADIUS = (0.03, 0.55)
"""Of the main light, as tangent of the angle it is seen under: at softness 0 and at 1."""
_CREASE = 0.9
"""Share of all light that the line of contact takes away."""
_CREASE_WIDE = 0.0022
"""Of the canvas's height."""
_GOLDEN = math.pi * (3 - math.sqrt(5))
"""Turn between points that spread evenly over a disc. Source: Vogel 1979."""
_THICK, _THIN = 0.034, 0.013
"""Of the longer side: how high a thing lies, and how high a garment."""
_SPREAD = (0.7, 0.86)
"""Share of its hull that a garment covers: sunglasses cover less, a book more."""
_LAYERS = 6


@dataclass(frozen=True, slots=True)
class Grounding:
    """What the product takes of the ground's light, (height, width), 0 to 1."""

    main: Plane
    """Of the main light: the cast shadow."""
    sky: Plane
    """Of the light from everywhere."""
    crease: Plane
    """Of all light: the line of contact."""


def grounding(matte: Pixels, scene: Scene, *, standing: bool) -> Grounding:
    """Shade the ground around a product.

    Args:
        matte: (height, width) canvas, 255 is product. Not modified.
        scene: Its light and ground.
        standing: Whether it stands on its lowest part; else it lies.

    Returns:
        Shares of the lights apart, since they have different colours.
    """
    height, width = matte.shape
    scale = min(1.0, _WORK_PX / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.asarray(cv2.resize(matte, size, interpolation=cv2.INTER_AREA), np.uint8)
    if scene.view == "overhead" or not standing:
        planes = _lying(small, scene.light)
    else:
        planes = _standing(small, scene)
    if scene.view != "overhead":
        ground = _ground(size[1], scene.horizon)
        planes = tuple(each * ground for each in planes)
    shown = (
        np.asarray(cv2.resize(each, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
        for each in planes
    )
    return Grounding(*(np.clip(each, 0, 1) for each in shown))


def _standing(matte: Pixels, scene: Scene) -> tuple[Plane, ...]:
    body = volume_of(matte, scene.view)
    height = matte.shape[0]
    main = _mean_shadow(body, _lamp(scene.light))
    sky = _mean_shadow(body, _sky())
    soft = 0.0012 + 0.0035 * scene.light.softness
    return (
        _soft(main, soft * height, body.flat),
        _soft(sky, 0.004 * height, body.flat),
        _crease(body),
    )


def _crease(body: Volume) -> Plane:
    """The dark line where the product meets the ground, wider where it bends away from it."""
    height = body.slices.shape[1]
    rows = np.arange(height)[:, None]
    thin = max(1.0, _CREASE_WIDE * height)
    strip = (rows >= body.underside - 2 * thin) & (rows < body.underside + thin)
    line = np.where(strip, body.touching[None], 0).astype(np.float32)
    tight = _blur(line, across=thin * 1.2, down=thin * 0.6)
    wide = _blur(line, across=thin * 5, down=thin * 1.8)
    return np.asarray(_CREASE * (1 - (1 - 0.75 * tight) * (1 - 0.5 * wide)), np.float32)


def _lamp(light: Light) -> list[tuple[float, float]]:
    """Shadow of a point 1 above the ground, from points of the main light: right and away."""
    elevation = math.radians(max(light.elevation_deg, _LOWEST_DEG))
    azimuth = math.radians(light.azimuth_deg)
    tightest, widest = _LAMP_RADIUS
    radius = tightest + (widest - tightest) * light.softness
    towards = np.array([math.sin(azimuth), -math.cos(azimuth), math.tan(elevation)])
    towards /= np.linalg.norm(towards)
    aside = np.array([math.cos(azimuth), math.sin(azimuth), 0.0])
    up = np.cross(aside, towards)
    points = []
    for number in range(_LAMP_POINTS):
        reach = radius * math.sqrt((number + 0.5) / _LAMP_POINTS)
        turn = number * _GOLDEN
        ray = towards + reach * (math.cos(turn) * aside + math.sin(turn) * up)
        rise = max(float(ray[2]), 0.2)
        points.append((-float(ray[0]) / rise, -float(ray[1]) / rise))
    return points


def _sky() -> list[tuple[float, float]]:
    """The same from points all over the sky, as the ground receives it: more from above."""
    points = []
    for number in range(_SKY_POINTS):
        sine = math.sqrt((number + 0.5) / _SKY_POINTS)
        rise = math.sqrt(max(1e-3, 1 - sine * sine))
        turn = number * _GOLDEN
        points.append((sine * math.cos(turn) / rise, sine * math.sin(turn) / rise))
    return points


def _mean_shadow(body: Volume, rays: list[tuple[float, float]]) -> Plane:
    rows, columns = body.slices.shape[1:]
    total = np.zeros((rows, columns), np.uint16)
    # A slice is a narrow strip of the ground: only that is moved.
    pieces = [_trim(each) for each in body.slices]
    for right, away in rays:
        cast = np.zeros((rows, columns), np.uint8)
        for (piece, x, y), height in zip(pieces, body.heights, strict=True):
            across, down = round(right * height), round(-away * height * body.flat)
            _lay_onto(cast, piece, x + across, y + down)
        total += cast
    return np.asarray(total, np.float32) / np.float32(255 * len(rays))


def _trim(mask: Pixels) -> tuple[Pixels, int, int]:
    """What of a mask is not empty, and where that begins: columns, rows."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return mask[:0, :0], 0, 0
    left, top = int(columns[0]), int(rows[0])
    return mask[top : rows[-1] + 1, left : columns[-1] + 1], left, top


def _lay_onto(cast: Pixels, piece: Pixels, x: int, y: int) -> None:
    """Where `piece` is brighter than `cast` it shows, in place; what falls outside is cut."""
    rows, columns = cast.shape
    left, top = max(0, x), max(0, y)
    right, bottom = min(columns, x + piece.shape[1]), min(rows, y + piece.shape[0])
    if left >= right or top >= bottom:
        return
    into = cast[top:bottom, left:right]
    np.maximum(into, piece[top - y : bottom - y, left - x : right - x], out=into)


def _lying(matte: Pixels, light: Light) -> tuple[Plane, ...]:
    left, top, right, bottom = extent(matte)
    longer = max(right - left, bottom - top)
    rim = longer * (_THIN if _SPREAD[0] < _cover_of_hull(matte) < _SPREAD[1] else _THICK)
    heights = np.linspace(0, rim, _LAYERS, dtype=np.float32)
    slices = np.broadcast_to(matte, (_LAYERS, *matte.shape))
    nothing = np.zeros(matte.shape[1], np.float32)
    body = Volume(slices, heights, 1.0, nothing, nothing, nothing.astype(np.int64))
    main = _mean_shadow(body, _lamp(light))
    sky = _mean_shadow(body, _sky())
    cover = matte.astype(np.float32) / np.float32(255)
    edge = _blur(cover, across=rim * 0.1, down=rim * 0.1)
    soft = max(0.8, rim * 0.1)
    return (
        _blur(main, across=soft, down=soft),
        _blur(sky, across=soft * 1.5, down=soft * 1.5),
        np.asarray(0.5 * edge, np.float32),
    )


def _cover_of_hull(matte: Pixels) -> float:
    """Share of its convex hull that an outline covers."""
    solid = (matte >= HALF).view(np.uint8)
    outlines, _ = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hull = cv2.contourArea(cv2.convexHull(np.concatenate(outlines)))
    return float(solid.sum()) / max(1.0, hull)


def _ground(height: int, horizon: float) -> Plane:
    """1 on the ground, fading to 0 at its far edge."""
    rows = (np.arange(height, dtype=np.float32)[:, None] + 0.5) / height
    return np.asarray(np.clip((rows - horizon) / max(0.06, 0.25 * (1 - horizon)), 0, 1))


def _soft(values: Plane, reach: float, flat: float) -> Plane:
    return _blur(values, across=reach, down=reach * max(0.35, flat))


def _blur(values: Plane, *, across: float, down: float) -> Plane:
    """Soften; a shadow that reaches the picture's edge goes on beyond it."""
    return np.asarray(
        cv2.GaussianBlur(values, (0, 0), max(0.5, across), sigmaY=max(0.5, down),
                         borderType=cv2.BORDER_REPLICATE), np.float32,
    )  # fmt: skip
