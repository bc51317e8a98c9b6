"""What a picture shows, in a few attributes, and sentences that say so."""

from dataclasses import dataclass, fields

import numpy as np

from samples.training.paints import PAINTS

KINDS = (
    "winter",
    "spring",
    "summer",
    "autumn",
    "festive",
    "wood",
    "marble",
    "linen",
    "concrete",
    "studio",
)
VIEWS = ("level", "raised", "overhead")
TONES = ("dark", "mid", "bright")
WARMTHS = ("cool", "neutral", "warm")
UNPAINTED = "natural"

CLASSES: dict[str, tuple[str, ...]] = {
    "kind": KINDS,
    "view": VIEWS,
    "paint": (UNPAINTED, *PAINTS),
    "tone": TONES,
    "warmth": WARMTHS,
}
"""Attributes and their values: heads of the text encoder's training and of the recogniser."""

_WORDS: dict[str, tuple[str, ...]] = {
    "winter": (
        "snowy winter backdrop",
        "winter scene, soft snow on the ground, pines out of focus",
        "snow and fir trees",
        "a clearing in the snow, cold daylight",
    ),
    "spring": (
        "spring garden backdrop",
        "spring scene, cherry blossom, fresh green behind",
        "blossom and petals on a pale table",
        "a spring meadow with flowers",
    ),
    "summer": (
        "summer beach backdrop",
        "summer scene, sand and sea",
        "palm shadows on warm sand",
        "a sunny terrace by the sea",
    ),
    "autumn": (
        "autumn forest backdrop",
        "autumn scene, fallen leaves on old boards",
        "golden leaves and pumpkins",
        "an autumn harvest table",
    ),
    "festive": (
        "festive christmas backdrop",
        "christmas scene, fir twigs, baubles and candles",
        "holiday lights out of focus",
        "a dark festive table with candles",
    ),
    "wood": (
        "wooden table top",
        "an oak table in window light",
        "wood boards, room behind",
        "walnut wood surface",
    ),
    "marble": ("white marble worktop", "marble surface", "a marble counter before a wall"),
    "linen": ("linen cloth", "a table under linen fabric", "soft linen in folds"),
    "concrete": ("concrete surface", "a concrete table before plaster", "grey cast concrete"),
    "studio": (
        "seamless studio sweep",
        "plain studio background",
        "seamless paper under a softbox",
        "clean studio backdrop",
    ),
    "level": ("seen at eye level", "level view", "camera at table height"),
    "raised": ("seen from half above", "raised view", "camera looking down"),
    "overhead": ("seen from above", "overhead view", "flat lay, top down"),
    "dark": ("dark and moody", "low light", "dark"),
    "mid": ("even light", "natural light", "soft daylight"),
    "bright": ("bright", "bright and airy", "high key light"),
    "cool": ("cold light", "cool tones", "bluish light"),
    "neutral": ("neutral light", "neutral tones", "clean white balance"),
    "warm": ("warm light", "warm tones", "golden light"),
}
_PAINT_WORDS: dict[str, tuple[str, ...]] = {
    "white": ("white", "snow white"),
    "grey": ("grey", "gray"),
    "charcoal": ("charcoal", "dark grey", "black"),
    "beige": ("beige", "sand coloured", "cream"),
    "terracotta": ("terracotta", "rust", "clay coloured"),
    "rose": ("rose", "pink", "blush"),
    "red": ("red", "crimson"),
    "ochre": ("ochre", "mustard", "yellow"),
    "sage": ("sage", "sage green", "muted green"),
    "green": ("green", "forest green"),
    "teal": ("teal", "petrol"),
    "blue": ("blue", "sky blue"),
    "navy": ("navy", "navy blue", "dark blue"),
    "plum": ("plum", "aubergine", "purple"),
}
_PAINT_PLACES: dict[str, tuple[str, ...]] = {
    "wood": ("{} wall", "{} wall behind"),
    "marble": ("{} wall", "{} wall behind"),
    "concrete": ("{} wall", "{} wall behind"),
    "linen": ("{}", "in {}", "{} fabric"),
    "studio": ("{}", "{} paper", "in {}"),
}
_STYLES = (
    "professional still-life photograph",
    "shallow depth of field",
    "natural light",
    "empty space in the middle",
    "same composition and camera height",
    "product photography background",
    "muted natural colours",
    "photograph",
)
_STYLE_SHARE, _MOST_STYLES = 0.5, 3
SAID = {"kind": 1.0, "view": 0.6, "paint": 0.85, "tone": 0.6, "warmth": 0.6}
"""How often a caption says each attribute: what is left out, the picture is free to choose."""
_COOL, _WARM = -0.025, 0.06
"""Red less blue of the mean colour, sRGB 0-1, between which light counts as neutral."""
_DARK, _BRIGHT = 0.36, 0.60
"""Mean level, sRGB 0-1."""


@dataclass(frozen=True)
class Attributes:
    """What a picture shows; each a value of `CLASSES`."""

    kind: str
    view: str
    paint: str
    tone: str = "mid"
    warmth: str = "neutral"

    def numbers(self) -> list[int]:
        """Class numbers in the order of `CLASSES`."""
        return [
            CLASSES[field.name].index(getattr(self, field.name)) for field in fields(Attributes)
        ]


def tone_of(pixels: np.ndarray) -> str:
    """How bright a picture is; (height, width, 3), 0 to 1."""
    level = float(pixels.mean())
    return TONES[int(level > _DARK) + int(level > _BRIGHT)]


def warmth_of(pixels: np.ndarray) -> str:
    """How warm its colours are; (height, width, 3), 0 to 1."""
    red, _, blue = pixels.mean(axis=(0, 1))
    lean = float(red - blue)
    return WARMTHS[int(lean > _COOL) + int(lean > _WARM)]


def caption(
    attributes: Attributes, rng: np.random.Generator, *, everything: bool = False
) -> tuple[str, list[int]]:
    """A sentence about a picture.

    Args:
        attributes: What it shows.
        rng: Chooses words, their order, and what is left out.
        everything: Nothing is left out.

    Returns:
        The sentence, and the class numbers of what it says in the order of `CLASSES`; -1 where
        it says nothing of that attribute.
    """
    said = [everything or name == "kind" or rng.random() < share for name, share in SAID.items()]
    parts = []
    for name, speaks in zip(SAID, said, strict=True):
        value = getattr(attributes, name)
        if not speaks or (name == "paint" and value == UNPAINTED):
            continue
        if name == "paint":
            word = str(rng.choice(_PAINT_WORDS[value]))
            place = str(rng.choice(_PAINT_PLACES.get(attributes.kind, ("{}",))))
            parts.append(place.format(word))
        else:
            parts.append(str(rng.choice(_WORDS[value])))
    if rng.random() < _STYLE_SHARE:
        count = int(rng.integers(1, _MOST_STYLES + 1))
        parts += [str(each) for each in rng.choice(_STYLES, count, replace=False)]
    tail = parts[1:]
    rng.shuffle(tail)
    words = ", ".join([parts[0], *tail] if rng.random() < _STYLE_SHARE else [*tail, parts[0]])
    numbers = [
        number if speaks else -1 for number, speaks in zip(attributes.numbers(), said, strict=True)
    ]
    return words, numbers


def vocabulary() -> list[str]:
    """Every phrase that captions are put together from, for the tokenizer."""
    phrases = [*_STYLES, "product, bottle, box, people, hands, text, watermark, clutter"]
    for table in (_WORDS, _PAINT_WORDS, _PAINT_PLACES):
        phrases += [phrase.replace("{}", "") for group in table.values() for phrase in group]
    return phrases
