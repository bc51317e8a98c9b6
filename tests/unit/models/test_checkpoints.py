"""A checkpoint is read only if it is the one that was named, and never as code."""

import os
import socket
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
import yaml
from huggingface_hub import constants
from pydantic import ValidationError
from safetensors.numpy import save_file

import transforms
from transforms.errors import ModelError
from transforms.models.checkpoints import ONLINE, fetch, folder_sha256, locate, missing_reason
from transforms.presets.brand import Brand
from transforms.presets.checkpoint import Checkpoint, Companion
from transforms.presets.look import Look
from transforms.presets.preset import Preset

CONFIG = Path(__file__).resolve().parents[3] / "config"
REVISION = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def folder(tmp_path):
    return written(tmp_path / "checkpoint")


@pytest.fixture
def hub(monkeypatch, tmp_path):
    """A hub's cache, and no way to any hub: whoever tries to connect fails loudly."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.delenv(ONLINE, raising=False)

    def refuse(*_):
        raise AssertionError("somebody went online")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return tmp_path / "hub"


def written(folder: Path) -> Path:
    for part in ("unet", "vae"):
        (folder / part).mkdir(parents=True)
        (folder / part / "config.json").write_text("{}")
        save_file({"weight": np.ones(3)}, folder / part / "model.safetensors")
    (folder / "model_index.json").write_text("{}")
    return folder


def entry(**place) -> Checkpoint:
    return Checkpoint(
        family="sd15", purpose="Made for a test.", licence="none", commercial=True, **place
    )


def of(folder: Path) -> Checkpoint:
    return entry(folder=str(folder), sha256=folder_sha256(folder))


def test_a_folder_with_the_named_hash_is_taken(folder):
    assert locate(of(folder), "mine") == folder
    assert missing_reason(of(folder)) == ""


def test_a_folder_of_the_package_is_found_wherever_the_configuration_lies(tmp_path):
    installed = Path(transforms.__file__).parent / "diffusion"

    assert entry(folder="package:diffusion").resolve(tmp_path).folder == str(installed)
    assert entry(folder="mine").resolve(tmp_path).folder == str(tmp_path / "mine")


@pytest.mark.parametrize("changed", ["unet/model.safetensors", "vae/config.json"])
def test_what_was_changed_is_refused(folder, changed):
    known = of(folder)
    (folder / changed).write_bytes(b"{ }")

    with pytest.raises(ModelError, match=r"mine: .*not those of `sha256` in models\.yaml"):
        locate(known, "mine")


def test_what_was_added_is_refused(folder):
    known = of(folder)
    (folder / "scheduler").mkdir()
    (folder / "scheduler" / "scheduler_config.json").write_text("{}")

    with pytest.raises(ModelError, match="not those of `sha256`"):
        locate(known, "mine")


def test_the_hash_does_not_depend_on_cards_nor_on_where_it_lies(folder, tmp_path):
    (folder / "README.md").write_text("# A card")

    assert folder_sha256(folder) == folder_sha256(written(tmp_path / "elsewhere"))


def test_weights_that_run_code_when_read_are_refused(folder):
    (folder / "unet" / "model.safetensors").rename(folder / "unet" / "model.bin")

    with pytest.raises(ModelError, match=r"has unet/model\.bin and no safetensors.*run code"):
        locate(of(folder), "mine")


def test_a_folder_of_such_weights_alone_is_refused(tmp_path):
    (tmp_path / "model.ckpt").write_bytes(b"weights")

    with pytest.raises(ModelError, match=r"has model\.ckpt and no safetensors"):
        locate(of(tmp_path), "mine")


def test_they_may_lie_beside_safetensors_which_are_read_instead(folder):
    (folder / "unet" / "model.bin").write_bytes(b"weights")

    assert locate(of(folder), "mine") == folder


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(ModelError, match="holds no safetensors"):
        locate(of(tmp_path), "mine")


def test_a_missing_folder_is_one_line_that_says_what_to_run():
    missing = entry(folder="/nowhere", sha256="0" * 64)

    with pytest.raises(ModelError) as raised:
        locate(missing, "mine")

    (line,) = str(raised.value).splitlines()
    assert line.startswith("checkpoint mine: /nowhere ")
    assert "`packshot models fetch mine`" in line


def test_a_folder_without_hash_is_told_its_hash(folder):
    unsure = entry(folder=str(folder))

    with pytest.raises(ModelError, match=f"give `sha256` .*: {folder_sha256(folder)}"):
        locate(unsure, "mine")


@pytest.mark.usefixtures("hub")
def test_the_hub_is_not_asked_without_a_revision():
    with pytest.raises(ModelError, match="acme/model: give `revision`"):
        locate(entry(hub="acme/model"), "mine")


@pytest.mark.usefixtures("hub")
def test_what_is_not_in_the_cache_is_not_fetched_unasked():
    with pytest.raises(ModelError) as raised:
        locate(entry(hub="acme/model", revision=REVISION), "mine")

    (line,) = str(raised.value).splitlines()
    assert line.startswith("checkpoint mine: acme/model ")
    assert "`packshot models fetch mine`" in line


def test_what_is_in_the_cache_is_taken_offline(hub):
    cached = written(hub / "models--acme--model" / "snapshots" / REVISION)

    assert locate(entry(hub="acme/model", revision=REVISION), "mine") == cached


@pytest.mark.usefixtures("hub")
def test_another_revision_than_the_cached_one_is_missing(hub):
    written(hub / "models--acme--model" / "snapshots" / REVISION)

    assert missing_reason(entry(hub="acme/model", revision=REVISION)) == ""
    assert "acme/model" in missing_reason(entry(hub="acme/model", revision="f" * 40))


@pytest.fixture
def empty_hub():
    """A hub that knows no model; its address, and what it was asked for."""
    asked = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def test_asked_for_the_hub_is_tried_and_what_it_does_not_know_is_said(tmp_path, empty_hub):
    """In a process of its own: the hub's address is read when its library is imported."""
    address, asked = empty_hub
    program = (
        "from tests.unit.models.test_checkpoints import REVISION, entry\n"
        "from transforms.errors import ModelError\n"
        "from transforms.models.checkpoints import locate\n"
        "try:\n"
        "    locate(entry(hub='acme/model', revision=REVISION), 'mine')\n"
        "except ModelError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, ONLINE: "1", "HF_ENDPOINT": address, "HF_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.startswith(f"acme/model@{REVISION}: cannot be fetched: ")
    assert any("acme/model" in path for path in asked)


def test_a_folder_is_never_fetched():
    with pytest.raises(ModelError, match=r"/nowhere is not there, in config/models\.yaml"):
        fetch(entry(folder="/nowhere", sha256="0" * 64))


def test_every_entry_says_its_peak_or_that_nobody_measured_it():
    for name, raw in yaml.safe_load((CONFIG / "models.yaml").read_text())["checkpoints"].items():
        assert raw["memory_gb"] == "not measured" or raw["memory_gb"] > 0, name


def test_a_checkpoint_and_a_companion_come_from_one_place():
    with pytest.raises(ValidationError, match="either hub or folder"):
        entry()
    with pytest.raises(ValidationError, match="either hub or folder"):
        Companion(kind="lora", hub="acme/lora", folder="lora")


def test_relative_folders_lie_below_the_configuration(tmp_path):
    lora = Companion(kind="lora", folder="loras/brand", sha256="0" * 64)
    found = entry(folder="checkpoints/mine", sha256="0" * 64, companions={"brand": lora})

    found = found.resolve(tmp_path)

    assert found.folder == str(tmp_path / "checkpoints" / "mine")
    assert found.companions["brand"].folder == str(tmp_path / "loras" / "brand")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({"hub": "acme/model", "revision": REVISION}, f"acme/model@{REVISION}"),
        ({"folder": "checkpoints/mine", "sha256": "a" * 64}, f"sha256:{'a' * 64}"),
    ],
    ids=["hub", "folder"],
)
def test_which_weights_made_a_picture_is_part_of_its_identity(place, said):
    preset = Preset(
        name="anime",
        purpose="Made for a test.",
        brand="house",
        engine="edit",
        preserve="none",
        diffusion={"model": "mine", "strength": 0.5},
    )
    look = Look(
        variant="anime", preset=preset, brand=Brand(name="house"), checkpoint=entry(**place)
    )

    assert said in look.identity
