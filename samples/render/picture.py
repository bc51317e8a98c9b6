"""One entry of the sample catalogue, and the words entries are written with."""

from dataclasses import dataclass, field

from samples.render.camera_faults import Faults
from samples.render.files import Format
from samples.render.studio import Setup


@dataclass(frozen=True)
class Picture:
    """One photograph of the sample catalogue."""

    sku: str
    view: str
    setup: Setup
    faults: Faults = field(default_factory=Faults)
    format: Format = field(default_factory=Format)

    @property
    def key(self) -> str:
        """Where it lies under `samples/source/`."""
        return f"{self.sku}/{self.view}.{self.format.extension}"


# Papers, walls and cloths, linear RGB
WHITE, GREY, BEIGE = (0.82, 0.82, 0.81), (0.30, 0.31, 0.32), (0.62, 0.50, 0.37)
TEAL, PINK, OCHRE, BLUE = (
    (0.06, 0.17, 0.18),
    (0.58, 0.30, 0.26),
    (0.50, 0.30, 0.10),
    (0.16, 0.25, 0.36),
)
FLAX, CREAM, DARK = (0.50, 0.44, 0.35), (0.62, 0.56, 0.46), (0.10, 0.10, 0.105)

# White balance left on the wrong lamp: gains of red, green and blue
TUNGSTEN, FLUORESCENT, SHADE = (1.22, 1.0, 0.66), (0.94, 1.05, 0.90), (0.88, 1.0, 1.18)
