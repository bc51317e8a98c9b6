"""Where YuNet sees faces, and that a face is named once, in coordinates of the picture."""

import cv2
import numpy as np
import pytest

from transforms.models.networks import load_session
from transforms.presets.loading import config_folder
from transforms.presets.model import load_model
from transforms.recognition.faces import decode_faces, find_faces


def answers(*seen):
    """Answers of the network: (stride, row, column, cls, obj, bbox) where it saw something."""
    blank = {}
    for stride in (8, 16, 32):
        cells = (640 // stride) ** 2
        blank |= {
            f"{part}_{stride}": np.zeros((1, cells, 1), np.float32) for part in ("cls", "obj")
        }
        blank[f"bbox_{stride}"] = np.zeros((1, cells, 4), np.float32)
    for stride, row, column, cls, obj, bbox in seen:
        cell = row * (640 // stride) + column
        blank[f"cls_{stride}"][0, cell] = cls
        blank[f"obj_{stride}"][0, cell] = obj
        blank[f"bbox_{stride}"][0, cell] = bbox
    return blank


def test_a_box_lies_about_its_cell_in_strides():
    wide, high = np.log(6), np.log(8)

    boxes, scores = decode_faces(answers((16, 10, 5, 1.0, 0.81, (0.5, 0.25, wide, high))))

    # Centre: (5.5, 10.25) strides of 16 pixels; 6 strides wide, 8 high.
    np.testing.assert_allclose(boxes, [[88 - 48, 164 - 64, 88 + 48, 164 + 64]], rtol=1e-5)
    np.testing.assert_allclose(scores, [0.9], rtol=1e-6)


def test_one_face_seen_by_neighbouring_cells_is_one_and_the_surest_of_them():
    size = (0, 0, np.log(10), np.log(10))

    boxes, scores = decode_faces(
        answers((8, 30, 30, 0.8, 0.8, size), (8, 31, 30, 0.9, 0.9, size), (8, 5, 5, 1, 1, size))
    )

    np.testing.assert_allclose(scores, [1, 0.9], rtol=1e-6)
    np.testing.assert_allclose(boxes, [[0, 0, 80, 80], [200, 208, 280, 288]], atol=1e-3)


@pytest.mark.parametrize(
    ("cls", "obj"),
    [
        pytest.param(0.45, 0.45, id="a candle holder's 0.45"),
        pytest.param(1.0, 0.4, id="a face by shape, of nothing"),
    ],
)
def test_what_only_resembles_a_face_is_none(cls, obj):
    boxes, scores = decode_faces(answers((32, 3, 3, cls, obj, (0, 0, 1, 1))))

    assert boxes.shape == (0, 4)
    assert scores.shape == (0,)


@pytest.mark.parametrize("size", [(60, 900), (900, 60), (1, 1), (640, 640)])
def test_a_mug_on_a_table_has_no_face(size):
    rgb = np.full((*size, 3), 235, np.uint8)
    cv2.circle(rgb, (size[1] // 2, size[0] // 2), min(size) // 3, (40, 80, 160), -1)

    assert find_faces(rgb, np.zeros(size, np.uint8)) == ()


def test_the_network_is_the_one_that_the_reading_of_its_answers_expects():
    network = load_session("yunet")

    assert network.get_inputs()[0].shape == [1, 3, 640, 640]
    assert {each.name: each.shape for each in network.get_outputs()}["bbox_16"] == [1, 1600, 4]
    assert load_model("yunet", config_folder(), task="faces").licence == "MIT"
