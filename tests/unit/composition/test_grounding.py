"""The shadow of a product falls where its light and its outline say."""

import cv2
import numpy as np
import pytest

from transforms.composition.grounding import grounding
from transforms.scenes.scene import Light, Scene

SIDE = 200


def scene(azimuth=70.0, *, view="level", softness=0.2, elevation=40.0) -> Scene:
    return Scene(
        pixels=np.full((SIDE, SIDE, 3), 200, np.uint8),
        view=view,
        horizon=0.0 if view == "overhead" else 0.5,
        stand=0.8,
        light=Light(azimuth, elevation, (1.0, 0.95, 0.9), softness),
        gloss=0.0,
    )


def box() -> np.ndarray:
    """Stands on row 160, columns 80 to 120."""
    matte = np.zeros((SIDE, SIDE), np.uint8)
    matte[80:160, 80:120] = 255
    return matte


def stool() -> np.ndarray:
    matte = np.zeros((SIDE, SIDE), np.uint8)
    matte[80:90, 60:140] = 255
    matte[90:160, 64:72] = 255
    matte[90:160, 128:136] = 255
    return matte


def outside(plane: np.ndarray, matte: np.ndarray) -> np.ndarray:
    return np.where(matte > 0, 0, plane)


@pytest.mark.parametrize("view", ["level", "raised"])
@pytest.mark.parametrize("azimuth", [-80, -50, 50, 80])
def test_what_stands_throws_its_shadow_away_from_the_light(view, azimuth):
    main = outside(grounding(box(), scene(azimuth, view=view), standing=True).main, box())

    left, right = main[:, :80].sum(), main[:, 120:].sum()
    lit, dark = (left, right) if azimuth < 0 else (right, left)
    assert dark > 5 * lit


def test_light_from_behind_throws_it_towards_the_camera():
    towards = outside(grounding(box(), scene(150, view="raised"), standing=True).main, box())
    away = outside(grounding(box(), scene(30, view="raised"), standing=True).main, box())

    assert towards[165:].sum() > 10 * away[165:].sum()


@pytest.mark.parametrize("azimuth", [-60, 60])
def test_what_lies_throws_it_away_from_the_light_too(azimuth):
    matte = np.zeros((SIDE, SIDE), np.uint8)
    matte[60:140, 60:140] = 255
    main = outside(grounding(matte, scene(azimuth, view="overhead"), standing=False).main, matte)

    left, right = main[:, :60].sum(), main[:, 140:].sum()
    assert (right > 3 * left) if azimuth < 0 else (left > 3 * right)


@pytest.mark.parametrize("view", ["level", "raised"])
def test_it_is_darkest_where_the_product_touches(view):
    found = grounding(box(), scene(view=view), standing=True)
    taken = 1 - (1 - found.sky) * (1 - found.crease)

    middle = taken[160:, 100]
    assert middle[0] > 0.5
    assert middle[0] > middle[4] > middle[30]
    assert middle[30] < 0.1


def test_a_soft_light_has_a_soft_shadow():
    sharp, soft = (
        grounding(box(), scene(75, softness=softness), standing=True).main for softness in (0, 0.9)
    )

    edges = [np.abs(np.diff(plane[:, :76], axis=1)).max() for plane in (sharp, soft)]
    assert edges[0] > 2 * edges[1]


def test_light_comes_in_between_legs():
    legs, solid = stool(), stool()
    solid[80:160, 64:136] = 255
    open_below, closed = (
        grounding(matte, scene(), standing=True).sky[158, 100] for matte in (legs, solid)
    )

    assert open_below < 0.75 * closed


def test_each_leg_has_its_own_line_of_contact():
    crease = grounding(stool(), scene(), standing=True).crease

    assert crease[160, 68] > 0.3
    assert crease[160, 132] > 0.3
    assert crease[160, 100] < 0.05


@pytest.mark.parametrize("view", ["level", "raised"])
def test_nothing_falls_on_what_is_behind_the_ground(view):
    found = grounding(box(), scene(20, view=view, elevation=20), standing=True)

    for plane in (found.main, found.sky, found.crease):
        assert plane[: SIDE // 2].max() == 0
        assert np.isfinite(plane).all()
        assert plane.min() >= 0
        assert plane.max() <= 1


def test_a_foot_that_flares_has_no_shadow_before_its_edge():
    """A bowl's belly hides how narrow its foot is; no black corner may show beside the foot."""
    matte = np.zeros((SIDE, SIDE), np.uint8)
    cv2.ellipse(matte, (100, 120), (60, 30), 0, 0, 180, 255, -1)
    cv2.rectangle(matte, (84, 140), (116, 156), 255, -1)
    found = grounding(matte, scene(view="raised"), standing=True)

    assert found.crease[157, 70] < 0.1
    assert found.sky[158, 100] > found.sky[158, 66]


def test_a_book_lies_higher_than_a_garment():
    book, shirt = np.zeros((SIDE, SIDE), np.uint8), np.zeros((SIDE, SIDE), np.uint8)
    book[50:150, 60:140] = 255
    shirt[50:150, 60:140] = 255
    shirt[50:100, 60:74] = shirt[50:100, 126:140] = shirt[50:75, 90:110] = 0
    reaches = []
    for matte in (book, shirt):
        main = grounding(matte, scene(-70, view="overhead"), standing=False).main
        reaches.append((main[120, 140:] > 0.2).sum())

    assert reaches[0] > reaches[1]


def test_what_rests_on_a_face_touches_along_all_of_its_lower_edges():
    """A book whose corner is nearest does not balance on it."""
    matte = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(matte, [np.array([(50, 125), (80, 165), (160, 105), (130, 65)])], 255)
    crease = grounding(matte, scene(view="raised"), standing=True).crease

    for column in (60, 80, 110, 140):
        below = 200 - matte[::-1, column].argmax()
        assert crease[below, column] > 0.25


def test_a_shadow_that_leaves_the_picture_is_as_dark_at_its_edge():
    """Of a long shadow the last columns were lighter than those before them."""
    matte = np.zeros((SIDE, SIDE), np.uint8)
    matte[60:160, 130:180] = 255
    main = grounding(matte, scene(-70, elevation=27.0, softness=1.0), standing=True).main
    row = main[150]

    assert row[-8] > 0.1, "the shadow reaches the edge"
    assert row[-1] > 0.85 * row[-8]
