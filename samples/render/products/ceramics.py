"""Things that came out of a kiln."""

import math
from pathlib import Path

from samples.render import materials, shapes


def mug(_art: Path) -> None:
    """A cobalt mug with a bare foot ring; the handle points to +x."""
    glaze = materials.glazed("cobalt", (0.012, 0.055, 0.21))
    shapes.lathe(
        "body",
        [
            (0, 0.05),
            (0.30, 0.05),
            (0.385, 0.07, 0.05),
            (0.42, 0.3, 0.3),
            (0.43, 0.93),
            (0.415, 0.955),
            (0.395, 0.93),
            (0.388, 0.3, 0.3),
            (0.35, 0.12, 0.06),
            (0, 0.11),
        ],
        glaze,
        fillet=0.03,
    )
    shapes.lathe(
        "foot",
        [(0.24, 0.06), (0.25, 0), (0.33, 0), (0.345, 0.075)],
        materials.clay("bare", (0.55, 0.42, 0.31)),
    )
    shapes.sweep(
        "handle",
        [
            (0.39, 0, 0.785),
            (0.54, 0, 0.80),
            (0.69, 0, 0.70),
            (0.70, 0, 0.52),
            (0.61, 0, 0.33),
            (0.50, 0, 0.27),
            (0.39, 0, 0.262),
        ],
        (0.14, 0.085),
        glaze,
        taper=lambda share: 1 + 0.35 * (2 * abs(share - 0.5)) ** 4,
        up=(0, 1, 0),
    )


def teapot(_art: Path) -> None:
    """A speckled sand-coloured teapot; the spout points to -x."""
    glaze = materials.glazed("sand", (0.50, 0.41, 0.30), speckle=0.75)
    shapes.lathe(
        "body",
        [
            (0, 0.03),
            (0.40, 0.0),
            (0.52, 0.04, 0.08),
            (0.79, 0.40, 0.38),
            (0.70, 0.86, 0.36),
            (0.34, 1.05, 0.1),
            (0.30, 1.07),
            (0.27, 1.03),
            (0, 1.0),
        ],
        glaze,
        fillet=0.03,
    )
    shapes.lathe(
        "lid",
        [
            (0.33, 1.04),
            (0.36, 1.065),
            (0.345, 1.09, 0.02),
            (0.2, 1.165, 0.12),
            (0.075, 1.185, 0.04),
            (0.06, 1.235, 0.03),
            (0.12, 1.30, 0.05),
            (0.09, 1.365, 0.05),
            (0, 1.37),
        ],
        glaze,
        fillet=0.02,
    )
    shapes.sweep(
        "spout",
        [(-0.60, 0, 0.36), (-0.84, 0, 0.47), (-0.98, 0, 0.70), (-1.08, 0, 0.90), (-1.20, 0, 0.99)],
        (0.26, 0.27),
        glaze,
        taper=lambda share: 1.25 - 0.85 * share**0.75,
        up=(0, 1, 0),
    )
    shapes.sweep(
        "handle",
        [
            (0.62, 0, 0.82),
            (0.85, 0, 0.97),
            (1.08, 0, 0.86),
            (1.12, 0, 0.60),
            (0.98, 0, 0.38),
            (0.82, 0, 0.32),
            (0.68, 0, 0.31),
        ],
        (0.16, 0.10),
        glaze,
        taper=lambda share: 1 + 0.3 * (2 * abs(share - 0.5)) ** 4,
        up=(0, 1, 0),
    )


def bowl(_art: Path) -> None:
    """A white bowl with an iron-brown rim."""
    glaze = materials.glazed("white", (0.80, 0.79, 0.76))
    shapes.lathe(
        "bowl",
        [
            (0, 0.05),
            (0.36, 0.05),
            (0.37, 0.0, 0.015),
            (0.43, 0.0, 0.015),
            (0.45, 0.08, 0.04),
            (0.86, 0.34, 0.25),
            (0.99, 0.70),
            (0.972, 0.715),
            (0.95, 0.70),
            (0.82, 0.38, 0.25),
            (0.42, 0.14, 0.15),
            (0, 0.12),
        ],
        glaze,
        fillet=0.02,
    )
    rim = [
        (0.982 * math.cos(a), 0.982 * math.sin(a), 0.708)
        for a in (math.radians(step) for step in range(0, 360, 10))
    ]
    shapes.sweep("rim", rim, 0.026, materials.glazed("iron", (0.13, 0.06, 0.025)), closed=True)


def pot(_art: Path) -> None:
    """A terracotta plant pot on its saucer, with soil and a small succulent."""
    terracotta = materials.clay("terracotta", (0.44, 0.15, 0.07))
    shapes.lathe(
        "pot",
        [
            (0, 0.07),
            (0.44, 0.07),
            (0.60, 0.82),
            (0.66, 0.83),
            (0.70, 1.08),
            (0.62, 1.08),
            (0.59, 0.92),
            (0, 0.92),
        ],
        terracotta,
    )
    shapes.lathe(
        "saucer",
        [(0, 0), (0.56, 0), (0.66, 0.13), (0.61, 0.13), (0.53, 0.06), (0, 0.06)],
        terracotta,
    )
    shapes.lathe(
        "soil",
        [(0, 0.97), (0.4, 0.96, 0.1), (0.6, 0.93)],
        materials.clay("soil", (0.035, 0.022, 0.014)),
    )
    leaf = materials.plastic("succulent", (0.10, 0.24, 0.12), 0.45)
    for ring, (count, reach, rise) in enumerate(
        ((9, 0.50, 0.16), (8, 0.38, 0.30), (6, 0.24, 0.40), (4, 0.10, 0.44))
    ):
        for number in range(count):
            angle = 2 * math.pi * (number + 0.5 * ring) / count
            path = [
                (
                    share * reach * math.cos(angle),
                    share * reach * math.sin(angle),
                    0.95 + rise * share**0.7,
                )
                for share in (0.05, 0.4, 0.75, 1.0)
            ]
            shapes.sweep(
                f"leaf {ring}-{number}",
                path,
                (0.22, 0.09),
                leaf,
                taper=lambda share: (0.45 + 1.1 * share) * (1 - share**5) + 0.04,
            )
