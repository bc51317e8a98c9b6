"""Colour profiles written from scratch, so that the samples carry nobody else's licence.

Just enough of ICC.1:2001-04 (version 2): a matrix profile for a wide RGB space, and a lookup
table from CMYK to Lab for an invented press.
"""

import struct

import numpy as np

D50 = (0.9642, 1.0, 0.8249)
ADOBE_RGB_PRIMARIES = (
    (0.60974, 0.31111, 0.01947),
    (0.20528, 0.62567, 0.06087),
    (0.14919, 0.06322, 0.74457),
)
"""XYZ under D50 of its red, green and blue (Adobe RGB (1998) encoding, annex C)."""
ADOBE_GAMMA = 563 / 256

RGB_FROM_XYZ = np.array(
    [
        [3.1338561, -1.6168667, -0.4906146],
        [-0.9787684, 1.9161415, 0.0334540],
        [0.0719453, -0.2289914, 1.4052427],
    ]
)
"""Linear sRGB from XYZ under D50 (Bradford)."""

INK_DENSITY = np.array([[1.45, 0.12, 0.05], [0.42, 1.30, 0.14], [0.14, 0.48, 1.10]])
"""Optical density of full cyan, magenta and yellow (columns) seen by red, green and blue."""
BLACK_DENSITY = 1.55
TABLE_STEPS = 9


def adobe_rgb() -> bytes:
    """A matrix profile compatible with Adobe RGB (1998)."""
    gamma = b"curv" + bytes(4) + struct.pack(">IHxx", 1, round(ADOBE_GAMMA * 256))
    tags = {
        b"rXYZ": _xyz(ADOBE_RGB_PRIMARIES[0]),
        b"gXYZ": _xyz(ADOBE_RGB_PRIMARIES[1]),
        b"bXYZ": _xyz(ADOBE_RGB_PRIMARIES[2]),
        b"rTRC": gamma,
        b"gTRC": gamma,
        b"bTRC": gamma,
    }
    return _profile(b"mntr", b"RGB ", b"XYZ ", "Compatible with Adobe RGB (1998)", tags)


def press_cmyk() -> bytes:
    """An output profile that says how our invented press looks on coated paper."""
    steps = np.linspace(0, 1, TABLE_STEPS)
    inks = np.stack(np.meshgrid(steps, steps, steps, steps, indexing="ij"), -1).reshape(-1, 4)
    lab = _lab_from_linear(ink_to_linear(inks))
    encoded = np.round(np.clip([255 / 100, 1, 1] * lab + [0, 128, 128], 0, 255)).astype(np.uint8)
    ramp = bytes(range(256))
    table = (
        b"mft1"
        + bytes(4)
        + struct.pack(">BBBx", 4, 3, TABLE_STEPS)
        + b"".join(
            struct.pack(">i", 65536 * (row == column)) for row in range(3) for column in range(3)
        )
        + ramp * 4
        + encoded.tobytes()
        + ramp * 3
    )
    return _profile(b"prtr", b"CMYK", b"Lab ", "Packshot sample press, coated", {b"A2B0": table})


def ink_to_linear(inks: np.ndarray) -> np.ndarray:
    """Linear sRGB of printed (n, 4) cyan, magenta, yellow, black coverages in [0, 1]."""
    density = inks[:, :3] @ INK_DENSITY.T + inks[:, 3:] * BLACK_DENSITY
    return 10.0**-density


def linear_to_ink(light: np.ndarray, *, black: float = 0.7) -> np.ndarray:
    """Coverages that print `light`, (n, 3) linear sRGB; `black` is the share of grey in black."""
    density = -np.log10(np.clip(light, 10**-2.4, 1))
    k = np.clip(density.min(1, keepdims=True) * black / BLACK_DENSITY, 0, 1)
    colours = (density - k * BLACK_DENSITY) @ np.linalg.inv(INK_DENSITY).T
    return np.clip(np.concatenate([colours, k], 1), 0, 1)


def _lab_from_linear(light: np.ndarray) -> np.ndarray:
    relative = light @ np.linalg.inv(RGB_FROM_XYZ).T / D50
    root = np.where(relative > 216 / 24389, np.cbrt(relative), (relative * 24389 / 27 + 16) / 116)
    return np.stack(
        [116 * root[:, 1] - 16, 500 * (root[:, 0] - root[:, 1]), 200 * (root[:, 1] - root[:, 2])], 1
    )


def _xyz(value: tuple[float, float, float]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(part * 65536) for part in value))


def _profile(
    kind: bytes, space: bytes, connection: bytes, name: str, tags: dict[bytes, bytes]
) -> bytes:
    text = name.encode("ascii") + b"\0"
    described = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(78),
        b"cprt": b"text" + bytes(4) + b"Apache-2.0, the Packshot authors\0",
        b"wtpt": _xyz(D50),
        **tags,
    }
    body, index = b"", b""
    start = 128 + 4 + 12 * len(described)
    for signature, content in described.items():
        index += signature + struct.pack(">II", start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    header = struct.pack(
        ">I4sI4s4s4s6H4s4sI4s4sQI3i4s44x",
        start + len(body),
        b"lcms",
        0x02400000,
        kind,
        space,
        connection,
        2026,
        1,
        1,
        0,
        0,
        0,
        b"acsp",
        bytes(4),
        0,
        bytes(4),
        bytes(4),
        0,
        0,
        *(round(part * 65536) for part in D50),
        bytes(4),
    )
    return header + struct.pack(">I", len(described)) + index + body
