"""Any picture to sRGB with 8 bits a channel, alpha apart. Pure: Pillow in, arrays out."""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageCms

from transforms.images.decoding import eight_bits
from transforms.pixels import Pixels

SRGB = "sRGB"

_FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION
_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
_SPACES = {"RGB": "RGB ", "CMYK": "CMYK", "L": "GRAY", "LAB": "Lab "}


@dataclass(frozen=True, slots=True)
class Colours:
    """A picture's pixels in one known meaning."""

    rgb: Pixels
    """(height, width, 3), sRGB. Belongs to the caller."""
    alpha: Pixels | None
    """(height, width), 255 is opaque, not multiplied into `rgb`; None: the picture has none."""
    profile: str
    """What the source's numbers meant: the description of its ICC profile, or what was assumed."""


def to_srgb(image: Image.Image) -> Colours:
    """Convert by the embedded profile, relative colorimetric with black point compensation.

    That is what photographers see in their own programs. Without a profile RGB and grey are
    taken as sRGB; CMYK is converted by its definition (light left by inks that absorb fully),
    since nobody knows the press. A profile that is damaged, or of another colour space than the
    pixels, counts as none.

    Args:
        image: As `open_image` gives it, in any mode, `info["icc_profile"]` in place. Not modified.

    Colours of opaque pixels are right to one level (see the tests for AdobeRGB and CMYK).
    """
    icc = image.info.get("icc_profile")
    image = eight_bits(image)
    if image.mode in ("P", "PA", "L", "RGB", "1") and "transparency" in image.info:
        image = image.convert("RGBA")  # one colour, or entries of the palette, are transparent
    elif image.mode in ("P", "PA"):
        image = image.convert("RGBA" if image.mode == "PA" else "RGB")
    alpha = None
    if image.mode in ("RGBA", "LA", "La", "RGBa"):
        image = image.convert({"La": "LA", "RGBa": "RGBA"}.get(image.mode, image.mode))
        alpha = np.array(image.getchannel("A"))
        image = image.convert("L" if image.mode == "LA" else "RGB")
    if image.mode not in _SPACES:  # 1, YCbCr, HSV, RGBX
        image = image.convert("L" if image.mode == "1" else "RGB")
    source, profile = _profile(icc, image.mode)
    if source is not None:
        if image.mode == "L" and source.profile.xcolor_space.strip() == "RGB":
            image = image.convert("RGB")  # grey tagged as RGB: R = G = B of that space
        image = _convert(image, source)
    return Colours(np.array(image.convert("RGB")), alpha, profile)


def _profile(icc: bytes | None, mode: str) -> tuple[ImageCms.ImageCmsProfile | None, str]:
    """The profile to convert from (None: numbers are sRGB already), and its name."""
    if mode == "LAB":
        return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")), "CIE Lab"
    assumed = "none, CMYK by definition" if mode == "CMYK" else f"none, taken as {SRGB}"
    if not icc:
        return None, assumed
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        name = " ".join(ImageCms.getProfileDescription(profile).split())
    except (ImageCms.PyCMSError, OSError):
        return None, f"damaged, {assumed}"
    space = profile.profile.xcolor_space
    if space != _SPACES[mode] and not (mode == "L" and space == "RGB "):
        return None, f"{name}, of another colour space, {assumed}"
    return (None if mode == "RGB" and _is_srgb(profile) else profile), name


def _is_srgb(profile: ImageCms.ImageCmsProfile) -> bool:
    """Whether converting would change nothing, as a grid of colours shows."""
    levels = np.linspace(0, 255, 9).round().astype(np.uint8)
    grid = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(1, -1, 3)
    converted = np.asarray(_convert(Image.fromarray(grid), profile), dtype=np.int16)
    return bool(np.abs(converted - grid).max() <= 1)


def _convert(image: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image:
    transform = ImageCms.buildTransform(
        source, ImageCms.createProfile("sRGB"), image.mode, "RGB", _INTENT, _FLAGS
    )
    return transform.apply(image)
