"""Outlines tell from where a product was photographed, and whether it stands."""

import cv2
import numpy as np
import pytest

from transforms.composition.pose import pose_of


def cup(elevation_deg: float) -> np.ndarray:
    """A cylinder seen from that elevation."""
    matte = np.zeros((300, 260), np.uint8)
    down = round(80 * np.sin(np.radians(elevation_deg)))
    cv2.rectangle(matte, (50, 60), (210, 220), 255, -1)
    for y in (60, 220):
        cv2.ellipse(matte, (130, y), (80, max(1, down)), 0, 0, 360, 255, -1)
    return matte


def stool(behind: int) -> np.ndarray:
    """Three legs, of which the middle one ends `behind` pixels higher."""
    matte = np.zeros((300, 260), np.uint8)
    matte[40:60, 50:210] = 255
    matte[60:280, 60:74] = matte[60:280, 186:200] = 255
    matte[60 : 280 - behind, 124:138] = 255
    return matte


@pytest.mark.parametrize("elevation", [22, 28, 34])
def test_a_base_that_sags_was_seen_from_above(elevation):
    pose = pose_of(cup(elevation))

    assert (pose.view, pose.standing) == ("raised", True)
    assert abs(pose.elevation_deg - elevation) < 6


@pytest.mark.parametrize("elevation", [0, 6, 12])
def test_a_straight_base_was_seen_from_its_own_height(elevation):
    pose = pose_of(cup(elevation))

    assert (pose.view, pose.standing) == ("level", True)
    assert abs(pose.elevation_deg - elevation) < 6


def test_legs_that_end_higher_stand_further_back():
    level, raised = pose_of(stool(4)), pose_of(stool(60))

    assert (level.view, raised.view) == ("level", "raised")
    assert raised.elevation_deg > 20


def test_a_garment_lies():
    matte = np.zeros((300, 260), np.uint8)
    shirt = [(40, 40), (90, 30), (130, 90), (170, 30), (220, 40), (210, 280), (50, 280)]
    cv2.fillPoly(matte, [np.array(shirt, np.int32)], 255)
    pose = pose_of(matte)

    assert (pose.view, pose.standing) == ("overhead", False)
