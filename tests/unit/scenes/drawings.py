"""Scaffolds as these tests draw them. Drawn once and kept: a drawing takes up to a second."""

from functools import cache

from transforms.scenes.scaffold import draw_scaffold
from transforms.scenes.scene import Scene, View

PALETTE = ((201, 183, 160), (86, 101, 89))
SMALL, LARGE = 96, 240


def draw_anew(
    kind: str,
    view: View = "level",
    *,
    width: int = SMALL,
    height: int = SMALL,
    seed: int = 1,
    foreground: bool = False,
) -> Scene:
    return draw_scaffold(
        kind,
        width=width,
        height=height,
        view=view,
        palette=PALETTE,
        seed=seed,
        foreground=foreground,
    )


@cache
def draw(
    kind: str, view: View = "level", *, side: int = SMALL, seed: int = 1, foreground: bool = False
) -> Scene:
    return draw_anew(kind, view, width=side, height=side, seed=seed, foreground=foreground)
