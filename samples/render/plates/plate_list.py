"""Every plate that the project ships."""

from samples.render.plates import (
    autumn,
    diwali,
    festive,
    interiors,
    lunar_new_year,
    spring,
    summer,
    tables,
    winter,
)
from samples.render.plates.plate import Plate

SETS = (winter, spring, summer, autumn, festive, diwali, lunar_new_year, tables, interiors)
PLATES: list[Plate] = [plate for each in SETS for plate in each.PLATES]
