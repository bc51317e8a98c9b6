"""Printed things: a box of tea, a bottle of oil, a pump bottle of soap."""

from pathlib import Path

from samples.render import labels, materials, shapes


def tea_box(art: Path) -> None:
    """A carton of jasmine tea, printed on front, sides and top."""
    green, cream = "#1f4d42", "#f3ead8"
    front = labels.text_panel(
        art / "tea-front.png",
        (1040, 1500),
        paper=green,
        ink=cream,
        frame=True,
        motif="blossom",
        lines=[
            ("MEI & SONS", labels.STRONG, 0.035, 0.105),
            ("Jasmine", labels.SERIF, 0.125, 0.50),
            ("Pearls", labels.SERIF, 0.125, 0.61),
            ("hand-rolled green tea", labels.SANS, 0.043, 0.71),
            ("20 PYRAMID BAGS", labels.STRONG, 0.034, 0.84),
            ("40 g  ·  1.4 oz", labels.SANS, 0.032, 0.89),
        ],
    )
    side = labels.text_panel(
        art / "tea-side.png",
        (700, 1500),
        paper=cream,
        ink=green,
        motif="barcode",
        lines=[
            ("Brewing", labels.SERIF, 0.06, 0.12),
            ("1 bag, 200 ml water", labels.SANS, 0.036, 0.21),
            ("80 °C, not boiling", labels.SANS, 0.036, 0.26),
            ("3 minutes", labels.SANS, 0.036, 0.31),
            ("Ingredients", labels.SERIF, 0.06, 0.44),
            ("green tea, jasmine", labels.SANS, 0.036, 0.53),
            ("blossom", labels.SANS, 0.036, 0.58),
        ],
        band=(0.66, 0.69, green),
    )
    top = labels.text_panel(
        art / "tea-top.png",
        (1040, 700),
        paper=green,
        ink=cream,
        lines=[("Jasmine Pearls", labels.SERIF, 0.17, 0.5)],
    )
    shapes.box(
        "carton",
        (1.04, 0.70, 1.50),
        materials.plastic("inside", (0.7, 0.66, 0.58), 0.6),
        bevel=0.018,
        faces={
            "front": materials.printed("front", front),
            "back": materials.printed("back", front),
            "right": materials.printed("right", side),
            "left": materials.printed("left", side),
            "top": materials.printed("top", top),
        },
    )


def oil_bottle(art: Path) -> None:
    """A dark bottle of olive oil with front and back label and a foil capsule."""
    dark = materials.plastic("dark glass", (0.010, 0.016, 0.005), 0.06)
    shapes.lathe(
        "bottle",
        [
            (0, 0.03),
            (0.30, 0.0),
            (0.375, 0.0, 0.05),
            (0.38, 1.55, 0.25),
            (0.16, 1.92, 0.2),
            (0.135, 2.30),
            (0, 2.30),
        ],
        dark,
        fillet=0.04,
    )
    foil = materials.metal("foil", (0.70, 0.50, 0.20), 0.32, brushed=0.3)
    shapes.lathe(
        "capsule",
        [
            (0.148, 2.03),
            (0.152, 2.035),
            (0.142, 2.36, 0.01),
            (0.150, 2.37, 0.01),
            (0.150, 2.46, 0.02),
            (0, 2.47),
        ],
        foil,
        fillet=0.01,
    )
    cream, ink = "#f6f1e3", "#2a331a"
    front = labels.text_panel(
        art / "oil-front.png",
        (1100, 1400),
        paper=cream,
        ink=ink,
        frame=True,
        motif="olive",
        lines=[
            ("ARBEQUINA", labels.SERIF, 0.105, 0.44),
            ("extra virgin olive oil", labels.SANS, 0.052, 0.535),
            ("Valle Serrano", labels.SERIF, 0.062, 0.65),
            ("FIRST COLD PRESS", labels.STRONG, 0.040, 0.76),
            ("500 ml e", labels.STRONG, 0.050, 0.88),
        ],
        band=(0.815, 0.822, ink),
    )
    back = labels.text_panel(
        art / "oil-back.png",
        (900, 1200),
        paper=cream,
        ink=ink,
        motif="barcode",
        lines=[
            ("Arbequina", labels.SERIF, 0.075, 0.12),
            ("From one grove at 620 m,", labels.SANS, 0.046, 0.23),
            ("picked green in October", labels.SANS, 0.046, 0.29),
            ("and pressed the same day.", labels.SANS, 0.046, 0.35),
            ("Nutrition per 100 ml", labels.STRONG, 0.045, 0.47),
            ("Energy 3389 kJ / 824 kcal", labels.SANS, 0.042, 0.54),
            ("Fat 91.6 g, saturates 13 g", labels.SANS, 0.042, 0.60),
            ("Store cool and dark.", labels.SANS, 0.042, 0.68),
        ],
    )
    shapes.arc_label(
        "front label", 0.3825, (0.32, 1.26), 112, materials.printed("front", front, gloss=0.55)
    )
    shapes.arc_label(
        "back label",
        0.3825,
        (0.42, 1.18),
        84,
        materials.printed("back", back, gloss=0.55),
        facing=90,
    )


