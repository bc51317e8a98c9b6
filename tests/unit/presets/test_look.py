"""What decides a picture is in its look's identity, and where files lie is not."""

from pathlib import Path

import pytest
import yaml

from transforms.errors import ConfigError
from transforms.presets.look import Look, load_look

ROOT = Path(__file__).resolve().parents[3]


def configured(folder: Path, *, style: bytes = b"blue", companions: dict | None = None, **asked):
    """A configuration with one preset that asks a model with companions."""
    for name in ("presets", "brands", "styles"):
        (folder / name).mkdir(parents=True)
    (folder / "styles" / "brand.png").write_bytes(style)
    (folder / "brands" / "house.yaml").write_text("name: house")
    entry = {
        "family": "sd15", "purpose": "Made for a test.", "licence": "none", "commercial": True,
        "folder": "checkpoints/mine", "sha256": "0" * 64, "companions": companions or {},
    }  # fmt: skip
    models = {"models": {}, "checkpoints": {"mine": entry}}
    (folder / "models.yaml").write_text(yaml.safe_dump(models))
    preset = {
        "name": "ink", "purpose": "Made for a test.", "brand": "house", "engine": "edit",
        "preserve": "none", "diffusion": {"model": "mine", "strength": 0.5, **asked},
    }  # fmt: skip
    (folder / "presets" / "ink.yaml").write_text(yaml.safe_dump(preset))
    return folder


def look(config: Path) -> Look:
    return load_look("ink", "ink", config)


def lora(**changed) -> dict:
    return {"brand": {"kind": "lora", "folder": "loras/brand", "sha256": "1" * 64} | changed}


def test_a_style_picture_lies_below_the_configuration(tmp_path):
    found = look(configured(tmp_path, style_picture="styles/brand.png"))

    assert found.diffusion.style_picture == str(tmp_path / "styles" / "brand.png")


def test_a_style_picture_that_is_not_there_is_said_at_once(tmp_path):
    with pytest.raises(ConfigError, match=r"ink\.yaml: diffusion\.style_picture: .*gone\.png"):
        look(configured(tmp_path, style_picture="styles/gone.png"))


def test_the_style_pictures_content_counts_and_its_place_does_not(tmp_path):
    asked = {"style_picture": "styles/brand.png"}
    here, there = configured(tmp_path / "here", **asked), configured(tmp_path / "there", **asked)
    other = configured(tmp_path / "other", style=b"red", **asked)

    assert look(here).identity == look(there).identity
    assert look(here).identity != look(other).identity


@pytest.mark.parametrize(
    "changed", [{"sha256": "2" * 64}, {"weight": 0.5}, {"file": "b.safetensors"}]
)
def test_a_companion_that_is_asked_for_counts(tmp_path, changed):
    one = configured(tmp_path / "one", companions=lora(), loras=["brand"])
    other = configured(tmp_path / "other", companions=lora(**changed), loras=["brand"])

    assert look(one).identity != look(other).identity


def test_where_a_companion_lies_does_not_count_nor_one_that_nobody_asks_for(tmp_path):
    one = configured(tmp_path / "one", companions=lora(), loras=["brand"])
    moved = configured(tmp_path / "moved", companions=lora(folder="elsewhere"), loras=["brand"])
    unasked = [configured(tmp_path / "a", companions=lora()), configured(tmp_path / "b")]

    assert look(one).identity == look(moved).identity
    assert len({look(config).identity for config in unasked}) == 1
