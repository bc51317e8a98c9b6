"""Blossoms: single flowers, petals, and a twig full of them."""

import math

import cv2
import numpy as np

from transforms.scenes.light import Values, linear, mix, smoothstep
from transforms.scenes.sprite import Layer, Sprite, lay

_SIDE = 224
_PETALS = 5


def flower(
    rng: np.random.Generator, outer: Values, inner: Values, *, ruffled: bool = False
) -> Sprite:
    """A flower from the front: five petals as of cherries, or many ruffled ones as of marigolds.

    Args:
        rng: Its unevenness.
        outer: Linear RGB of the petals' edges.
        inner: Linear RGB towards the middle.
        ruffled: Many small petals in rings.
    """
    image = np.zeros((_SIDE, _SIDE, 3), np.float32)
    alpha = np.zeros((_SIDE, _SIDE), np.float32)
    rings = (
        ((0.62, 0.34, 11), (0.46, 0.30, 10), (0.28, 0.26, 8), (0.1, 0.22, 5))
        if ruffled
        else ((0.46, 0.5, _PETALS),)
    )
    for ring, (reach, size, count) in enumerate(rings):
        turn = rng.uniform(0, 2 * math.pi)
        for petal in rng.permutation(count):
            angle = turn + petal * 2 * math.pi / count + rng.normal(0, 0.07)
            _petal_onto(image, alpha, (reach, angle, size), (outer, inner), 0.05 * ring)
    if not ruffled:
        _stamens(rng, image)
    return Sprite(np.asarray(image * alpha[..., None], np.float32), np.asarray(alpha, np.float32))


def _petal_onto(
    image: Values,
    alpha: Values,
    place: tuple[float, float, float],
    tones: tuple[Values, Values],
    lift: float,
) -> None:
    """Draw one petal, in place.

    Args:
        image: (n, n, 3), linear RGB.
        alpha: (n, n).
        place: How far from the middle, at which angle, and how large, in halves of the side.
        tones: Of its edge and towards the middle.
        lift: How much brighter it is for lying above others.
    """
    reach, angle, size = place
    px, py = reach * math.cos(angle), reach * math.sin(angle)
    half = 1.35 * size + 0.06
    ends = [
        (
            max(0, math.floor((at - half + 1) / 2 * _SIDE)),
            min(_SIDE, math.ceil((at + half + 1) / 2 * _SIDE)),
        )
        for at in (px, py)
    ]
    (left, right), (top, bottom) = ends
    axis = (np.arange(_SIDE, dtype=np.float32) + 0.5) / _SIDE * 2 - 1
    x, y = axis[None, left:right], axis[top:bottom, None]
    along = (x - px) * math.cos(angle) + (y - py) * math.sin(angle)
    beside = -(x - px) * math.sin(angle) + (y - py) * math.cos(angle)
    wide = size * (0.86 + 0.3 * along)
    round_off = np.hypot(along / size, beside / np.maximum(wide, 1e-3))
    notch = 0.14 * np.exp(-((beside / (0.16 * size)) ** 2)) * (along > 0)
    cover = np.clip((1 - round_off - notch) * _SIDE * size / 3, 0, 1).astype(np.float32)
    outer, inner = tones
    tone = mix(inner, outer, smoothstep(np.hypot(x, y), 0.02, 0.5))
    shade = 0.78 + 0.26 * np.clip(1 - round_off, 0, 1) - 0.12 * beside / size + lift
    vein = 1 - 0.05 * np.cos(beside / size * 22) * np.clip(along / size + 0.8, 0, 1)
    # Each petal throws a little shadow on those below it.
    near = np.asarray(cv2.GaussianBlur(cover, (0, 0), _SIDE * size / 22), np.float32)
    part = image[top:bottom, left:right]
    part *= (1 - np.float32(0.30) * near * (1 - cover))[..., None]
    part[...] = mix(part, tone * (shade * vein)[..., None], cover)
    under = alpha[top:bottom, left:right]
    np.maximum(under, cover, out=under)


def _stamens(rng: np.random.Generator, image: Values) -> None:
    middle = _SIDE // 2
    for _ in range(16):
        angle, reach = rng.uniform(0, 2 * math.pi), rng.uniform(0.08, 0.24) * _SIDE / 2
        tip = (round(middle + math.cos(angle) * reach), round(middle + math.sin(angle) * reach))
        thread, head = linear((226, 150, 160)), linear((238, 196, 80))
        cv2.line(image, (middle, middle), tip, tuple(map(float, thread)), 1, cv2.LINE_AA)
        cv2.circle(image, tip, 3, tuple(map(float, head)), -1, cv2.LINE_AA)


