"""Colours arrive in sRGB to one level, whatever the file called them."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from transforms.images.colour import to_srgb
from transforms.images.decoding import open_image

D50 = np.array([0.9642, 1.0, 0.8249])
XYZ_D50_TO_SRGB = np.array(  # Lindbloom, Bradford-adapted
    [
        [3.1338561, -1.6168667, -0.4906146],
        [-0.9787684, 1.9161415, 0.0334540],
        [0.0719453, -0.2289914, 1.4052427],
    ]
)
ADOBE_TO_XYZ_D50 = np.array(  # Lindbloom, Bradford-adapted
    [
        [0.6097559, 0.2052401, 0.1492240],
        [0.3111242, 0.6256560, 0.0632197],
        [0.0194811, 0.0608902, 0.7448387],
    ]
)


def srgb_of_xyz(xyz):
    light = np.clip(np.asarray(xyz) @ XYZ_D50_TO_SRGB.T, 0, 1)
    curve = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.rint(curve * 255).astype(int)


def srgb_of_lab(lab):
    y = (lab[0] + 16) / 116
    f = np.array([y + lab[1] / 500, y, y - lab[2] / 200])
    return srgb_of_xyz(np.where(f**3 > 216 / 24389, f**3, (116 * f - 16) * 27 / 24389) * D50)


def tag(kind: bytes, body: bytes) -> bytes:
    return kind + bytes(4) + body


def fixed(*values: float) -> bytes:
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def profile(space: bytes, pcs: bytes, kind: bytes, tags: dict[bytes, bytes]) -> bytes:
    """An ICC profile, version 2, made by hand."""
    words = tag(b"desc", struct.pack(">I", 5) + b"test\0" + bytes(78))
    tags = {b"desc": words, b"wtpt": tag(b"XYZ ", fixed(*D50)), **tags}
    offset = 128 + 4 + 12 * len(tags)
    table, data = struct.pack(">I", len(tags)), b""
    for name, body in tags.items():
        padded = body + bytes(-len(body) % 4)
        table += name + struct.pack(">II", offset + len(data), len(padded))
        data += padded
    header = struct.pack(">I4sI4s4s4s", offset + len(data), b"test", 0x02400000, kind, space, pcs)
    header += bytes(12) + b"acsp" + bytes(28) + fixed(*D50)
    return header.ljust(128, b"\0") + table + data


def adobe_rgb() -> bytes:
    gamma = tag(b"curv", struct.pack(">IH", 1, round(2.19921875 * 256)))
    columns = ADOBE_TO_XYZ_D50.T
    return profile(
        b"RGB ",
        b"XYZ ",
        b"mntr",
        {b"rXYZ": tag(b"XYZ ", fixed(*columns[0])), b"gXYZ": tag(b"XYZ ", fixed(*columns[1])),
         b"bXYZ": tag(b"XYZ ", fixed(*columns[2])), b"rTRC": gamma, b"gTRC": gamma, b"bTRC": gamma},
    )  # fmt: skip


INKS = {  # Lab of a press; every other mixture is black (0, 0, 0)
    (0, 0, 0, 0): (100, 0, 0),
    (255, 0, 0, 0): (55, -37, -50),
    (0, 255, 0, 0): (48, 74, -3),
    (0, 0, 255, 0): (89, -5, 93),
    (255, 255, 0, 0): (24, 22, -46),
    (0, 255, 255, 0): (47, 68, 48),
    (255, 0, 255, 0): (50, -65, 27),
}


def cmyk_press() -> bytes:
    """A CMYK profile whose table has only its corners: full ink or none."""
    corners = b""
    for c in (0, 255):
        for m in (0, 255):
            for y in (0, 255):
                for k in (0, 255):
                    lightness, a, b = INKS.get((c, m, y, k), (0, 0, 0))
                    corners += struct.pack(
                        ">HHH", round(lightness * 652.8), round((a + 128) * 256),
                        round((b + 128) * 256),
                    )  # fmt: skip
    straight = struct.pack(">HH", 0, 65535)
    matrix = fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)
    lut = tag(
        b"mft2",
        bytes([4, 3, 2, 0]) + matrix + struct.pack(">HH", 2, 2)
        + straight * 4 + corners + straight * 3,
    )  # fmt: skip
    return profile(b"CMYK", b"Lab ", b"prtr", {b"A2B0": lut, b"A2B1": lut})


def patches(colours, mode, icc=None):
    image = Image.new(mode, (len(colours), 1))
    image.putdata([colour[0] if len(colour) == 1 else tuple(colour) for colour in colours])
    if icc:
        image.info["icc_profile"] = icc
    return image


def test_adobe_rgb_is_right_to_one_level():
    colours = [(255, 255, 255), (128, 128, 128), (200, 60, 40), (60, 120, 80), (90, 90, 200)]
    light = (np.array(colours) / 255) ** 2.19921875
    expected = srgb_of_xyz(light @ ADOBE_TO_XYZ_D50.T)

    found = to_srgb(patches(colours, "RGB", adobe_rgb()))

    assert found.profile == "test"
    assert np.abs(found.rgb[0].astype(int) - expected).max() <= 1
    assert np.abs(np.array(colours) - expected).max() > 10  # plain numbers would be wrong


def test_cmyk_by_its_profile_is_right_to_one_level():
    # Within sRGB's colours; black point compensation changes nothing, for the press has black.
    inside = [ink for ink in INKS if ink not in {(255, 0, 0, 0), (0, 0, 255, 0), (255, 0, 255, 0)}]
    expected = np.array([srgb_of_lab(INKS[ink]) for ink in inside])

    found = to_srgb(patches(inside, "CMYK", cmyk_press()))

    assert np.abs(found.rgb[0].astype(int) - expected).max() <= 1


def test_cmyk_without_profile_is_light_left_by_inks():
    inks = [(0, 0, 0, 0), (255, 0, 0, 0), (0, 128, 0, 51), (10, 20, 30, 40)]
    expected = np.array([[(255 - i) * (255 - ink[3]) / 255 for i in ink[:3]] for ink in inks])

    found = to_srgb(patches(inks, "CMYK"))

    assert np.abs(found.rgb[0] - expected).max() <= 1
    assert "CMYK" in found.profile


def test_lab_is_right_to_one_level():
    colours = [(100, 0, 0), (50, 20, 30), (60, -30, 20), (30, 10, -40)]
    image = Image.new("LAB", (4, 1))
    image.putdata([(round(low * 2.55), a + 128, b + 128) for low, a, b in colours])
    stored = [(round(low * 2.55) / 2.55, a, b) for low, a, b in colours]

    found = to_srgb(image).rgb[0].astype(int)

    assert np.abs(found - [srgb_of_lab(colour) for colour in stored]).max() <= 1


def test_16_bit_colour_keeps_its_upper_half():
    levels = np.array([0, 257 * 20, 257 * 128, 65535], dtype=np.uint16)
    buffer = io.BytesIO()
    Image.fromarray(levels[None]).save(buffer, "PNG")

    found = to_srgb(open_image(buffer.getvalue()))

    assert found.rgb[0].tolist() == [[0] * 3, [20] * 3, [128] * 3, [255] * 3]


@pytest.mark.parametrize("mode", ["L", "RGB", "P", "1"])
def test_modes_without_transparency_have_no_alpha(mode):
    found = to_srgb(Image.new("RGB", (3, 2), (255, 255, 255)).convert(mode))

    assert found.alpha is None
    assert found.rgb.shape == (2, 3, 3)
    assert found.rgb.min() == 255


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_alpha_is_kept_apart_and_colours_are_not_multiplied(mode):
    grey = Image.new("LA", (2, 1), (200, 60))

    found = to_srgb(grey if mode == "LA" else grey.convert("RGBA").convert(mode))

    assert found.alpha.tolist() == [[60, 60]]
    assert found.rgb[0, 0].tolist() == [200, 200, 200]


def test_a_transparent_entry_of_a_palette_is_transparent():
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 200, 100, 50])
    image.putdata([0, 1])
    buffer = io.BytesIO()
    image.save(buffer, "PNG", transparency=0)

    found = to_srgb(open_image(buffer.getvalue()))

    assert found.alpha.tolist() == [[0, 255]]
    assert found.rgb[0, 1].tolist() == [200, 100, 50]


@pytest.mark.parametrize(
    ("mode", "icc", "said"),
    [
        pytest.param("RGB", b"nonsense", "damaged", id="damaged"),
        pytest.param("RGB", cmyk_press(), "another colour space", id="of another space"),
    ],
)
def test_a_useless_profile_counts_as_none(mode, icc, said):
    found = to_srgb(patches([(12, 34, 56)], mode, icc))

    assert found.rgb[0, 0].tolist() == [12, 34, 56]
    assert said in found.profile


def test_grey_that_is_tagged_as_rgb_is_read_as_equal_parts():
    expected = srgb_of_xyz((np.full(3, 100 / 255) ** 2.19921875) @ ADOBE_TO_XYZ_D50.T)

    found = to_srgb(patches([(100,)], "L", adobe_rgb()))

    assert np.abs(found.rgb[0, 0].astype(int) - expected).max() <= 1
