"""Scale and baseline are the brand's."""

from tests.unit.quality.examples import BOX, SIDE, textured
from transforms.quality.examination import framing_metrics
from transforms.quality.placed import Placed
from transforms.records.facts import Placement

PLACEMENT = Placement(scale=1.0, left=100, top=60, canvas_px=SIDE, product=BOX)


def test_framing_that_is_not_the_brands_is_found(states):
    placed = textured()
    right = states(framing_metrics(placed, PLACEMENT, fill=0.8, baseline=0.9))
    lower = Placed(placed.product, placed.matte, (100, 66, 500, 546))
    smaller = Placed(placed.product[:460], placed.matte[:460], (100, 80, 500, 540))

    assert set(right.values()) == {"PASS"}
    found = states(framing_metrics(lower, PLACEMENT, fill=0.8, baseline=0.9))
    assert found["baseline_deviation"] == "FAIL"
    found = states(framing_metrics(smaller, PLACEMENT, fill=0.8, baseline=0.9))
    assert found["fill_deviation"] == "FAIL"


def test_what_lies_is_held_to_the_middle():
    found = framing_metrics(textured(), PLACEMENT, fill=0.8, baseline=None)

    assert found["baseline_deviation"] == 0


def test_a_small_photograph_goes_to_a_person(states):
    enlarged = PLACEMENT.model_copy(update={"scale": 4.2})

    found = framing_metrics(textured(), enlarged, fill=0.8, baseline=0.9)

    assert states(found)["enlargement"] == "REVIEW"
