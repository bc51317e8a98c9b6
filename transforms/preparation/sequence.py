"""The way from a file's bytes to a prepared picture, in order. Pure: writes nothing."""

from dataclasses import dataclass

import numpy as np

from transforms.cutout.foreground import foreground_colours
from transforms.cutout.matte import Matte, crop_box, matte_of
from transforms.images.canvas import MID_GREY, WHITE, over
from transforms.images.colour import to_srgb
from transforms.images.decoding import open_image, orientation, upright
from transforms.images.mask import read_supplied_mask
from transforms.images.measures import (
    blockiness,
    grey_tiles,
    jpeg_quality,
    noise_sigma,
    over_white,
)
from transforms.pixels import Pixels
from transforms.preparation.blocking import deblock
from transforms.preparation.noise import denoise
from transforms.preparation.tilt import straighten
from transforms.preparation.tone import correct_tone
from transforms.presets.catalogue import Preparation
from transforms.provenance.reading import find_rights
from transforms.recognition.faces import find_faces
from transforms.recognition.text import find_texts
from transforms.records.facts import FaceFacts, PreparedFacts, SourceRights, Step, TextFacts
from transforms.records.fingerprint import CODE_VERSIONS


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture that is upright, sRGB, even in tone, straight, cut out and cropped."""

    facts: PreparedFacts
    image: Pixels
    """(height, width, 3), sRGB; the product's colours run on beyond its edge."""
    matte: Pixels
    """(height, width), 255 is product."""
    before: Pixels
    """The whole picture, upright and in sRGB, as it came; on white where it was transparent."""


def prepare(
    data: bytes, settings: Preparation, *, digest: str, mask: bytes | None = None
) -> Prepared:
    """Prepare one picture.

    Args:
        data: A source image's bytes.
        settings: What the catalogue wants done, and by which models.
        digest: SHA-256 of `data`, for the facts.
        mask: A mask that a person supplied, as a file's bytes; None: the network is asked.

    Raises:
        SourceError: It does not decode, shows no product, or its mask does not fit.
        ConfigError: A model that there is not.
        ModelError: Weights are missing, or are not the ones we know.
    """
    image = open_image(data)
    turned, owned = orientation(image), find_rights(image)
    quality, tiles = jpeg_quality(image), grey_tiles(np.asarray(over_white(image).convert("L")))
    noise, blocks = noise_sigma(tiles), blockiness(tiles)
    colours = to_srgb(upright(image))
    del image
    rgb = colours.rgb
    before = rgb if colours.alpha is None else over(WHITE, rgb, colours.alpha)
    if mask:
        rgb = before  # a mask may call product what was transparent, and has colours by chance
    steps: list[Step] = []
    if settings.deblock:
        rgb, step = deblock(rgb, blockiness=blocks, jpeg_quality=quality, orientation=turned)
        steps.append(step)
    if settings.denoise:
        rgb, step = denoise(rgb, noise=noise)
        steps.append(step)
    height, width = rgb.shape[:2]
    matte = matte_of(
        rgb,
        colours.alpha,
        model=settings.cutout,
        second_opinion=settings.second_opinion or "",
        mask=read_supplied_mask(mask, size=(width, height), orientation=turned) if mask else None,
    )
    found_texts, found_faces = _recognise(rgb, matte, settings)
    backdrop = None
    if settings.tone and matte.facts.origin != "alpha":
        rgb, step, backdrop = correct_tone(rgb, matte.alpha, target=settings.tone)
        steps.append(step)
    alpha = matte.alpha
    if settings.straighten:
        rgb, alpha, step = straighten(rgb, alpha)
        steps.append(step)
    return _crop(
        rgb,
        alpha,
        before,
        PreparedFacts(
            source_sha256=digest,
            orientation=turned,
            colour_profile=colours.profile,
            width_px=width,
            height_px=height,
            crop=crop_box(alpha),
            matte=matte.facts,
            steps=tuple(steps),
            backdrop=backdrop,
            texts=found_texts,
            faces=found_faces,
            rights=SourceRights(creator=owned.creator, copyright=owned.copyright),
            versions={"prepare": CODE_VERSIONS["prepare"]},
        ),
    )


def _recognise(
    rgb: Pixels, matte: Matte, settings: Preparation
) -> tuple[tuple[TextFacts, ...], tuple[FaceFacts, ...]]:
    if matte.facts.origin == "alpha":
        rgb = over(MID_GREY, rgb, matte.alpha)  # colours under transparency are seen by nobody
    return (
        find_texts(rgb, matte.alpha) if settings.find_text else (),
        find_faces(rgb, matte.alpha) if settings.find_faces else (),
    )


def _crop(rgb: Pixels, alpha: Pixels, before: Pixels, facts: PreparedFacts) -> Prepared:
    left, top, right, bottom = facts.crop
    matte = np.ascontiguousarray(alpha[top:bottom, left:right])
    image = foreground_colours(np.ascontiguousarray(rgb[top:bottom, left:right]), matte)
    return Prepared(facts, image, matte, before)