def soap_dispenser(art: Path) -> None:
    """An amber bottle of hand soap with a black pump; the nozzle points to -x."""
    amber = materials.glass("amber", (0.78, 0.30, 0.045))
    soap = materials.plastic("soap", (0.12, 0.035, 0.006), 0.25)
    black = materials.plastic("pump", (0.015, 0.015, 0.016), 0.38)
    shapes.lathe(
        "bottle",
        [
            (0, 0.02),
            (0.36, 0.0, 0.06),
            (0.385, 0.02, 0.05),
            (0.385, 1.22, 0.16),
            (0.19, 1.40, 0.08),
            (0.165, 1.50),
            (0.14, 1.50),
            (0.15, 1.38, 0.08),
            (0.355, 1.20, 0.14),
            (0.355, 0.05, 0.05),
            (0, 0.05),
        ],
        amber,
        fillet=0.03,
    )
    shapes.lathe(
        "liquid",
        [(0, 0.055), (0.34, 0.055), (0.350, 0.07), (0.350, 1.08, 0.01), (0, 1.075)],
        soap,
        fillet=0.02,
    )
    shapes.lathe(
        "collar",
        [
            (0.17, 1.46),
            (0.215, 1.46),
            (0.215, 1.66, 0.02),
            (0.10, 1.68, 0.02),
            (0.095, 1.76),
            (0, 1.76),
        ],
        black,
        fillet=0.015,
    )
    shapes.lathe("stem", [(0.055, 1.70), (0.055, 1.95), (0, 1.95)], black)
    shapes.lathe(
        "head",
        [(0, 1.90), (0.13, 1.90), (0.15, 1.93), (0.14, 2.01, 0.03), (0, 2.02)],
        black,
        fillet=0.02,
    )
    shapes.sweep(
        "nozzle",
        [(0.02, 0, 1.965), (-0.20, 0, 1.97), (-0.36, 0, 1.955), (-0.45, 0, 1.90)],
        (0.12, 0.09),
        black,
        squareness=3,
        up=(0, 1, 0),
        taper=lambda share: 1.1 - 0.4 * share,
    )
    panel = labels.text_panel(
        art / "soap.png",
        (1100, 1100),
        paper="#f7f6f2",
        ink="#222222",
        lines=[
            ("no. 7", labels.SERIF, 0.21, 0.23),
            ("HAND SOAP", labels.STRONG, 0.10, 0.45),
            ("bergamot, vetiver, sea salt", labels.SANS, 0.060, 0.58),
            ("ATELIER NORD", labels.STRONG, 0.055, 0.80),
            ("300 ml · 10.1 fl oz", labels.SANS, 0.050, 0.88),
        ],
        band=(0.69, 0.697, "#222222"),
    )
    shapes.arc_label(
        "label", 0.388, (0.22, 0.98), 116, materials.printed("label", panel, gloss=0.5)
    )
