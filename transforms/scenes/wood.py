"""Wooden table tops: boards sawn from a log, so that their rings draw arches and straight lines."""

import cv2
import numpy as np

from transforms.scenes import backdrop
from transforms.scenes.ground import Ground
from transforms.scenes.light import Plane, Values, linear, mix, smoothstep
from transforms.scenes.noise import fractal
from transforms.scenes.scene import Scene, Setting
from transforms.scenes.table import Lighting, Surface, table

_WOODS: dict[str, tuple[Values, Values]] = {
    "oak": (linear((203, 166, 120)), linear((146, 104, 62))),
    "walnut": (linear((132, 92, 63)), linear((68, 43, 29))),
    "ash": (linear((219, 194, 160)), linear((170, 137, 98))),
    "smoked oak": (linear((104, 80, 60)), linear((52, 38, 28))),
    "whitewashed": (linear((218, 211, 200)), linear((178, 166, 149))),
    "teak": (linear((176, 122, 76)), linear((112, 70, 40))),
}
"""Early and late wood."""

_SPAN = (3.6, 1.92)
"""Length of the boards, and their width together, on the ground."""

_BOARDS = 6

_QUARTER_SAWN = 0.45
"""Share of the boards sawn beside the pith, whose rings are straight lines."""

_ALONG = 64
"""Points along a board at which its place in the log is known."""

_DENSITY = (1 / 5, 0.8)
"""Texture pixels a picture pixel at the product, along and across the boards: along them nothing is
fine enough to need more."""


def draw(setting: Setting) -> Scene:
    """A table of long boards, along the picture or away from the camera."""
    return table(setting, material=surface, backdrop=backdrop.choose_backdrop)


def surface(rng: np.random.Generator, plane: Ground, _setting: Setting, _lit: Lighting) -> Surface:
    """Boards of one wood."""
    return boards(rng, plane, str(rng.choice(tuple(_WOODS))))


def boards(rng: np.random.Generator, plane: Ground, name: str) -> Surface:
    """Boards of the wood of that name."""
    early, late = _WOODS[name]
    # Seen at a slant, boards along the picture read as a table; away from it as a floor or deck.
    turn = float(rng.choice((0.0, 90.0), p=(0.7, 0.3))) + rng.uniform(-4, 4)
    rows = max(_BOARDS * 4, round(_SPAN[1] * _DENSITY[1] * plane.height))
    columns = max(16, round(_SPAN[0] * _DENSITY[0] * plane.height))
    tile = _tile(rng, (rows - rows % _BOARDS, columns), early, late)
    shift = (float(rng.uniform(0, _SPAN[0])), float(rng.uniform(0, _SPAN[1])))
    albedo = plane.laid(tile, span=_SPAN, turn=turn, shift=shift)
    wear = plane.laid(fractal(rng, (256, 256), cell=0.25, tiled=True), span=1.7, turn=31)
    albedo *= (1 + 0.035 * wear)[..., None]
    return Surface(
        np.clip(albedo, 0.004, 0.9), polish=float(rng.uniform(0.25, 0.5)), roughness=0.05
    )


def _tile(rng: np.random.Generator, shape: tuple[int, int], early: Values, late: Values) -> Values:
    """Boards side by side: (rows, columns, 3), albedo."""
    rows, columns = shape
    deep = rows // _BOARDS
    # Cells of noise are shares of a tile's height, of which one is _SPAN[1] on the ground, while
    # its pixels are _DENSITY[0] as dense along the boards.
    along = _DENSITY[0] / _DENSITY[1]
    fibre = fractal(rng, shape, cell=0.0036, octaves=4, gain=0.85, stretch=(30 * along, 1))
    streak = fractal(rng, shape, cell=0.03, octaves=3, gain=0.6, stretch=(30 * along, 1))
    pores = fractal(rng, shape, cell=0.0011, octaves=1, stretch=(16 * along, 1))
    image = np.empty((rows, columns, 3), np.float32)
    for board in range(_BOARDS):
        part = slice(board * deep, (board + 1) * deep)
        rings, late_share = _rings(rng, (deep, columns))
        level = rng.normal(0, 0.13)
        tone = 0.36 + level + 0.34 * rings + 0.10 * streak[part] + 0.085 * fibre[part]
        # Vessels open in the early wood only.
        tone += 0.26 * smoothstep(pores[part], 0.9, 2.0) * (1 - 0.75 * late_share)
        sawn = mix(early, late, np.clip(tone, -0.25, 1.3)[..., None])
        sawn *= 1 + np.float32(rng.normal(0, 0.03)) * np.array((0.6, 0.0, -1.0), np.float32)
        # Where the tile meets itself, one board ends and the next begins.
        sawn[:, :1] *= 0.16
        sawn[:, 1:2] *= 1.10
        image[part] = np.roll(sawn, int(rng.random() * columns), axis=1)
    return _darken_edges(image, deep)


