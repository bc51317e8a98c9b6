"""A table top in front of something far away: what wood, marble, linen and concrete share."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from transforms.scenes import gobo
from transforms.scenes.ground import FOCAL, Ground, ground, horizon_of
from transforms.scenes.lens import bloom, defocus, vignette
from transforms.scenes.light import Light3, Plane, Values, develop, mix, smoothstep
from transforms.scenes.scene import Light, Scene, Setting

_REFLECTANCE = 0.04
"""Of varnish, stone and glass looked at straight on. Source: Schlick 1994, n = 1.5."""

_GOBO_SPAN = 3.2
"""Side of the square of ground that a gobo covers."""


@dataclass(frozen=True, slots=True)
class Surface:
    """What the table is made of."""

    albedo: Light3
    """(rows, width, 3) of the ground, linear RGB, 0-1, under even light."""
    polish: float
    """Share of the light mirrored by its skin that a camera sees: 0 matt, 1 lacquer."""
    roughness: float
    """How far the mirrored picture is smeared, as a share of the height."""
    relief: Plane | None = None
    """(rows, width): brightness of slopes, about 1."""


@dataclass(frozen=True, slots=True)
class Lighting:
    """The main light, and what stands in its way."""

    light: Light
    mask: Plane
    """A gobo."""
    depth: float
    """How dark the gobo's shadow is, 0-1."""


Backdrop = Callable[[np.random.Generator, Setting, Lighting, float], Light3]
"""Draws what is behind the table, out of focus: (rng, setting, lighting, horizon)."""

Material = Callable[[np.random.Generator, Ground, Setting, Lighting], Surface]
"""Draws the table: (rng, ground, setting, lighting)."""

Around = Callable[[np.random.Generator, Light3, Setting, Lighting], None]
"""Lays things around the middle of a table seen from above, in place."""


Illumination = Callable[[np.random.Generator, str], Lighting]
"""Sets the light: (rng, view)."""


def lighting(rng: np.random.Generator, view: str) -> Lighting:
    """Daylight from one side, through a window or past a plant, or from a wide soft sky."""
    side = float(rng.choice((-1, 1)))
    kind = rng.choice(("window", "foliage", "soft"), p=(0.4, 0.35, 0.25))
    azimuth, elevation = side * rng.uniform(50, 85), rng.uniform(38, 55)
    warmth = rng.uniform(0, 1)
    colour = (1.0, 0.985 - 0.045 * warmth, 0.965 - 0.13 * warmth)
    overhead = view == "overhead"
    if kind == "window":
        mask, depth, softness = gobo.window(rng), rng.uniform(0.3, 0.5), 0.4
    elif kind == "foliage":
        mask = gobo.foliage(rng, at_edges=overhead)
        depth, softness = rng.uniform(0.35, 0.55), 0.4
    else:
        mask, depth, softness = gobo.foliage(rng, softness=0.06), rng.uniform(0.1, 0.2), 0.75
    if side > 0:
        mask = mask[:, ::-1]
    return Lighting(Light(float(azimuth), float(elevation), colour, softness), mask, float(depth))


def table(
    setting: Setting,
    *,
    material: Material,
    backdrop: Backdrop,
    around: Around | None = None,
    beside: Around | None = None,
    light: Illumination | None = None,
    aperture: tuple[float, float] = (0.016, 0.026),
) -> Scene:
    """A table of `material` in front of `backdrop`.

    Args:
        setting: Size, view, palette and seed.
        material: What the table is made of.
        backdrop: What is behind it; not asked in overhead views.
        around: What lies on it; asked in overhead views only.
        beside: What lies on it at the sides; asked in the other views.
        light: Where the light comes from; None: daylight, see `lighting`.
        aperture: Least and greatest, see `lens.confusion`.
    """
    light_rng, ground_rng, back_rng, around_rng, grain_rng = setting.rng.spawn(5)
    lit = (light or lighting)(light_rng, setting.view)
    horizon = horizon_of(setting.view, light_rng)
    opening = light_rng.uniform(*aperture)
    plane = ground(setting.height, setting.width, setting.view, horizon)
    surface = material(ground_rng, plane, setting, lit)
    shown = surface.albedo * irradiance(plane, lit)
    if surface.relief is not None:
        shown *= surface.relief[..., None]
    if setting.view == "overhead":
        picture = mix(shown, _sky(plane, lit), surface.polish * 0.05)
        if around is not None:
            around(around_rng, picture, setting, lit)
    else:
        behind = backdrop(back_rng, setting, lit, horizon)
        shown = mirror_backdrop(plane, shown, behind, surface)
        picture = plane.joined(behind, shown, aperture=opening)
        if beside is not None:
            beside(around_rng, picture, setting, lit)
    picture = vignette(bloom(picture), 0.16)
    return Scene(
        pixels=develop(picture, grain_rng),
        view=setting.view,
        horizon=plane.horizon,
        stand=plane.stand,
        light=lit.light,
        gloss=round(0.6 * surface.polish, 3),
    )


