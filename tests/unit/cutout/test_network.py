"""A network is shown pictures as its entry says, and its answer is read as its entry says."""

import hashlib
import math

import numpy as np
import pytest

from tests.support.tiny_onnx import mean_of_channels
from transforms.cutout.network import salience, sight_of
from transforms.errors import ConfigError, ModelError
from transforms.models.networks import cached_session

ENTRY = """
  {name}:
    task: cutout
    purpose: Answers the mean of the channels that it is shown.
    licence: none
    bring: written by this test
    sha256: {sha256}
    size_bytes: {size}
    sight: {{input_px: {px}, scaling: {scaling}, answer: {answer}}}
"""


@pytest.fixture
def brought(monkeypatch, tmp_path):
    """Writes an entry and the weights that it names; sessions of other tests are forgotten."""
    monkeypatch.setenv("PACKSHOT_CONFIG", str(tmp_path))
    monkeypatch.setenv("PACKSHOT_MODELS", str(tmp_path))

    def bring(name, *, px=1024, side=None, scaling="imagenet", answer="logit", axis=1):
        weights = mean_of_channels(side=side or px, axis=axis)
        (tmp_path / f"{name}.onnx").write_bytes(weights)
        digest = hashlib.sha256(weights).hexdigest()
        entry = ENTRY.format(
            name=name, sha256=digest, size=len(weights), px=px, scaling=scaling, answer=answer
        )
        file = tmp_path / "models.yaml"
        known = file.read_text() if file.exists() else "models:"
        file.write_text(known + entry)
        return name

    cached_session.cache_clear()
    yield bring
    cached_session.cache_clear()


def grey(level, shape=(60, 90)):
    return np.full((*shape, 3), level, np.uint8)


def scaled_mean(level):
    """Mean over ImageNet-scaled channels of an even grey, `level` in [0, 1]."""
    red, green, blue = (level - 0.485) / 0.229, (level - 0.456) / 0.224, (level - 0.406) / 0.225
    return (red + green + blue) / 3


def test_a_network_of_1024_px_answers_a_map_of_its_own_size(brought):
    answer = salience(grey(128), brought("wide"))

    assert answer.shape == (1024, 1024)
    assert answer.dtype == np.float32


def test_a_logit_goes_through_the_logistic_function(brought):
    answer = salience(grey(51), brought("logits", px=64))

    assert answer == pytest.approx(1 / (1 + math.exp(-scaled_mean(0.2))), abs=1e-5)


def test_a_probability_is_kept_as_it_is_within_0_and_1(brought):
    name = brought("probabilities", px=64, answer="probability")

    assert salience(grey(153), name) == pytest.approx(scaled_mean(0.6), abs=1e-5)
    assert salience(grey(10), name).max() == 0
    assert salience(grey(250), name).min() == 1


def test_imagenet_scaling_keeps_a_dark_picture_dark_and_u2nets_does_not(brought):
    dark = grey(51)

    assert salience(dark, brought("by-255", px=64)).mean() < 0.3
    stretched = salience(dark, brought("by-brightest", px=64, scaling="u2net"))
    assert stretched == pytest.approx(1 / (1 + math.exp(-scaled_mean(1.0))), abs=1e-5)


def test_the_map_lies_as_the_picture_does(brought):
    picture = grey(0, (100, 50))
    picture[:25] = 255  # the upper quarter

    answer = salience(picture, brought("lying", px=64))

    assert answer[:14].min() > 0.8
    assert answer[18:].max() < 0.2


def test_weights_of_another_size_than_their_entry_says_are_named(brought):
    name = brought("smaller", px=1024, side=64)

    with pytest.raises(ModelError, match=r"smaller: .*\(64, 64\).*input_px"):
        salience(grey(128), name)


def test_weights_that_answer_no_map_are_named(brought):
    name = brought("rows", px=64, axis=3)

    with pytest.raises(ModelError, match=r"rows: .*\(1, 3, 64, 1\)"):
        salience(grey(128), name)


def test_a_model_for_another_task_is_no_model_for_cutouts(brought, tmp_path):
    brought("cutter")
    file = tmp_path / "models.yaml"
    faces = ENTRY[: ENTRY.index("    sight")].replace("cutout", "faces")
    file.write_text(file.read_text() + faces.format(name="finder", sha256="a" * 64, size=1))

    with pytest.raises(ConfigError, match=r"'finder'.*cutout.*cutter"):
        sight_of("finder")
