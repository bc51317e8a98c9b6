"""The IPTC term says what was really done, and a channel may ask for another."""

import pytest

from transforms.provenance.lineage import OF_MODELS, VOCABULARY, choose_source_type, classify_making
from transforms.records.facts import (
    BackdropFacts,
    MatteFacts,
    Placement,
    PreparedFacts,
    RenditionFacts,
    Step,
)


def prepared(*, toned=False):
    matte = MatteFacts(
        origin="network", model="u2netp", passes=2, joined=False, area_share=0.3,
        border_share=0, body_alpha=1, parts=1,
    )  # fmt: skip
    return PreparedFacts(
        source_sha256="", orientation=1, colour_profile="", width_px=9, height_px=9,
        crop=(0, 0, 9, 9), matte=matte, versions={},
        steps=(Step(name="tone", applied=toned, said="Brighter."),),
    )  # fmt: skip


def rendered(*, engine="standardise", backdrop=None, refined=False, checkpoint="", shadow=None):
    behind = backdrop and BackdropFacts(
        kind=backdrop, name="winter", seed=1, view="level", stand=0.8, refined=refined,
        foreground_share=0,
    )  # fmt: skip
    placement = Placement(scale=1, left=0, top=0, canvas_px=9, product=(0, 0, 9, 9))
    return RenditionFacts(
        prepared="", preset="p", brand="b", engine=engine, seed=0, placement=placement,
        enlarged=False, shadow=shadow, backdrop=behind, checkpoint=checkpoint, versions={},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("how", "term"),
    [
        ({"facts": rendered()}, None),
        ({"facts": rendered(shadow=(0, 0, 5, 5))}, "algorithmicallyEnhanced"),
        ({"facts": rendered(), "toned": True}, "algorithmicallyEnhanced"),
        ({"facts": rendered(engine="scene", backdrop="scaffold")}, "composite"),
        ({"facts": rendered(engine="scene", backdrop="plate")}, "composite"),
        ({"facts": rendered(engine="scene", backdrop="plate"), "real": True}, "compositeCapture"),
        (
            {"facts": rendered(engine="scene", backdrop="plate", refined=True), "real": True},
            "compositeWithTrainedAlgorithmicMedia",
        ),
        (
            {"facts": rendered(engine="edit", checkpoint="sd")},
            "compositeWithTrainedAlgorithmicMedia",
        ),
        ({"facts": rendered(engine="edit"), "kept": False}, "trainedAlgorithmicMedia"),
    ],
)
def test_each_way_of_making_has_its_term(how, term):
    made = classify_making(
        prepared(toned=how.get("toned", False)),
        how["facts"],
        product_kept=how.get("kept", True),
        plate_photographed=how.get("real", False),
    )

    assert choose_source_type(made) == (term and VOCABULARY + term)


def test_a_backdrop_that_no_model_touched_is_never_told_to_be_a_models():
    drawn = classify_making(
        prepared(), rendered(engine="scene", backdrop="plate"), product_kept=True
    )

    assert choose_source_type(drawn).removeprefix(VOCABULARY) not in OF_MODELS


def test_a_channel_asks_for_its_own_word():
    google = {"on_generated": "trainedAlgorithmicMedia"}

    assert choose_source_type("on_generated", google) == f"{VOCABULARY}trainedAlgorithmicMedia"
    assert choose_source_type("on_drawn", google) == f"{VOCABULARY}composite"
