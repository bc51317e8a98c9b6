"""A brand's own backdrops as the person who brings them sees them: listed, estimated, noted."""

import json
import subprocess
import sys

import numpy as np
import pytest
import yaml
from PIL import Image

from transforms.presets.plate import Plate


def plates(*arguments: object):
    """Run `packshot plates`; its exit code, output and errors."""
    command = [sys.executable, "-m", "transforms.cli", "plates", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path):
    """One backdrop photograph of winter, and one of a kind that nobody asks for."""
    for name, ground in (("winter/lake", (240, 244, 250)), ("moon/crater", (90, 90, 90))):
        picture = np.full((240, 240, 3), (96, 120, 140), np.uint8)
        picture[150:] = ground
        (tmp_path / name).parent.mkdir()
        Image.fromarray(picture).save(tmp_path / f"{name}.png")
    return tmp_path


def test_plates_are_listed_with_how_they_are_seen_and_who_uses_them(folder):
    done = plates(folder)

    assert done.returncode == 0
    lake = next(line for line in done.stdout.splitlines() if "lake" in line)
    assert "level" in lake
    assert "(estimated)" in done.stdout
    assert "winter" in lake
    assert "No preset asks for plates of the kinds moon" in done.stderr


def test_printed_notes_are_notes_when_laid_beside_the_plate(folder):
    (notes,) = [
        text
        for text in plates(folder, "--notes").stdout.split("# ")
        if text.startswith("winter/lake.yaml")
    ]
    body = notes.partition("\n")[2]
    (folder / "winter" / "lake.yaml").write_text(body)

    (found,) = [
        each
        for each in json.loads(plates(folder, "--json").stdout)
        if each["plate"]["kind"] == "winter"
    ]
    assert not found["estimated"]
    assert Plate.model_validate(yaml.safe_load(body)) == Plate.model_validate(found["plate"])


def test_a_folder_that_is_not_there_is_one_clear_line(tmp_path):
    done = plates(tmp_path / "missing")

    assert done.returncode == 2
    assert "no such folder" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
