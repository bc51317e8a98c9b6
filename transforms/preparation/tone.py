"""White balance and exposure towards one tone for a whole catalogue, decided by measurement."""

import math

import cv2
import numpy as np

from transforms.pixels import Pixels
from transforms.preparation.backdrop import (
    LINEAR,
    LUMINANCE,
    Backdrop,
    Chromaticity,
    Reduction,
    Witness,
    backdrop_of,
    reduce_picture,
    witness_of,
)
from transforms.presets.catalogue import Tone
from transforms.records.facts import BackdropTone, Step

Gains = tuple[float, float, float]

_SLIGHT, _SLIGHT_CHROMA, _STRONGEST = 0.045, 3.0, 0.52
"""Casts in log chromaticity, and CIE chroma: below the first or the second nobody sees one; no
lamp that is sold for rooms is further from daylight than the third."""
_ANY_PAPER = 0.30
"""Luminance under which a coloured backdrop is hardly white paper."""
_BRIGHTER_THAN_PAPER = 0.93
"""No paper reflects more of any channel: what is seen so bright is white and lit in colour."""
_BRIGHT, _PALE = 0.35, 0.26
_DEEP, _BULB_LIT, _ON_THE_LINE = 0.42, 0.78, 0.04
"""So bright in its strongest channel, so deep a colour, and so near the line of bulbs: papers of
that colour are darker."""
_MANY, _FEW, _TIMES = 20.0, 5.0, 4.0
"""Percent of the product that make a witness by its pixels; that speak against; and how much
more must speak for one reading than for the other."""
_GLINTS, _GLINT_TIMES, _GLINTS_AGAINST = 0.4, 6.0, 0.8
_WHITE = 0.33
"""Luminance from which a neutral backdrop is white paper in too little light; below it is grey."""
_HEADROOM = 0.97
_DARK, _LIFTED, _CAUTION = 0.12, 0.45, 0.5
"""A whole picture whose highlights stay under the first is lifted by half the way to the second."""
_BLOWN = 0.5
_KNEE_UP, _KNEE_DOWN = 0.84, 0.955
"""Linear light up to which curves are straight: of the result for gains over 1, of the source
for gains under 1. A white backdrop on target lies on the straight part."""


def correct_tone(
    rgb: Pixels, matte: Pixels, *, target: Tone
) -> tuple[Pixels, Step, BackdropTone | None]:
    """Neutralise a coloured light and bring exposure to the target, where both can be known.

    Channels get one curve each (von Kries gains in linear light, with a soft shoulder), the same
    for all pixels, so colours keep their relation within the product. White stays white, black
    black, and no level below 255 becomes 255.

    Args:
        rgb: (height, width, 3) sRGB, upright. Not modified; returned itself where nothing is done.
        matte: (height, width), 255 is product. Not modified.
        target: The catalogue's tone.

    Returns:
        The picture; what was measured, and done or left; the backdrop's tone before and after,
        None where no even backdrop is seen.
    """
    seen = reduce_picture(rgb, matte)
    backdrop = backdrop_of(seen)
    if backdrop is None:
        return rgb, _leave("The product fills the frame: its colours cannot be checked."), None
    gains, said, measured = _decide(seen, backdrop, target)
    if gains == (1.0, 1.0, 1.0):
        tone = BackdropTone(before=backdrop.lab, after=backdrop.lab) if backdrop.even else None
        return rgb, _leave(said, measured), tone
    curves = _curves(gains)
    after = backdrop_of(Reduction(_through(seen.rgb, curves), seen.backdrop, seen.product))
    tone = None
    if backdrop.even and after is not None:
        tone = BackdropTone(before=backdrop.lab, after=after.lab)
    step = Step(name="tone", applied=True, said=said, measured=measured)
    return _through(rgb, curves), step, tone


def _leave(said: str, measured: dict[str, float] | None = None) -> Step:
    return Step(name="tone", applied=False, said=said, measured=measured or {})