def _rings(rng: np.random.Generator, shape: tuple[int, int]) -> tuple[Plane, Plane]:
    """Growth rings of one board: their tone, about 0-1, and the share of late wood.

    The board is a plane through a log whose axis it nearly follows. Where the plane passes near the
    pith, rings show as long arches; at its side they run straight.
    """
    width = _SPAN[1] / _BOARDS
    height, columns = shape
    y = (np.linspace(0, 1, height, dtype=np.float32)[:, None] - 0.5) * np.float32(width)
    # Coarse in x: the log is straight for longer than a cell.
    x = np.linspace(0, 1, _ALONG, dtype=np.float32)[None, :]
    if rng.random() < _QUARTER_SAWN:
        offset = rng.uniform(0.25, 0.5) * rng.choice((-1, 1))
    else:
        offset = rng.normal(0, 0.05)
    near, taper = rng.uniform(0.004, 0.06), rng.uniform(0.05, 0.17)
    rising = x if rng.random() < 0.5 else 1 - x
    distance = np.float32(near) + np.float32(taper) * rising**1.3
    lean = np.float32(rng.uniform(0.004, 0.02)) * np.sin(3 * x + np.float32(rng.uniform(0, 6)))
    wobble = fractal(rng, (96, _ALONG), cell=0.7, octaves=3, gain=0.45, stretch=(0.5, 1))
    wobble = cv2.resize(wobble, (_ALONG, height), interpolation=cv2.INTER_CUBIC)
    radius = np.hypot(y - np.float32(offset) + lean, distance) + np.float32(0.0032) * wobble
    radius = cv2.resize(radius, (columns, height), interpolation=cv2.INTER_CUBIC)
    count = rng.uniform(75, 120)
    # Wet and dry years: rings differ in width and darkness.
    years = np.arange(0, 0.8, 0.8 / 512)
    uneven = np.cumsum(np.exp(rng.normal(0, 0.35, 512)))
    ages = np.interp(radius.ravel(), years, uneven / uneven[-1] * 0.8 * count)
    age = ages.reshape(shape).astype(np.float32)
    within = age - np.floor(age)
    late = within**2.2 * smoothstep(within, 1.0, 0.86)
    strength = 0.45 + 0.55 * rng.random(256).astype(np.float32)
    darkness = strength[np.floor(age).astype(np.int32) % 256]
    return np.asarray(late * darkness * 1.6, np.float32), np.asarray(late, np.float32)


def _darken_edges(image: Values, deep: int) -> Values:
    """`image` with a dark gap between boards and their rounded edges."""
    rows = image.shape[0]
    row = (np.arange(rows, dtype=np.float32) + 0.5) % deep
    from_edge = np.minimum(row, deep - row) / np.float32(deep)
    gap = smoothstep(from_edge, 0.011, 0.004)
    upper = (row < deep / 2).astype(np.float32)
    bevel = smoothstep(from_edge, 0.030, 0.008) * (0.16 * upper - 0.20 * (1 - upper))
    return np.asarray(image * ((1 + bevel) * (1 - 0.88 * gap))[:, None, None], np.float32)
