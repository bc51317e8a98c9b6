"""Poured things: a glass carafe, and a candle in its jar."""

from pathlib import Path

from samples.render import cloth, labels, materials, shapes


def carafe(_art: Path) -> None:
    """A green glass carafe with a flared lip."""
    shapes.lathe(
        "glass",
        [
            (0, 0.0),
            (0.44, 0.0, 0.08),
            (0.52, 0.25, 0.25),
            (0.46, 0.85, 0.35),
            (0.19, 1.35, 0.3),
            (0.17, 1.75, 0.2),
            (0.26, 2.05, 0.03),
            (0.235, 2.06, 0.01),
            (0.145, 1.75, 0.2),
            (0.165, 1.33, 0.3),
            (0.43, 0.84, 0.35),
            (0.48, 0.27, 0.22),
            (0.41, 0.09, 0.06),
            (0, 0.08),
        ],
        materials.glass("bottle glass", (0.62, 0.86, 0.74)),
        fillet=0.012,
    )


def candle(art: Path) -> None:
    """A soy candle in a concrete jar with a printed label."""
    shapes.lathe(
        "jar",
        [(0, 0), (0.40, 0, 0.03), (0.40, 0.92, 0.012), (0.355, 0.92, 0.012), (0.35, 0.7), (0, 0.7)],
        materials.clay("concrete", (0.36, 0.35, 0.34)),
    )
    shapes.lathe(
        "wax",
        [(0, 0.80), (0.06, 0.795, 0.05), (0.25, 0.80, 0.1), (0.353, 0.815)],
        materials.wax("soy", (0.86, 0.78, 0.62)),
    )
    shapes.sweep(
        "wick",
        [(0, 0, 0.78), (0.004, 0, 0.85), (0.016, 0.004, 0.93)],
        0.03,
        cloth.paper("wick", (0.7, 0.66, 0.58)),
    )
    panel = labels.text_panel(
        art / "candle.png",
        (1000, 1000),
        paper="#efe6d6",
        ink="#2f3a30",
        frame=True,
        motif="cedar",
        lines=[
            ("CEDAR", labels.SERIF, 0.15, 0.54),
            ("& fig leaf", labels.SERIF, 0.085, 0.66),
            ("SOY WAX CANDLE", labels.STRONG, 0.052, 0.79),
            ("220 g · burns 45 hours", labels.SANS, 0.048, 0.865),
        ],
    )
    shapes.arc_label(
        "label", 0.4025, (0.19, 0.72), 76, materials.printed("label", panel, gloss=0.6)
    )