def _decide(
    seen: Reduction, backdrop: Backdrop, target: Tone
) -> tuple[Gains, str, dict[str, float]]:
    cast = float(np.hypot(*backdrop.chromaticity))
    coloured = cast > _SLIGHT and float(np.hypot(*backdrop.lab[1:])) > _SLIGHT_CHROMA
    witness = witness_of(seen, backdrop.chromaticity)
    measured = {
        "backdrop_lightness": backdrop.lab[0],
        "cast_a": backdrop.lab[1],
        "cast_b": backdrop.lab[2],
        "product_greys_as_backdrop_percent": witness.pixels_as_backdrop,
        "product_greys_as_is_percent": witness.pixels_as_grey,
        "glints_as_backdrop_percent": witness.glints_as_backdrop,
        "glints_as_is_percent": witness.glints_as_grey,
        "highlight": witness.highlight,
    }
    neutral, words = (1.0, 1.0, 1.0), []
    if not backdrop.even:
        stops, why = _lift(seen), "Backdrop is uneven"
    elif coloured and not _is_a_cast(backdrop, witness, min(target.largest_cast, _STRONGEST)):
        stops, why = _lift(seen), f"Backdrop is {_hue(backdrop)} by more than a cast explains"
    else:
        stops, why = _exposure(seen, backdrop, witness, target)
        if coloured:
            neutral = _neutralising(backdrop.chromaticity)
            words.append(f"{_hue(backdrop).capitalize()} cast neutralised")
    if stops:
        words.append(f"exposure {stops:+.2f} stops")
    red, green, blue = (round(gain * 2**stops, 4) for gain in neutral)
    measured |= {"stops": stops, "gain_red": red, "gain_green": green, "gain_blue": blue}
    measured = {name: round(value, 4) for name, value in measured.items()}
    said = ", ".join(words).capitalize() if words else f"{why}: left as it is"
    return (red, green, blue), f"{said}.", measured


def _is_a_cast(backdrop: Backdrop, witness: Witness, largest: float) -> bool:
    """Whether a coloured backdrop is white paper in coloured light, rather than coloured paper.

    Beige paper in white light and white paper in a bulb's are the same pixels, so the product
    decides: which reading makes its greys and its highlights grey? Where it has none to show,
    lamps' colours that are rare as paper (a tube's green, a shade's blue), and a brightness that
    no coloured paper has, count for a cast; anything else is left alone.
    """
    red, blue = backdrop.chromaticity
    cast = float(np.hypot(red, blue))
    if cast > largest or backdrop.luminance < _ANY_PAPER or not _like_a_lamp(red, blue):
        return False
    against = (
        witness.pixels_as_grey > _FEW and witness.pixels_as_grey * 1.5 > witness.pixels_as_backdrop
    ) or (
        witness.glints_as_grey > _GLINTS_AGAINST
        and witness.glints_as_grey * 1.5 > witness.glints_as_backdrop
    )
    if against:
        return False
    by_pixels = (
        witness.pixels_as_backdrop > _MANY
        and witness.pixels_as_backdrop > _TIMES * witness.pixels_as_grey
        and witness.glints_as_backdrop >= witness.glints_as_grey
    )
    by_glints = (
        witness.glints_as_backdrop > _GLINTS
        and witness.glints_as_backdrop > _GLINT_TIMES * (witness.glints_as_grey + 0.02)
    )
    rare_as_paper = red < 0 and cast < _PALE and backdrop.luminance > _BRIGHT
    bulb = cast > _DEEP and abs(_off_the_line(red, blue)) < _ON_THE_LINE
    too_bright = backdrop.strongest > (_BULB_LIT if bulb else _BRIGHTER_THAN_PAPER)
    return by_pixels or by_glints or rare_as_paper or too_bright


def _like_a_lamp(red: float, blue: float) -> bool:
    """Near the line from a blue shade over daylight to a bulb, or on its green side as a tube."""
    return -0.22 < _off_the_line(red, blue) < 0.08  # noqa: PLR2004 - tubes are green, none is pink