def irradiance(plane: Ground, lit: Lighting) -> Light3:
    """Light that arrives on the ground, (rows, width, 3): main light, sky and falloff."""
    span = _GOBO_SPAN
    arriving = plane.laid(lit.mask, span=span, shift=(span / 2, span / 2))
    # Beyond its square a gobo would repeat; there the light is even.
    far = smoothstep(np.abs(plane.away), 0.7, 1.5) if plane.view != "overhead" else np.float32(0)
    arriving = mix(arriving, np.full_like(arriving, lit.mask.mean()), far + 0 * arriving)
    side = math.copysign(1.0, lit.light.azimuth_deg)
    towards = plane.across * np.float32(side) - plane.away * np.float32(0.25)
    falloff = 1 + 0.22 * np.tanh(towards)
    main = (1 - np.float32(lit.depth) * (1 - arriving)) * falloff
    sky = np.array((0.92, 0.96, 1.0), np.float32) * np.float32(0.32)
    sun = np.asarray(lit.light.colour, np.float32) * np.float32(0.80)
    return np.asarray(main[..., None] * sun + sky, np.float32)


def mirror_backdrop(plane: Ground, shown: Light3, behind: Light3, surface: Surface) -> Light3:
    """`shown` with the reflection of what is behind the table on its polished skin."""
    if surface.polish <= 0 or plane.top == 0:
        return shown
    rows = shown.shape[0]
    source = np.arange(plane.top - 1, plane.top - 1 - rows, -1)
    picture = behind[np.abs(source).clip(0, plane.height - 1)]
    size = (max(1, shown.shape[1] // 4), max(1, rows // 4))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    reach = max(0.5, surface.roughness * plane.height / 4)
    # Roughness smears a reflection mostly towards the viewer.
    small = cv2.GaussianBlur(small, (0, 0), sigmaX=reach * 0.35, sigmaY=reach)
    mirror = cv2.resize(small, (shown.shape[1], rows), interpolation=cv2.INTER_LINEAR)
    slope = (plane.depth * 0 + np.float32(_grazing(plane))) / plane.depth
    cosine = slope / np.sqrt(1 + slope**2)
    share = surface.polish * (_REFLECTANCE + (1 - _REFLECTANCE) * (1 - cosine) ** 5)
    return np.asarray(shown * (1 - share[:, None, None] * 0.8) + mirror * share[:, None, None])


def _grazing(plane: Ground) -> float:
    """Rise against run of the ray to the product."""
    return (plane.stand - plane.horizon) / FOCAL if plane.view == "overhead" else _RISE[plane.view]


_RISE = {"level": math.tan(math.radians(8)), "raised": math.tan(math.radians(30))}


def _sky(plane: Ground, lit: Lighting) -> Values:
    """The soft sheen of a window beside the camera on a table seen from above."""
    side = math.copysign(1.0, lit.light.azimuth_deg)
    away = plane.across * np.float32(side) + plane.away
    sheen = 0.4 + 0.6 * smoothstep(away, -0.3, 1.0)
    return sheen[..., None] * np.asarray(lit.light.colour, np.float32)


def blur_backdrop(small: Light3, setting: Setting, radius: float) -> Light3:
    """`small` at the setting's size, out of focus by `radius`, a share of the height."""
    soft = defocus(small, radius * small.shape[0])
    size = (setting.width, setting.height)
    return np.asarray(cv2.resize(soft, size, interpolation=cv2.INTER_CUBIC), np.float32)
