"""Pictures as files: the formats, profiles and flags that real archives are full of."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from PIL import Image, ImageCms

from samples.render import icc_profiles

ORIENTATION = 0x0112
MODEL = 0x0110
UNDO = {1: 0, 3: 180, 6: 90, 8: 270}
"""Degrees to turn the picture anticlockwise for storing, by the EXIF flag that turns it back."""


@dataclass(frozen=True)
class Format:
    """How one picture is stored."""

    extension: Literal["jpg", "png", "webp", "tiff"] = "jpg"
    quality: int = 92
    profile: Literal["srgb", "adobe-rgb", "cmyk"] = "srgb"
    orientation: Literal[1, 3, 6, 8] = 1
    """EXIF flag; anything but 1 stores the picture turned."""
    bits: Literal[8, 16] = 8
    """A channel; 16 is for PNG only."""


def write_picture(path: Path, rgb: np.ndarray, alpha: np.ndarray | None, how: Format) -> None:
    """Write sRGB floats in [0, 1], (height, width, 3), and an optional (height, width) alpha."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if how.bits == 16:
        deep = np.round(rgb[..., ::-1] * 65535).astype(np.uint16)
        cv2.imwrite(str(path), deep, [cv2.IMWRITE_PNG_COMPRESSION, 9])
        return
    pixels = np.round(rgb * 255).astype(np.uint8)
    if alpha is not None:
        opacity = np.round(alpha * 255).astype(np.uint8)
        pixels = np.dstack([np.where(opacity[..., None] > 0, pixels, 0), opacity])
    picture, profile = _in_space(pixels, how.profile)
    picture = picture.rotate(UNDO[how.orientation], expand=True)
    exif = Image.Exif()
    exif[MODEL] = "Packshot sample"
    exif[ORIENTATION] = how.orientation
    options: dict[str, object] = {
        "jpg": {"quality": how.quality, "subsampling": "4:2:0", "exif": exif, "optimize": True},
        "webp": {"quality": how.quality, "method": 6, "exif": exif},
        "png": {"optimize": True},
        "tiff": {"compression": "tiff_adobe_deflate", "tiffinfo": {317: 2}},
    }[how.extension]
    picture.save(path, icc_profile=profile, **options)


def _in_space(pixels: np.ndarray, profile: str) -> tuple[Image.Image, bytes]:
    picture = Image.fromarray(pixels)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    if profile == "adobe-rgb":
        wide = icc_profiles.adobe_rgb()
        target = ImageCms.ImageCmsProfile(BytesIO(wide))
        return ImageCms.profileToProfile(picture, srgb, target), wide
    if profile == "cmyk":
        encoded = pixels.reshape(-1, 3) / 255
        light = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
        inks = np.round(icc_profiles.linear_to_ink(light) * 255).astype(np.uint8)
        stored = Image.frombytes("CMYK", picture.size, inks.tobytes())
        return stored, icc_profiles.press_cmyk()
    return picture, srgb.tobytes()


def read_render(path: Path) -> tuple[np.ndarray, np.ndarray | None]:
    """A 16-bit render as sRGB floats in [0, 1], and its alpha where it is not opaque."""
    bgra = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if bgra is None:
        raise FileNotFoundError(path)
    picture = bgra.astype(np.float64) / 65535
    alpha = picture[..., 3]
    return picture[..., 2::-1], alpha if alpha.min() < 1 else None
