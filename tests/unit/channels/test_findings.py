"""What would help is told with numbers that are right."""

import pytest

from transforms.channels.findings import make_finding, suggest_remedy
from transforms.presets.channel_rule import AbsenceRule, NumberRule
from transforms.records.facts import Placement, RenditionFacts

SAID = {"source": "the outlet's page", "read": "2026-11-25"}


def facts(*, reduced: bool, scale: float = 1.0) -> RenditionFacts:
    """A product of 440 canvas pixels on a canvas of 500."""
    placement = Placement(scale=scale, left=0, top=0, canvas_px=500, product=(30, 30, 470, 400))
    return RenditionFacts(
        prepared="p", preset="standard", brand="house", engine="standardise", seed=1,
        placement=placement, enlarged=False, reduced=reduced, shadow=None, versions={},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "at_least", "needs"),
    [("shortest_side_px", 1000, 880), ("width_px", 750, 660), ("megapixels", 1, 880)],
)
def test_a_small_product_is_told_how_large_it_must_be(rule, at_least, needs):
    asked = NumberRule(rule=rule, at_least=at_least, **SAID)
    told = suggest_remedy(
        asked, make_finding(asked, "FAIL", "500"), facts(reduced=True), (500, 500)
    )

    assert told.startswith(f"The product is 440 px in the photograph; this channel needs at least "
                           f"{needs}:")  # fmt: skip


def test_a_small_canvas_is_told_how_large_a_frame_must_be():
    asked = NumberRule(rule="width_px", at_least=2200, **SAID)
    told = suggest_remedy(
        asked, make_finding(asked, "FAIL", "500"), facts(reduced=False), (500, 400)
    )

    assert "`longest_px` of at least 2200" in told


def test_others_are_told_what_to_change_and_an_unknown_one_nothing():
    text = AbsenceRule(rule="text_overlay", **SAID)
    frame = AbsenceRule(rule="frame", **SAID)

    assert "without text" in suggest_remedy(
        text, make_finding(text, "FAIL", "SALE"), facts(reduced=True), (500, 500)
    )
    assert (
        suggest_remedy(frame, make_finding(frame, "FAIL", "x"), facts(reduced=True), (500, 500))
        == ""
    )