def head(rng: np.random.Generator, outer: Values, inner: Values) -> Sprite:
    """A ruffled flower head as one sees it lying on a table: a dome of rings of petals."""
    side = 2 * _SIDE
    sheet = Layer(np.zeros((side, side, 3), np.float32), np.zeros((side, side), np.float32))
    rings = 5
    rosettes = [flower(rng, outer, inner, ruffled=True) for _ in range(2)]
    for ring in range(rings):
        share = ring / (rings - 1)
        lay(
            sheet,
            rosettes[ring % 2],
            x=0.5,
            y=0.64 - 0.26 * share**0.8,
            size=0.92 - 0.48 * share**1.6,
            angle=float(rng.uniform(0, 360)),
            squash=0.62,
            gain=0.5 + 0.62 * share,
        )
    return Sprite(sheet.light, sheet.alpha)


def petal(rng: np.random.Generator, colour: Values) -> Sprite:
    """One fallen petal."""
    rows, columns = 96, 76
    y = (np.arange(rows, dtype=np.float32)[:, None] + 0.5) / rows
    x = ((np.arange(columns, dtype=np.float32) + 0.5) / columns * 2 - 1)[None]
    half = np.sin(np.pi * y**0.75) ** 0.8 * 0.92
    alpha = np.clip((half - np.abs(x)) * columns / 3, 0, 1)
    curl = 0.8 + 0.3 * y + 0.14 * np.cos(x * 3 + rng.uniform(-1, 1))
    image = np.asarray(colour, np.float32) * np.broadcast_to(curl, alpha.shape)[..., None]
    return Sprite(np.asarray(image * alpha[..., None], np.float32), np.asarray(alpha, np.float32))


def branch(rng: np.random.Generator, outer: Values, inner: Values) -> Sprite:
    """A twig with flowers and buds, tip up."""
    side = 900
    image, alpha = np.zeros((side, side, 3), np.float32), np.zeros((side, side), np.float32)
    bark = linear((84, 62, 50))
    tips: list[tuple[float, float]] = []

    def grow(x: float, y: float, angle: float, *, length: float, thick: float, depth: int) -> None:
        for part in range(12):
            angle += rng.normal(0, 7)
            ahead = (
                x + math.cos(math.radians(angle)) * length / 12,
                y + math.sin(math.radians(angle)) * length / 12,
            )
            begin, end = ((round(p[0] * side), round(p[1] * side)) for p in ((x, y), ahead))
            width = max(2, round(thick * (1 - part / 16)))
            tone = tuple(map(float, bark * np.float32(rng.uniform(0.6, 1.2))))
            cv2.line(image, begin, end, tone, width, cv2.LINE_AA)
            cv2.line(alpha, begin, end, 1.0, width, cv2.LINE_AA)
            x, y = ahead
            if part > 1:
                tips.append((x, y))
            if depth and part in {3, 6, 9}:
                lean = angle + float(rng.choice((-1, 1))) * rng.uniform(28, 52)
                grow(x, y, lean, length=length * 0.46, thick=thick * 0.55, depth=depth - 1)

    grow(0.5, 0.98, -90.0, length=0.72, thick=14, depth=1)
    # Whole blossoms only: the sheet ends here.
    tips = [(x, y) for x, y in tips if 0.13 < x < 0.87 and y > 0.13]
    alpha = np.clip(alpha, 0, 1)
    sheet = Layer(np.asarray(image * alpha[..., None], np.float32), alpha)
    flowers = [flower(rng, outer, inner) for _ in range(6)]
    # Blossoms sit in clusters, on some of the spurs; those behind are in the shade of the others.
    spurs = rng.permutation(np.array(tips))[:11]
    for layer, shade in enumerate((0.62, 0.85, 1.12)):
        for x, y in spurs:
            for _ in range(int(rng.integers(2, 4)) if layer else 2):
                lay(
                    sheet,
                    flowers[int(rng.integers(len(flowers)))],
                    x=float(x + rng.normal(0, 0.034 - 0.006 * layer)),
                    y=float(y + rng.normal(0, 0.034 - 0.006 * layer)),
                    size=float(rng.uniform(0.07, 0.12)),
                    angle=float(rng.uniform(0, 360)),
                    squash=float(rng.uniform(0.5, 1)),
                    gain=shade * float(rng.uniform(0.92, 1.08)),
                )
    _buds(rng, sheet, inner, tips)
    return Sprite(sheet.light, sheet.alpha)


def _buds(
    rng: np.random.Generator, sheet: Layer, colour: Values, tips: list[tuple[float, float]]
) -> None:
    """A few buds that are still closed, in place."""
    bud = petal(rng, np.asarray(colour * np.float32(0.9), np.float32))
    for x, y in rng.permutation(np.array(tips))[:9]:
        lay(
            sheet,
            bud,
            x=float(x + rng.normal(0, 0.014)),
            y=float(y + rng.normal(0, 0.014)),
            size=float(rng.uniform(0.022, 0.036)),
            angle=float(rng.uniform(-60, 60)),
        )
