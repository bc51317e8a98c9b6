"""White balance and exposure against known colours: packshots on papers, spoilt and mended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from transforms.images.colour import to_srgb
from transforms.images.decoding import open_image
from transforms.pixels import Pixels
from transforms.preparation.backdrop import LINEAR, LUMINANCE
from transforms.preparation.tone import correct_tone
from transforms.presets.catalogue import Tone
from transforms.quality.colour_difference import delta_e_2000, lab

Floats = npt.NDArray[np.float32]

NEUTRAL: dict[str, tuple[float, float, float]] = {
    "white paper": (0.82, 0.82, 0.81),
    "light grey paper": (0.72, 0.72, 0.715),
}
COLOURED: dict[str, tuple[float, float, float]] = {
    "beige paper": (0.62, 0.50, 0.37),
    "teal paper": (0.06, 0.17, 0.18),
    "pink paper": (0.58, 0.30, 0.26),
    "wood": (0.34, 0.20, 0.11),
}
"""Reflectance of red, green and blue in linear light, as in the rendered samples."""

_CASTS = {
    "none": (1.0, 1.0, 1.0),
    "tungsten": (1.22, 1.0, 0.66),
    "fluorescent": (0.94, 1.05, 0.90),
    "shade": (0.88, 1.0, 1.18),
}
_SIDE_PX, _MARGIN = 320, 0.17
_SOLID = 250
_FALL_OFF, _VIGNETTE = 0.05, 0.08
_WORSE = 0.5
_THIRD = 1 / 3


@dataclass(frozen=True, slots=True)
class Damage:
    """How a picture strays from the truth."""

    cast: str = "none"
    stops: float = 0.0
    noise: float = 0.006
    """Standard deviation in sRGB of 0-1."""

    @property
    def is_none(self) -> bool:
        """Whether there is nothing to mend for a step that changes tone."""
        return self.cast == "none" and self.stops == 0

    def __str__(self) -> str:
        return f"{self.cast} {self.stops:+.2f} noise {self.noise}"


DAMAGES = (
    Damage(noise=0.0),
    Damage(noise=0.012),
    *(Damage(stops=stops) for stops in (-1.0, -0.7, -0.35, 0.35, 0.6)),
    *(Damage(cast=cast) for cast in ("tungsten", "fluorescent", "shade")),
    Damage("tungsten", -0.7),
    Damage("fluorescent", -0.35),
    Damage("shade", -0.7),
    Damage("tungsten", 0.35, 0.012),
)


@dataclass(frozen=True, slots=True)
class _Result:
    packshot: str
    backdrop: str
    damage: Damage
    before: float
    after: float
    said: str


def bench_tone(packshots: Mapping[str, bytes], target: Tone | None = None) -> dict[str, Any]:
    """Measure how near to the truth a step brings colours that cameras got wrong.

    Each packshot is laid on each backdrop in linear light (papers fall off by a few percent from
    top to bottom and to the corners, which is part of the truth), spoilt in each of `DAMAGES`,
    and mended with the true matte.

    Args:
        packshots: Contents of picture files with a true alpha channel, by name.
        target: None: the defaults.

    Returns:
        Mean CIEDE2000 of the product (alpha over 250) to its true colours `before` and `after`,
        `ratio`, and the `largest_rise` of one picture, over the damaged pictures on neutral and on
        coloured backdrops, those that are not overexposed (a clipped backdrop tells nothing), the
        undamaged ones, and by backdrop and by damage; `demands` and whether each is met.

    Raises:
        SourceError: A file cannot be read.
    """
    results: list[_Result] = []
    for name, content in packshots.items():
        rgb, alpha = _packshot(content)
        for backdrop in NEUTRAL | COLOURED:
            light, matte = _laid(rgb, alpha, backdrop)
            results += _mended(name, backdrop, light, matte, target or Tone())
    damaged = [result for result in results if not result.damage.is_none]
    intact = [result for result in results if result.damage.is_none]
    summary = {
        "damaged": _means(damaged),
        "damaged_neutral_backdrop": _means([r for r in damaged if r.backdrop in NEUTRAL]),
        "damaged_neutral_backdrop_not_overexposed": _means(
            [r for r in damaged if r.backdrop in NEUTRAL and r.damage.stops <= 0]
        ),
        "damaged_coloured_backdrop": _means([r for r in damaged if r.backdrop in COLOURED]),
        "undamaged": _means(intact),
    }
    return {
        "pictures": len(results),
        **summary,
        "demands": {
            "damaged_a_third": summary["damaged"]["ratio"] <= _THIRD,
            "damaged_neutral_backdrop_a_third": summary["damaged_neutral_backdrop"]["ratio"]
            <= _THIRD,
            "damaged_neutral_backdrop_not_overexposed_a_third": summary[
                "damaged_neutral_backdrop_not_overexposed"
            ]["ratio"]
            <= _THIRD,
            "undamaged_no_worse": summary["undamaged"]["largest_rise"] <= _WORSE,
        },
        "by_backdrop": _grouped(damaged, lambda result: result.backdrop),
        "by_damage_neutral": _grouped(
            [r for r in results if r.backdrop in NEUTRAL], lambda result: str(result.damage)
        ),
        "by_damage_coloured": _grouped(
            [r for r in results if r.backdrop in COLOURED], lambda result: str(result.damage)
        ),
        "worst": [
            f"{r.packshot} on {r.backdrop}, {r.damage}: {r.before:.1f} to {r.after:.1f}. {r.said}"
            for r in sorted(results, key=lambda result: result.before - result.after)[:5]
        ],
    }


def _mended(name: str, backdrop: str, light: Floats, matte: Pixels, target: Tone) -> list[_Result]:
    solid = matte > _SOLID
    true = lab(_encoded(light))[solid]
    results = []
    for damage in DAMAGES:
        spoilt = _spoilt(light, damage)
        mended, step, _ = correct_tone(spoilt, matte, target=target)
        before, after = (
            float(delta_e_2000(true, lab(picture)[solid]).mean()) for picture in (spoilt, mended)
        )
        results.append(_Result(name, backdrop, damage, before, after, step.said))
    return results


def _packshot(content: bytes) -> tuple[Pixels, Pixels]:
    colours = to_srgb(open_image(content))
    alpha = colours.alpha
    if alpha is None:
        alpha = np.full(colours.rgb.shape[:2], 255, np.uint8)
    scale = min(1.0, _SIDE_PX / max(alpha.shape))
    size = round(alpha.shape[1] * scale), round(alpha.shape[0] * scale)
    rgb, alpha = (
        np.asarray(cv2.resize(each, size, interpolation=cv2.INTER_AREA), np.uint8)
        for each in (colours.rgb, alpha)
    )
    edge = round(_MARGIN * max(alpha.shape))
    margins = ((edge, edge), (edge, edge))
    return np.pad(rgb, (*margins, (0, 0))), np.pad(alpha, margins)


def _laid(rgb: Pixels, alpha: Pixels, backdrop: str) -> tuple[Floats, Pixels]:
    """Linear light of a packshot on a backdrop, and the true matte."""
    height, width = alpha.shape
    down = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    fall_off = 1 - _FALL_OFF * (1 + down) / 2 - _VIGNETTE * (down**2 + across**2) / 2
    paper = np.array((NEUTRAL | COLOURED)[backdrop], np.float32) * fall_off[..., None]
    if backdrop == "wood":
        random = np.random.default_rng(0)
        grain = random.normal(size=(height, width)).astype(np.float32)
        grain = np.asarray(cv2.GaussianBlur(grain, (0, 0), sigmaX=30, sigmaY=1.5), np.float32)
        paper *= np.exp(0.25 * grain / grain.std())[..., None]
    share = (alpha.astype(np.float32) / 255)[..., None]
    return np.asarray(LINEAR[rgb] * share + paper * (1 - share), np.float32), alpha


def _spoilt(light: Floats, damage: Damage) -> Pixels:
    gains = np.array(_CASTS[damage.cast], np.float32)
    gains = gains / (gains @ LUMINANCE) * np.float32(2**damage.stops)
    seen = _encoded(light * gains).astype(np.float32)
    random = np.random.default_rng(0)
    grain = random.normal(size=seen.shape).astype(np.float32)
    # Demosaicing softens noise; 1.9 gives back the deviation that the blur takes.
    soft = np.asarray(cv2.GaussianBlur(grain, (0, 0), 0.6), np.float32) * np.float32(1.9)
    noisy: Pixels = np.rint(np.clip(seen + 255 * damage.noise * soft, 0, 255)).astype(np.uint8)
    return noisy


def _encoded(light: Floats) -> Pixels:
    unit = np.clip(light, 0, 1)
    srgb = np.where(unit <= 0.0031308, unit * 12.92, 1.055 * unit ** (1 / 2.4) - 0.055)  # noqa: PLR2004 - sRGB
    levels: Pixels = np.rint(srgb * 255).astype(np.uint8)
    return levels


def _grouped(results: list[_Result], key: Callable[[_Result], str]) -> dict[str, dict[str, float]]:
    groups: dict[str, list[_Result]] = {}
    for result in results:
        groups.setdefault(key(result), []).append(result)
    return {name: _means(group) for name, group in groups.items()}


def _means(results: list[_Result]) -> dict[str, float]:
    before = float(np.mean([result.before for result in results]))
    after = float(np.mean([result.after for result in results]))
    return {
        "pictures": len(results),
        "before": round(before, 2),
        "after": round(after, 2),
        "ratio": round(after / before, 3) if before else 0.0,
        "largest_rise": round(max(result.after - result.before for result in results), 2),
    }
