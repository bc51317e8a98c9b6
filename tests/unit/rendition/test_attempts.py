"""What a person would try by hand: the best candidate, then other strengths, each written down."""

import re
from functools import partial

import cv2
import numpy as np
import pytest

from tests.unit.rendition.brush import Brush
from transforms.errors import RenderError
from transforms.presets.gate import Gate
from transforms.presets.loading import config_folder, load
from transforms.presets.preset import Diffusion, Ladder, Preset
from transforms.quality.metrics import OF_REMADE
from transforms.rendition.attempts import run_attempts
from transforms.rendition.candidates import GenerationJob, GenerationOutcome, ModelInput

SIDE = 240


@pytest.fixture(scope="module")
def gate() -> Gate:
    return load(config_folder() / "gate.yaml", Gate)


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    """A labelled jar with something written on it."""
    picture = np.full((SIDE, SIDE, 3), 200, np.uint8)
    cv2.rectangle(picture, (80, 60), (160, 210), (60, 90, 120), -1)
    cv2.rectangle(picture, (95, 110), (145, 170), (230, 225, 200), -1)
    cv2.putText(picture, "TEA", (98, 150), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (20, 20, 20), 2)
    return cv2.GaussianBlur(picture, (0, 0), 0.8)


def preset(strength: float | None = 0.5, **settings) -> Preset:
    diffusion = Diffusion(model="any", strength=strength)
    return Preset(
        name="drawn", purpose="For these tests.", brand="house", engine="edit",
        preserve="structure", diffusion=diffusion, **settings,
    )  # fmt: skip


def tried(engine, picture, gate, chosen: Preset, **base):
    """What comes of one picture."""
    subject = GenerationJob(
        7, chosen, partial(ModelInput, picture, **base), OF_REMADE, ("a drawing", "a photograph")
    )
    (result,) = run_attempts(engine, [subject], gate)
    return result


def test_of_several_candidates_the_best_that_passes_is_kept(picture, gate):
    engine = Brush(black_for=frozenset({10}))

    found = tried(engine, picture, gate, preset(candidates=4, seed=9))

    assert found.number == 7
    assert engine.asked == [(0.5, 9), (0.5, 10), (0.5, 11), (0.5, 12)]
    assert [(each.number, each.seed, each.kept) for each in found.attempts] == [
        (1, 9, True),
        (2, 10, False),
        (3, 11, False),
        (4, 12, False),
    ]
    assert found.kept.reason == ""
    kept = [each.measured["structure_kept"] for each in found.attempts if each.measured]
    assert max(kept) == kept[0]
    failed = found.attempts[1]
    assert failed.reason == "black"
    assert failed.message
    assert [bool(thumbnail) for thumbnail in found.thumbnails] == [True, False, True, True]


def test_what_is_too_different_is_tried_at_lower_strengths_in_turn(picture, gate):
    engine = Brush(keeps_to=0.4)
    ladder = Ladder(down=(0.5, 0.35, 0.2), up=(0.9,))

    found = tried(engine, picture, gate, preset(0.7, ladder=ladder))

    assert [each.strength for each in found.attempts] == [0.7, 0.5, 0.35]
    assert [re.findall(r"0\.\d+", each.why) for each in found.attempts] == [[], ["0.7"], ["0.5"]]
    assert "registration_shift" in found.attempts[0].reason
    assert found.kept.number == 3


def test_a_style_that_does_not_show_is_tried_at_a_higher_strength(picture, gate):
    engine = Brush(shows_from=0.5)

    found = tried(engine, picture, gate, preset(0.4, ladder=Ladder(down=(0.3,), up=(0.45, 0.55))))

    assert [each.strength for each in found.attempts] == [0.4, 0.45, 0.55]
    assert found.attempts[0].reason == "style_change"
    assert re.findall(r"0\.\d+", found.attempts[2].why) == ["0.45"]
    assert (found.kept.number, found.kept.reason) == (3, "")


def test_a_strength_that_was_too_much_is_not_climbed_past_again(picture, gate):
    """Nothing passes: 0.6 moves the product, 0.4 does not show, and 0.5 does neither well."""
    engine = Brush(shows_from=0.55, keeps_to=0.5)
    ladder = Ladder(down=(0.4, 0.2), up=(0.45, 0.7, 0.9))

    found = tried(engine, picture, gate, preset(0.6, ladder=ladder))

    assert [each.strength for each in found.attempts] == [0.6, 0.4, 0.45]
    assert found.kept.reason, "the best is kept all the same, and the gate tells a person"


def test_every_rung_tries_all_candidates_and_the_best_one_says_where_to_go(picture, gate):
    engine = Brush(keeps_to=0.4, black_for=frozenset({1}))

    found = tried(engine, picture, gate, preset(0.5, candidates=2, ladder=Ladder(down=(0.35,))))

    assert engine.asked == [(0.5, 0), (0.5, 1), (0.35, 0), (0.35, 1)]
    assert found.kept.strength == 0.35


@pytest.mark.parametrize(
    ("wanted", "first", "lowered"), [(0.7, 0.55, True), (0.55, 0.55, False), (0.4, 0.4, False)]
)
def test_a_face_keeps_strength_below_what_makes_another_person(
    picture, gate, wanted, first, lowered
):
    engine = Brush(shows_from=0.99)
    ladder = Ladder(up=(0.5, 0.58, 0.8))

    found = tried(engine, picture, gate, preset(wanted, ladder=ladder), has_face=True)

    assert found.attempts[0].strength == first
    assert ("0.55" in found.attempts[0].why) == lowered
    assert max(strength for strength, _ in engine.asked) < 0.6


def test_nothing_usable_fails_that_picture_alone_with_every_reason(picture, gate):
    said = "The matte holds no product."

    def broken() -> ModelInput:
        raise RenderError(said)

    engine = Brush(black_for=frozenset({3, 4}))
    words = ("a drawing", "")
    subjects = [
        GenerationJob(
            0, preset(candidates=2, seed=3), partial(ModelInput, picture), OF_REMADE, words
        ),
        GenerationJob(1, preset(), broken, OF_REMADE, words),
        GenerationJob(2, preset(), partial(ModelInput, picture), OF_REMADE, words),
    ]

    results = list(run_attempts(engine, subjects, gate))

    finished = [each for each in results if isinstance(each, GenerationOutcome)]
    failed = dict(each for each in results if not isinstance(each, GenerationOutcome))
    assert [each.number for each in finished] == [2]
    assert sorted(failed) == [0, 1]
    assert str(failed[0]).count("black: ") == 2
    assert str(failed[1]) == said


def test_without_a_strength_there_is_no_ladder(picture, gate):
    engine = Brush(shows_from=0.9)

    found = tried(engine, picture, gate, preset(None, ladder=Ladder(up=(0.95,))))

    assert engine.asked == [(None, 0)]
    assert found.kept.strength is None


def test_what_is_laid_back_is_judged_and_kept(picture, gate):
    def laid_back(made: np.ndarray) -> np.ndarray:
        made = made.copy()
        made[60:210, 80:160] = picture[60:210, 80:160]
        return made

    found = tried(Brush(), picture, gate, preset(), finish=laid_back)

    assert np.array_equal(found.pixels[60:210, 80:160], picture[60:210, 80:160])
    assert not np.array_equal(found.pixels[:60], picture[:60])
