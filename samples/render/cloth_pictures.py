"""Photographs of what is sewn: cushion, towel, belt, notebook, shopper."""

from samples.render.camera_faults import Faults
from samples.render.files import Format
from samples.render.picture import CREAM, FLAX, FLUORESCENT, GREY, TEAL, WHITE, Picture
from samples.render.products import leathergoods, softgoods
from samples.render.studio import Camera, Setup

CLOTH_PICTURES = [
    Picture(
        "CUSHION-MUSTARD",
        "front",
        Setup(
            softgoods.cushion,
            (800, 800),
            "cove",
            GREY,
            "window",
            exposure=0.6,
            camera=Camera(azimuth=20, elevation=8, fill=0.74),
        ),
        Faults(exposure=-0.1),
    ),
    Picture(
        "TOWEL-SAGE",
        "front",
        Setup(
            softgoods.towel,
            (1080, 720),
            "cove",
            WHITE,
            "softbox",
            exposure=0.3,
            camera=Camera(azimuth=-20, elevation=18, fill=0.70, roll=-2),
        ),
        Faults(exposure=0.1),
    ),
    Picture(
        "BELT-TAN",
        "front",
        Setup(
            leathergoods.belt,
            (760, 608),
            "cove",
            CREAM,
            "ceiling",
            camera=Camera(azimuth=0, elevation=34, fill=0.62),
        ),
        Faults(cast=FLUORESCENT),
    ),
    Picture(
        "NOTEBOOK-OXBLOOD",
        "front",
        Setup(
            leathergoods.notebook,
            (900, 1200),
            "linen",
            FLAX,
            "window",
            exposure=0.2,
            camera=Camera(azimuth=-10, elevation=56, fill=0.74),
        ),
        Faults(),
        Format(orientation=6),
    ),
    Picture(
        "SHOPPER-CAMEL",
        "front",
        Setup(
            leathergoods.shopper,
            (960, 1200),
            "wall",
            TEAL,
            "softbox",
            exposure=0.2,
            camera=Camera(azimuth=12, elevation=8, fill=0.76),
        ),
        Faults(exposure=-0.2),
    ),
]