def _off_the_line(red: float, blue: float) -> float:
    """Distance to the line from shade to bulb, positive towards pink, in log chromaticity.

    From 10000 to 2800 K blue falls about twice as much as red rises.
    """
    return (red + 0.5 * blue) / math.hypot(1, 0.5)


def _neutralising(light: Chromaticity) -> Gains:
    """Gains that make `light` grey and keep its luminance."""
    channels = np.exp(np.array((light[0], 0.0, light[1])))
    red, green, blue = (float(LUMINANCE @ channels) / channels).tolist()
    return red, green, blue


def _exposure(
    seen: Reduction, backdrop: Backdrop, witness: Witness, target: Tone
) -> tuple[float, str]:
    """Stops to the target for a neutral backdrop, and why none where it is 0."""
    if backdrop.luminance < _WHITE:
        return _lift(seen), "Backdrop is grey, not white"
    if backdrop.clipped_share > _BLOWN:
        return 0.0, "Backdrop is clipped, as intended or not"
    wanted = ((target.white_lightness + 16) / 116) ** 3
    stops = math.log2(wanted / backdrop.luminance)
    if abs(stops) <= target.tolerance_stops:
        return 0.0, f"Not needed: backdrop's lightness {backdrop.lab[0]:.0f}"
    stops = min(max(stops, -target.largest_stops), target.largest_stops)
    if stops > 0:
        room = math.log2(_HEADROOM / max(witness.highlight, 1e-3))
        stops = min(stops, max(0.0, room))
        if stops < target.tolerance_stops:
            return 0.0, "Backdrop is darker than white, but the product is bright enough"
    return round(stops, 3), ""


def _lift(seen: Reduction) -> float:
    """Stops for a picture whose backdrop says nothing: only where all of it is dark."""
    brightest = float(np.percentile(LINEAR[seen.rgb.max(axis=2)], 99.5))
    if not 0.01 < brightest < _DARK:  # noqa: PLR2004 - nothing at all is no underexposure
        return 0.0
    return round(min(1.0, _CAUTION * math.log2(_LIFTED / brightest)), 3)


def _hue(backdrop: Backdrop) -> str:
    _, a, b = backdrop.lab
    angle = math.degrees(math.atan2(b, a)) % 360
    names = ("pink", "beige", "yellow", "green", "teal", "blue", "violet")
    limits = (35, 85, 105, 165, 225, 300, 340)
    return next((name for name, limit in zip(names, limits, strict=True) if angle < limit), "pink")


def _curves(gains: Gains) -> Pixels:
    """A table of 256 levels a channel, (256, 1, 3) as OpenCV takes it."""
    return np.stack([_curve(gain) for gain in gains], axis=-1)[:, None, :]


def _curve(gain: float) -> Pixels:
    """Straight from black to the knee, then a hyperbola that leads to white without a kink."""
    light = LINEAR.astype(np.float64)
    knee = _KNEE_UP / gain if gain > 1 else _KNEE_DOWN
    slope = gain * (1 - knee) / (1 - gain * knee)
    way = np.clip((light - knee) / (1 - knee), 0, 1)
    shoulder = gain * knee + (1 - gain * knee) * slope * way / (1 + (slope - 1) * way)
    bent = np.where(light <= knee, gain * light, shoulder)
    levels = np.where(bent <= 0.0031308, bent * 12.92, 1.055 * bent ** (1 / 2.4) - 0.055) * 255  # noqa: PLR2004 - sRGB
    table: Pixels = np.rint(levels).astype(np.uint8)
    table[1:-1] = np.clip(table[1:-1], 1, 254)
    return table


def _through(rgb: Pixels, curves: Pixels) -> Pixels:
    return np.asarray(cv2.LUT(np.ascontiguousarray(rgb), curves), np.uint8)
