"""`packshot presets check` holds presets against the models that they ask."""

import shutil
from pathlib import Path

import pytest
import yaml

from transforms.cli.presets import check_configuration

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def config(tmp_path, monkeypatch) -> Path:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    monkeypatch.setenv("PACKSHOT_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config"


def change(path: Path, **fields) -> None:
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), **fields}))


def test_the_projects_own_configuration_is_right(config):
    assert check_configuration() == [], config


def test_a_preset_is_held_against_its_model(config, capsys):
    preset = config / "presets" / "refine.yaml"
    asked = yaml.safe_load(preset.read_text())["diffusion"]
    change(preset, diffusion={**asked, "strength": 0.75})

    (mistake,) = check_configuration()
    assert mistake.startswith(f"{preset}: diffusion.strength: 0.75: above 0.7 composition goes")

    change(preset, diffusion={**asked, "model": "flux-dev"})
    assert check_configuration() == []
    warned = " ".join(capsys.readouterr().err.split())
    assert "FLUX.1 dev reads no negative prompt" in warned
    assert "Non-Commercial Licence: not for shops" in warned


def test_scenes_are_held_against_the_catalogues_model(config):
    """Its presets name none: only with the catalogue's is it known how many steps there are."""
    change(config / "catalogues" / "samples.yaml", scene_model="sana-sprint")

    found = "\n".join(check_configuration())
    assert "samples.yaml: scene_model sana-sprint for preset winter: diffusion.steps: " in found
    assert "2 steps at strength 0.35 are none" in found
