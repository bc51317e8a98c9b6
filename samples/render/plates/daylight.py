"""Light and lenses that the table tops share."""

from samples.render.plates.camera import Viewpoint
from samples.render.plates.plate import Sky

DAY = Sky((0.72, 0.80, 0.95), (0.85, 0.88, 0.92), (0.35, 0.33, 0.30), 0.45)
DIM = Sky((0.55, 0.60, 0.70), (0.6, 0.6, 0.6), (0.2, 0.18, 0.16), 0.28)
LEVEL, RAISED, ABOVE = (
    Viewpoint("level", f_number=2.8),
    Viewpoint("raised", lens_mm=70, f_number=3.0),
    Viewpoint("overhead", lens_mm=70, f_number=4),
)
