"""A plain ground in a decoded file: white is white, other colours may miss by what no eye sees."""

import numpy as np
import pytest

from transforms.images.ground import ground_in_file, plain_ground

SAND = (201, 183, 160)


def flat(colour) -> np.ndarray:
    return np.full((60, 60, 3), colour, np.uint8)


@pytest.mark.parametrize(
    ("meant", "found", "stands"),
    [
        (SAND, (201, 183, 159), (201, 183, 159)),
        (SAND, (203, 181, 160), (203, 181, 160)),
        (SAND, (204, 183, 160), SAND),
        ((255, 255, 255), (254, 254, 254), (255, 255, 255)),
    ],
)
def test_what_stands_for_a_colour(meant, found, stands):
    assert tuple(ground_in_file(meant, flat(found))) == stands


def test_a_ground_is_kept_when_it_is_even():
    ground = plain_ground(flat(SAND))
    found = flat((201, 183, 159))
    assert ground.kept_in(found)

    found[30, 30] = SAND
    assert not ground.kept_in(found)
    assert not plain_ground(flat(255)).kept_in(flat(254))
    assert not ground.kept_in(flat((198, 183, 160)))
