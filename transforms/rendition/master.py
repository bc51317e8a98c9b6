"""A finished rendition, read back: its pixels, what they should show, and how they came about."""

from dataclasses import dataclass

import numpy as np

from transforms.diffusion.prompts import write_prompts
from transforms.images.canvas import lay_on_canvas
from transforms.images.clipping_path import ClippingPath, trace_path
from transforms.images.codec import decode_png
from transforms.pixels import Pixels
from transforms.presets.look import Look
from transforms.provenance.lineage import Lineage, Rights, classify_making
from transforms.quality.placed import OPAQUE, Placed, cut
from transforms.records.artefact import FRAMED_RENDITION, read_artefact
from transforms.records.facts import NotFramed, PreparedFacts, RenditionFacts
from transforms.records.renditions import Rendition
from transforms.rendition.pictures import PreparedPicture
from transforms.storage.protocol import Storage


@dataclass(frozen=True, slots=True)
class Master:
    """A rendition without loss: what every file of it is made from."""

    look: Look
    """In the frame, where it has one."""
    fingerprint: str
    rendered: RenditionFacts
    pixels: Pixels
    """(height, width, 3), sRGB."""
    placed: Placed
    given: Pixels | None = None
    """(height, width, 3), sRGB: what a diffusion model remade as a whole, at any size; None: none
    did, or nothing of it is held to what it was."""

    def clipping_path(self) -> ClippingPath | None:
        """The path around what is seen of the product; None: there is none.

        Nor is there where a model painted the product anew: its edge need not be where it was.
        """
        if self.look.preset.preserve != "product":
            return None
        matte = np.zeros(self.pixels.shape[:2], np.uint8)
        cut(matte, self.placed.box)[:] = self.placed.matte
        if self.placed.occluder is not None:
            matte = np.minimum(matte, OPAQUE - self.placed.occluder)
        return trace_path(matte)


def read_master(
    work: Storage, look: Look, fingerprint: str, shown: PreparedPicture
) -> Master | NotFramed:
    """Read a rendition, or why it is not to be had in its frame.

    Args:
        work: Where it lies.
        look: That made it, in its frame.
        fingerprint: Of the rendition.
        shown: The prepared picture that it shows.

    Raises:
        NotFoundError: It was not rendered, or is not whole.
        StorageError: Storage does not answer.
    """
    stored = read_artefact(work, FRAMED_RENDITION, fingerprint)
    rendered = stored.facts
    if isinstance(rendered, NotFramed):
        return rendered
    product, box = lay_on_canvas(shown.image, rendered.placement)
    matte, _ = lay_on_canvas(shown.matte, rendered.placement)

    def part(name: str) -> Pixels | None:
        return decode_png(stored.read(name)) if name in stored else None

    return Master(
        look,
        fingerprint,
        rendered,
        decode_png(stored.read("image.png")),
        Placed(product, matte, box, part("occluder.png")),
        part("given.png"),
    )


def lineage_of(master: Master, row: Rendition, prepared: PreparedFacts, rights: Rights) -> Lineage:
    """How a rendition came about, as far as its files say it.

    Args:
        master: The rendition.
        row: Says of which photograph it is.
        prepared: Facts of the prepared image.
        rights: Whose photograph it is.
    """
    look, rendered = master.look, master.rendered
    discloses = look.brand.discloses
    name = rendered.backdrop.name if rendered.backdrop else ""
    plate = next((each.plate for each in look.plates if each.plate.name == name), None)
    prompt = ""
    if "prompt" in discloses and rendered.checkpoint and look.preset.diffusion:
        prompt = write_prompts(look.preset.diffusion.prompt, look.brand)[0]
    return Lineage(
        made=classify_making(
            prepared,
            rendered,
            product_kept=look.preset.preserve == "product",
            plate_photographed=plate is not None and plate.photographed,
        ),
        source_key=row.key,
        source_sha256=row.sha256,
        rights=rights,
        steps=tuple(step.name for step in prepared.steps if step.applied),
        preset=look.preset.name if "preset" in discloses else "",
        model=rendered.checkpoint if "model" in discloses else "",
        prompt=prompt,
    )
