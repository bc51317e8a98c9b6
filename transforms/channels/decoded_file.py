"""A picture as an outlet gets it: what its file is and says, and its pixels."""

from dataclasses import dataclass
from typing import get_args

import numpy as np
from PIL import Image

from transforms.images.canvas import WHITE, over
from transforms.images.colour import SRGB, to_srgb
from transforms.images.decoding import open_image, upright
from transforms.pixels import Pixels
from transforms.presets.channel_rule import FileFormat
from transforms.provenance.reading import find_colour_space, find_private, find_source_type

READABLE = ("JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF", "BMP")
"""What outlets take. AVIF, GIF and BMP are no sources of ours, but may be looked at."""

_NAMES = {name.upper(): name for name in get_args(FileFormat)} | {"MPO": "jpeg"}
_SPACES = {"CMYK": "cmyk", "L": "grey", "LA": "grey", "1": "grey"}
_PATHS = range(2000, 2998)
"""Photoshop's resources that hold a clipping path each."""
_EXIF_SRGB = 1
_GRID = 9
_OPAQUE = 255


@dataclass(frozen=True, slots=True)
class DecodedFile:
    """What is known of a file after decoding it once."""

    file_bytes: int
    format: str
    """`jpeg`, `png`, ...; by content."""
    width_px: int
    """Upright."""
    height_px: int
    space: str
    """`rgb`, `grey` or `cmyk`."""
    bits_per_channel: int
    profile: str
    """`sRGB`, `none`, or the description of another profile."""
    transparent: bool
    """Some pixel lets through what is behind."""
    resolution_ppi: float | None
    """None: the file does not say."""
    clipping_paths: int | None
    """None: not looked for in such files."""
    private: tuple[str, ...]
    """`place`, `device`."""
    source_type: str | None
    """Name of the IPTC digital source type; None: it claims none."""
    rgb: Pixels
    """(height, width, 3), sRGB, transparent parts on white."""


def decode_file(data: bytes) -> DecodedFile:
    """Decode a picture that nobody vouches for.

    Raises:
        SourceError: As `open_image` does.
    """
    opened = open_image(data, formats=READABLE)
    image = upright(opened)
    colours = to_srgb(image)
    rgb, transparent = colours.rgb, False
    if colours.alpha is not None:
        transparent = bool(colours.alpha.min(initial=_OPAQUE) < _OPAQUE)
        rgb = over(WHITE, rgb, colours.alpha) if transparent else rgb
    dpi = opened.info.get("dpi")
    return DecodedFile(
        file_bytes=len(data),
        format=_NAMES[str(opened.format)],
        width_px=rgb.shape[1],
        height_px=rgb.shape[0],
        space=_SPACES.get(opened.mode, "grey" if opened.mode.startswith("I;16") else "rgb"),
        bits_per_channel=opened.info["bits_per_channel"],
        profile=_profile(opened, colours.profile),
        transparent=transparent,
        resolution_ppi=float(min(dpi)) if dpi else None,
        clipping_paths=_clipping_paths(opened),
        private=find_private(opened),
        source_type=find_source_type(opened),
        rgb=rgb,
    )


def _profile(image: Image.Image, described: str) -> str:
    """`sRGB` where the file says so in any way: by what its profile does, not by its name."""
    icc = image.info.get("icc_profile")
    if icc:
        return SRGB if _changes_nothing(icc) else described
    tagged = "srgb" in image.info or find_colour_space(image) == _EXIF_SRGB
    return SRGB if tagged else "none"


def _changes_nothing(icc: bytes) -> bool:
    levels = np.linspace(0, _OPAQUE, _GRID).round().astype(np.uint8)
    grid = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(1, -1, 3)
    probe = Image.fromarray(grid)
    probe.info["icc_profile"] = icc
    found = to_srgb(probe)
    unusable = "taken as" in found.profile
    return not unusable and bool(np.abs(found.rgb.astype(np.int16) - grid).max() <= 1)


def _clipping_paths(image: Image.Image) -> int | None:
    if image.format not in ("JPEG", "MPO"):
        return None
    resources = image.info.get("photoshop") or {}
    return sum(number in _PATHS for number in resources)
