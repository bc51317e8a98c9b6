"""What the photograph and its cut-out say by themselves."""

import pytest

from tests.unit.quality.examples import MATTE, facts, text
from transforms.quality.examination import matte_metrics, recognition_metrics
from transforms.records.facts import FaceFacts

LABEL = text("", on_product=1)
BESIDE, UPON = text("beside the product", on_product=0), text("promotional", on_product=0.6)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"area_share": 0.01}, "matte_area_share"),
        ({"area_share": 0.95}, "matte_area_share"),
        ({"border_share": 0.02}, "matte_border_share"),
        ({"body_alpha": 0.9}, "matte_body_alpha"),
        ({"left_out": 0.4}, "matte_left_out"),
        ({"parts": 9}, "matte_parts"),
    ],
)
def test_a_doubtful_cut_out_goes_to_a_person(states, change, rule):
    assert set(states(matte_metrics(MATTE)).values()) == {"PASS"}

    doubtful = states(matte_metrics(MATTE.model_copy(update=change)))

    assert doubtful.pop(rule) == "REVIEW"
    assert set(doubtful.values()) == {"PASS"}


@pytest.mark.parametrize(
    ("texts", "overlay_text", "state"),
    [
        pytest.param([LABEL], "report", "PASS", id="a label is the product's own"),
        pytest.param([LABEL, BESIDE], "report", "REVIEW", id="beside the product"),
        pytest.param([BESIDE], "remove", "PASS", id="gone with the backdrop"),
        pytest.param([BESIDE, UPON], "remove", "REVIEW", id="on the product it stays"),
    ],
)
def test_overlays_send_a_picture_to_a_person(states, texts, overlay_text, state):
    measured = recognition_metrics(facts(*texts), overlay_text=overlay_text)

    assert states(measured)["overlay_texts"] == state


def test_a_face_sends_a_picture_to_a_person(states):
    face = FaceFacts(box=(0, 0, 9, 9), score=0.9, on_product=1)
    measured = recognition_metrics(facts(faces=(face,)), overlay_text="report")

    assert states(measured)["faces"] == "REVIEW"
