"""Pixels do not change unless the step's number in CODE_VERSIONS does.

The golden pictures lie in `tests/data/golden/`, named by step and number. Who changes pixels on
purpose raises the number and writes new ones: `PACKSHOT_GOLDEN=write pytest <this file>`.
"""

import io
import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from transforms.images.codec import decode, decode_png, encode, encode_png
from transforms.preparation.sequence import prepare
from transforms.presets.brand import Brand
from transforms.presets.catalogue import Preparation
from transforms.presets.channel import Channel
from transforms.presets.look import Look
from transforms.presets.preset import Preset, Shadow
from transforms.records.fingerprint import CODE_VERSIONS
from transforms.rendition.standard import standardised

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
LEVELS = 1  # processors may round differently

SETTINGS = Preparation(find_text=False, find_faces=False)
SHOP = Channel(name="c", purpose="A channel of this test.", quality=92)
LOOK = Look(
    variant="standard",
    preset=Preset(
        name="p",
        purpose="A look of this test.",
        brand="b",
        shadow=Shadow(kind="contact", opacity=0.8, spread=0.14),
    ),
    brand=Brand(name="b", canvas_px=256, background=(250, 250, 250)),
)


def source() -> tuple[bytes, bytes]:
    """A striped mug on dim, bluish paper, drawn with whole numbers; and its mask, a little soft."""
    rows, columns = np.mgrid[0:120, 0:150]
    stripes = ((columns // 6 + rows // 9) % 5 * 45).astype(np.uint8)
    rgb = np.stack([stripes, 255 - stripes, (rows * 2).astype(np.uint8)], axis=-1)
    alpha = np.zeros((120, 150), np.uint8)
    cv2.rectangle(alpha, (40, 20), (100, 90), 255, -1)
    cv2.ellipse(alpha, (70, 90), (30, 12), 0, 0, 360, 255, -1)
    cv2.ellipse(alpha, (105, 50), (18, 22), 0, 0, 360, 255, 7)
    alpha = cv2.blur(alpha, (3, 3))
    cover = alpha[..., None].astype(np.uint16)
    paper = np.array((176, 184, 196), np.uint16)
    return png((rgb * cover + paper * (255 - cover)) // 255), png(alpha)


def png(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def made() -> dict[str, np.ndarray]:
    picture, mask = source()
    prepared = prepare(picture, SETTINGS, digest="", mask=mask)
    _, pixels = standardised(prepared.image, prepared.matte, LOOK)
    return {
        "prepare": np.dstack([prepared.image, prepared.matte]),
        "render": pixels,
        "encode": decode(encode(pixels, SHOP)),
    }


def test_the_golden_picture_goes_through_the_tone():
    picture, mask = source()
    facts = prepare(picture, SETTINGS, digest="", mask=mask).facts

    assert {step.name: step.applied for step in facts.steps} == {
        "deblock": False,
        "denoise": False,
        "tone": True,
        "straighten": False,
    }


@pytest.mark.parametrize("step", ["prepare", "render", "encode"])
def test_pixels_change_only_with_the_number(made, step):
    path = GOLDEN / f"{step}-{CODE_VERSIONS[step]}.png"
    found = made[step]
    if os.environ.get("PACKSHOT_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(found).save(path)
    expected = np.asarray(Image.open(path)).astype(int)

    assert found.shape == expected.shape
    difference = np.abs(found - expected).max()
    assert difference <= LEVELS, f"raise CODE_VERSIONS[{step!r}]: pixels moved by {difference}"


def test_a_moved_product_is_noticed(made):
    expected = np.asarray(Image.open(GOLDEN / f"render-{CODE_VERSIONS['render']}.png")).astype(int)

    assert np.abs(np.roll(made["render"], 1, axis=1) - expected).max() > LEVELS


def test_masters_are_exact(made):
    assert np.array_equal(decode_png(encode_png(made["render"])), made["render"])
