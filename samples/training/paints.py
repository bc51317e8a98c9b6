"""Colours by name: of walls and cloths in traced sets, of paper in sweeps, and in captions."""

Colour = tuple[float, float, float]
"""Linear RGB, 0 to 1."""

PAINTS: dict[str, Colour] = {
    "white": (0.80, 0.79, 0.77),
    "grey": (0.26, 0.26, 0.26),
    "charcoal": (0.045, 0.046, 0.05),
    "beige": (0.55, 0.44, 0.32),
    "terracotta": (0.40, 0.14, 0.075),
    "rose": (0.58, 0.28, 0.27),
    "red": (0.36, 0.025, 0.03),
    "ochre": (0.55, 0.30, 0.06),
    "sage": (0.27, 0.32, 0.21),
    "green": (0.05, 0.17, 0.07),
    "teal": (0.03, 0.19, 0.20),
    "blue": (0.16, 0.30, 0.52),
    "navy": (0.022, 0.04, 0.11),
    "plum": (0.14, 0.045, 0.12),
}

PAINTED: dict[str, tuple[str, ...]] = {
    "wood": ("wall",),
    "marble": ("wall",),
    "concrete": ("wall",),
    "linen": ("linen",),
}
"""Materials of a kind's sets that a stylist would paint or dye; snow, sand and leaves never."""
