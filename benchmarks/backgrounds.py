"""Backgrounds to lay a packshot on: sweeps, colours, wood, cloth, stone, lights; seeded."""

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from transforms.pixels import Pixels

Floats = npt.NDArray[np.float32]
Maker = Callable[[int, int, np.random.Generator], Floats]

_GRAIN = 1.2
"""Sensor noise in levels: no photograph's plain wall is one number."""


def backgrounds(height: int, width: int, *, seed: int = 0) -> dict[str, Pixels]:
    """One of each kind, light and dark, by name.

    Args:
        height: In pixels, from 16.
        width: The same.
        seed: Equal seeds give equal pictures.

    Returns:
        (height, width, 3) sRGB each.
    """
    made = {}
    for number, (name, maker) in enumerate(_MAKERS.items()):
        random = np.random.default_rng((seed, number))
        plain = maker(height, width, random)
        plain = plain + random.normal(0, _GRAIN, (height, width, 1)).astype(np.float32)
        made[name] = np.rint(np.clip(plain, 0, 255)).astype(np.uint8)
    made["white"][:] = 255
    return made


def _plain(*colour: int) -> Maker:
    def make(height: int, width: int, _: np.random.Generator) -> Floats:
        return np.full((height, width, 3), colour, np.float32)

    return make


def _sweep(height: int, width: int, _: np.random.Generator) -> Floats:
    """Paper that is bright above and falls off below."""
    return _between((246, 246, 244), (176, 174, 170), _down(height, width) ** 2)


def _vignette(height: int, width: int, _: np.random.Generator) -> Floats:
    """A spot of light on a dark wall."""
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    down = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    return _between((150, 152, 160), (28, 28, 32), np.minimum(1, np.hypot(across, down)))


def _horizon(height: int, width: int, _: np.random.Generator) -> Floats:
    """A pale table before a blue-grey wall, out of focus where they meet."""
    sharp = np.clip((_down(height, width) - 0.58) * 25 + 0.5, 0, 1)
    return _between((132, 148, 162), (222, 212, 196), sharp)


def _wood(first: tuple[int, int, int], second: tuple[int, int, int]) -> Maker:
    """Boards with grain along them."""

    def make(height: int, width: int, random: np.random.Generator) -> Floats:
        warp = _clouds(height, width, random, 6) * 0.35
        rings = np.sin((_down(height, width) + warp) * 90 + _clouds(height, width, random, 3) * 8)
        fibre = cv2.blur(random.normal(0, 1, (height, width)).astype(np.float32), (41, 1))
        share = np.clip(0.5 + 0.28 * rings + 1.2 * np.asarray(fibre), 0, 1)
        board = _between(first, second, share)
        gap = max(8, height // 5)
        for line in range(int(random.integers(gap)), height, gap):
            board[line : line + 2] *= 0.55
        return board

    return make


def _cloth(height: int, width: int, random: np.random.Generator) -> Floats:
    """Linen: a weave of 4 px, uneven threads, soft folds."""
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    weave = np.sin(rows * np.pi / 2) * np.sin(columns * np.pi / 2 + (rows // 4) * np.pi)
    threads = random.normal(0, 1, (height, 1)) + random.normal(0, 1, (1, width))
    folds = _clouds(height, width, random, 4)
    share = 0.5 + 0.1 * weave + 0.07 * threads + 0.5 * folds
    return _between((128, 112, 94), (206, 194, 176), np.clip(share, 0, 1).astype(np.float32))


def _checks(height: int, width: int, _: np.random.Generator) -> Floats:
    """A chequered tablecloth: hard edges everywhere."""
    side = max(8, width // 18)
    rows, columns = np.mgrid[:height, :width] // side % 2
    share = ((rows + columns) / 2).astype(np.float32)
    return _between((236, 232, 226), (176, 48, 52), share)


def _stone(height: int, width: int, random: np.random.Generator) -> Floats:
    """Grey stone with veins and grain."""
    veins = np.abs(_clouds(height, width, random, 5) + _clouds(height, width, random, 12) * 0.5)
    share = np.clip(veins * 2.2 + random.normal(0, 0.06, (height, width)), 0, 1)
    return _between((88, 90, 94), (188, 186, 184), share.astype(np.float32))


def _lights(
    ground: tuple[int, int, int], palette: tuple[tuple[int, int, int], ...], largest: float
) -> Maker:
    """A place far out of focus: discs of light and blocks of dark over a ground."""

    def make(height: int, width: int, random: np.random.Generator) -> Floats:
        scene = np.full((height, width, 3), ground, np.float32)
        side = min(height, width)
        for _ in range(60):
            x, y = int(random.integers(width)), int(random.integers(height))
            radius = max(2, int(side * largest * random.uniform(0.3, 1)))
            colour = np.array(palette[int(random.integers(len(palette)))], np.float32)
            over = scene.copy()
            if random.random() < 0.6:  # noqa: PLR2004 - rather more discs than blocks
                cv2.circle(over, (x, y), radius, colour.tolist(), -1, cv2.LINE_AA)
            else:
                tall = int(radius * random.uniform(1, 4))
                cv2.rectangle(over, (x, y), (x + radius, y + tall), colour.tolist(), -1)
            scene += (over - scene) * np.float32(random.uniform(0.3, 0.8))
        return np.asarray(cv2.GaussianBlur(scene, (0, 0), max(1.0, side / 130)), np.float32)

    return make


def _down(height: int, width: int) -> Floats:
    rows = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    return np.repeat(rows, width, axis=1)


def _clouds(height: int, width: int, random: np.random.Generator, cells: int) -> Floats:
    """Smooth noise, about -0.5 to 0.5, with `cells` hills a side."""
    coarse = random.uniform(-0.5, 0.5, (cells + 1, cells + 1)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC))


def _between(
    first: tuple[int, int, int], second: tuple[int, int, int], share: npt.NDArray[np.float32]
) -> Floats:
    one, other = np.array(first, np.float32), np.array(second, np.float32)
    return one + (other - one) * share[..., None]


_MAKERS: dict[str, Maker] = {
    "white": _plain(255, 255, 255),
    "light grey": _plain(216, 216, 214),
    "mid grey": _plain(128, 128, 130),
    "dark": _plain(34, 34, 38),
    "beige": _plain(226, 209, 184),
    "orange": _plain(232, 108, 28),
    "green": _plain(24, 128, 84),
    "sweep": _sweep,
    "vignette": _vignette,
    "horizon": _horizon,
    "pale wood": _wood((206, 170, 126), (232, 204, 164)),
    "dark wood": _wood((58, 36, 24), (104, 70, 46)),
    "linen": _cloth,
    "checks": _checks,
    "stone": _stone,
    "street": _lights(
        (122, 126, 128), ((230, 224, 210), (70, 74, 82), (196, 110, 70), (84, 128, 96)), 0.12
    ),
    "night": _lights(
        (22, 24, 34), ((250, 206, 120), (240, 120, 60), (120, 160, 230), (12, 12, 18)), 0.07
    ),
}
