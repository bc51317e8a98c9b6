"""The path in a file, read back by another program, is the product's outline with its openings."""

import io
import itertools
import re
import struct
import subprocess

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.support.other_programs import exiftool, program
from tests.unit.images.mattes import disc, headphones, matte, mug, ring
from transforms.images.clipping_path import ACTIVE, PATH, ClippingPath, trace_path
from transforms.images.codec import NO_METADATA, Metadata, encode_as

CANVAS = 1000
PRODUCTS = {"mug": (mug, 2), "ring": (ring, 2), "headphones": (headphones, 3)}


def file(shape: np.ndarray, path: ClippingPath | None = None) -> bytes:
    """The product in grey on white, as JPEG."""
    said = Metadata(photoshop=path.resources(), ppi=300) if path else NO_METADATA
    grey = np.repeat((255 - shape // 2)[..., None], 3, axis=2)
    return encode_as(grey, "jpeg", 90, metadata=said)


def resources(data: bytes) -> dict[int, bytes]:
    """Photoshop's image resources as Pillow reads them."""
    with Image.open(io.BytesIO(data)) as image:
        return {n: d for n, d in image.info["photoshop"].items() if isinstance(n, int)}


def curves(data: bytes, folder) -> list[np.ndarray]:
    """The file's path as ImageMagick reads it, which shares no code with ours."""
    identify = program("identify", "imagemagick")
    (folder / "picture.jpg").write_bytes(data)
    told = subprocess.run(
        [identify, "-format", "%[8BIM:1999,2998:#1]", folder / "picture.jpg"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert 'fill-rule="evenodd"' in told
    subpaths: list[list[np.ndarray]] = []
    for command, numbers in re.findall(r"([MLC]) ([-\d. e]+)", told):
        points = np.array(numbers.split(), float).reshape(-1, 2)
        if command == "M":
            subpaths.append([points])
        elif command == "L":
            subpaths[-1].append(points)
        else:
            corners, t = np.vstack([subpaths[-1][-1][-1:], points]), np.linspace(0, 1, 33)[1:, None]
            powers = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3]
            subpaths[-1].append(sum(p * c for p, c in zip(powers, corners, strict=True)))
    return [np.vstack(each) for each in subpaths]


def filled(subpaths: list[np.ndarray], side: int) -> np.ndarray:
    """Whether each pixel's centre lies within, by the even-odd rule."""
    crossings = np.zeros((side, side + 1), np.int64)
    for points in subpaths:
        x, y = points.T
        ends = np.stack([y, np.roll(y, -1)]) - 0.5
        first, last = np.ceil(ends.min(axis=0)).astype(int), np.ceil(ends.max(axis=0)).astype(int)
        edges = np.repeat(np.arange(len(x)), last - first)
        rows = np.concatenate([np.arange(*each) for each in zip(first, last, strict=True)])
        share = (rows - ends[0, edges]) / (ends[1] - ends[0])[edges]
        at = x[edges] + share * (np.roll(x, -1) - x)[edges]
        np.add.at(crossings, (rows, np.ceil(at - 0.5).astype(int)), 1)
    return np.cumsum(crossings, axis=1)[:, :side] % 2 == 1


@pytest.mark.parametrize("product", PRODUCTS)
def test_another_program_reads_the_outline_with_all_its_openings(product, tmp_path):
    draw, number = PRODUCTS[product]
    shape = draw(CANVAS)
    path = trace_path(shape)
    assert path is not None

    found = curves(file(shape, path), tmp_path)

    assert len(found) == number
    within, wanted = filled(found, shape.shape[0]), shape > 127
    assert np.count_nonzero(within & wanted) / np.count_nonzero(within | wanted) >= 0.995
    # Openings one by one: they are too small to count for much above.
    _, labels = cv2.connectedComponents(np.uint8(~wanted), connectivity=4)
    openings = [labels == label for label in range(1, labels.max() + 1) if label != labels[0, 0]]
    assert len(openings) == number - 1
    for opening in openings:
        assert np.count_nonzero(within & opening) / np.count_nonzero(opening) < 0.02


def test_a_path_of_a_picture_that_is_no_square_is_told_in_shares_of_its_sides(tmp_path):
    shape = np.zeros((120, 300), np.uint8)
    shape[:, 150:270] = matte(disc(120, (60, 60), 40))

    (found,) = curves(file(shape, trace_path(shape)), tmp_path)

    assert np.abs(np.hypot(found[:, 0] - 210, found[:, 1] - 60) - 40).max() < 0.5


def test_a_third_program_knows_which_path_clips_and_the_resolution(tmp_path):
    shape = mug(200)
    (tmp_path / "mug.jpg").write_bytes(file(shape, trace_path(shape)))

    told = subprocess.run(
        [exiftool(), "-s3", "-ClippingPathName", "-XResolution", "-Warning",
         tmp_path / "mug.jpg"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip

    assert told.split() == ["Product", "300"]


def test_records_are_those_of_adobes_specification():
    shape = matte(np.clip(disc(100, (50, 50), 40) - disc(100, (50, 50), 20), 0, 1))
    found = resources(file(shape, trace_path(shape)))

    records = found[PATH]
    kinds = [kind for (kind,) in struct.iter_unpack(">H24x", records)]
    assert [(kind, len(list(run))) for kind, run in itertools.groupby(kinds)] == [
        (6, 1), (8, 1), (0, 1), (1, 4), (0, 1), (1, 4)
    ]  # fmt: skip
    assert struct.unpack_from(">HH", records, 2 * 26) == (0, 4)
    # Handle, anchor, handle, y before x: the outer circle's uppermost, clockwise.
    _, *numbers = struct.unpack_from(">H6i", records, 3 * 26)
    y0, x0, y1, x1, y2, x2 = (number / 2**24 for number in numbers)
    assert (y0, y1, y2) == pytest.approx([0.1] * 3, abs=0.004)
    assert (x0, x1, x2) == pytest.approx([0.5 - 0.221, 0.5, 0.5 + 0.221], abs=0.02)
    assert found[ACTIVE] == b"\x07Product" + b"\0\0\0\0" + b"\0\1"


def test_dust_has_no_path_and_nothing_has_none():
    shape = mug(200)
    shape[5:9, 5:9] = 255
    shape[90:94, 60:64] = 0

    assert len(trace_path(shape).subpaths) == 2
    assert trace_path(np.zeros((50, 50), np.uint8)) is None


def test_around_fur_the_path_is_softened_until_its_knots_fit():
    noise = np.random.default_rng(1).normal(size=(400, 400))
    fur = cv2.GaussianBlur(noise, (0, 0), 1.2)
    y, x = np.mgrid[:400, :400] - 200
    shape = np.clip((130 - np.hypot(x, y)) * 8 + 600 * fur + 127, 0, 255).astype(np.uint8)

    path = trace_path(shape, most_knots=120)

    assert path.softened_px > 0
    assert 0 < path.knots <= 120
    body = path.subpaths[0].sampled(20)
    assert np.abs(np.hypot(*(body - 200).T) - 130).max() < 20
    assert trace_path(mug(200), most_knots=120).softened_px == 0


def test_the_picture_stays_the_same_bytes():
    shape = mug(200)
    plain, made = file(shape), file(shape, trace_path(shape))

    assert set(resources(made)) == {PATH, ACTIVE}
    assert made[made.index(b"\xff\xda") :] == plain[plain.index(b"\xff\xda") :]
