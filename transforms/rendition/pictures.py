"""A prepared picture that is to be rendered, and a rendered one."""

from collections.abc import Callable
from dataclasses import dataclass

from transforms.images.codec import decode_png
from transforms.pixels import Pixels
from transforms.records.artefact import Artefact
from transforms.records.facts import PreparedFacts, RenditionFacts


@dataclass(frozen=True, slots=True)
class PreparedPicture:
    """A prepared picture that is to be made in a look."""

    sku: str
    image: Pixels
    """(height, width, 3), sRGB, product colours running on beyond the matte's edge."""
    matte: Pixels
    """(height, width), 255 is product."""
    facts: PreparedFacts
    fingerprint: str = ""
    mask: Pixels | None = None
    """Of what is to be painted anew, like `image`; for presets that want one."""


@dataclass(frozen=True, slots=True)
class RenderedPicture:
    """A finished rendition."""

    facts: RenditionFacts
    pixels: Pixels
    """(height, width, 3), sRGB."""
    occluder: Pixels | None = None
    """(height, width), above 0 where something lies before the product; None: nothing does."""
    attempts: tuple[bytes, ...] = ()
    """JPEG of each attempt of a diffusion model; empty bytes of one that failed."""
    given: Pixels | None = None
    """(height, width, 3), sRGB: what a diffusion model remade as a whole, so that the gate can
    compare; None: none did, or nothing of it is held to what it was."""


def read_prepared(stored: Artefact[PreparedFacts], *, sku: str) -> PreparedPicture:
    """Read the pixels of a prepared image.

    Args:
        stored: The image.
        sku: Of the product.

    Raises:
        TornArtefactError: It is not whole.
        StorageError: Storage does not answer.
    """
    return PreparedPicture(
        sku=sku,
        image=decode_png(stored.read("image.png")),
        matte=decode_png(stored.read("matte.png")),
        facts=stored.facts,
        fingerprint=stored.fingerprint,
    )


PictureLoader = Callable[[], PreparedPicture]
"""Reads a prepared picture when it is needed: not all of a shard fit in memory."""
