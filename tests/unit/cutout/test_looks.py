"""What the first look was sure of is not lost, and what the second opened stays open."""

import numpy as np

from transforms.cutout.looks import _lost, disagreement_of


def look_at(*boxes):
    answer = np.zeros((320, 320), np.float32)
    for left, top, right, bottom in boxes:
        answer[top:bottom, left:right] = 0.98
    return answer


BODY = (60, 60, 260, 260)


def test_a_part_that_the_second_look_drops_comes_back_alone():
    handle = (260, 140, 284, 190)  # 3 % of the product
    first = look_at(BODY, handle)
    first[10:14, 10:14] = 0.98

    lost = _lost(first, look_at(BODY))

    assert (lost[140:190, 262:284] == 1).all()
    assert not lost[:, :240].any()


def test_a_product_that_the_second_look_loses_comes_back_whole():
    assert (_lost(look_at(BODY), look_at((60, 60, 160, 260))) == 1).all()


def test_a_hole_that_the_second_look_opened_stays_open():
    again = look_at(BODY)
    again[140:175, 140:175] = 0

    assert not _lost(look_at(BODY), again).any()


def test_a_shadow_that_the_first_look_doubted_does_not_come_back():
    first = look_at(BODY)
    first[260:300, 60:260] = 0.6

    assert not _lost(first, look_at(BODY)).any()


def test_disagreement():
    one = np.zeros((4, 4), bool)
    other = one.copy()
    one[:2], other[:1] = True, True

    assert disagreement_of(one, other) == 0.5
    assert disagreement_of(one, one) == 0
    assert disagreement_of(one, ~one) == 1
