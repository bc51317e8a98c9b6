"""Configuration that makes whole nights quick."""

import shutil
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def small_config(tmp_path_factory) -> Path:
    """The project's configuration with a canvas of 400 px and one channel: nights are quick."""
    config = tmp_path_factory.mktemp("config") / "config"
    shutil.copytree(ROOT / "config", config)
    for brand in (config / "brands").glob("*.yaml"):
        settings = yaml.safe_load(brand.read_text())
        brand.write_text(yaml.safe_dump({**settings, "canvas_px": 400}))
    samples = config / "catalogues" / "samples.yaml"
    settings = yaml.safe_load(samples.read_text())
    samples.write_text(yaml.safe_dump({**settings, "channels": ["shop"]}))
    return config
