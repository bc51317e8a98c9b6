"""Every plate that the project ships."""

from samples.render.plates import (
    autumn,
    diwali,
    festive,
    interiors,
    linen_tables,
    lunar_new_year,
    spring,
    stone_tables,
    summer,
    winter,
    wood_tables,
)
from samples.render.plates.plate import Plate

SETS = (
    winter,
    spring,
    summer,
    autumn,
    festive,
    diwali,
    lunar_new_year,
    wood_tables,
    stone_tables,
    linen_tables,
    interiors,
)
PLATES: list[Plate] = [plate for each in SETS for plate in each.PLATES]
