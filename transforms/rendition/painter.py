"""Makes pictures in one look, whatever its engine."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from transforms.errors import RenderError
from transforms.images.canvas import laid
from transforms.pixels import Pixels
from transforms.presets.gate import Gate
from transforms.presets.look import Look
from transforms.quality.metrics import OF_REMADE, applying
from transforms.records.facts import PreparedFacts, RenditionFacts
from transforms.rendition.attempts import attempted
from transforms.rendition.backdrops import KEPT, Backdrops
from transforms.rendition.devices import Devices
from transforms.rendition.edited import edit_base, edited_facts
from transforms.rendition.in_scene import in_scene
from transforms.rendition.standard import standardised
from transforms.rendition.subject import Base, Finished, Subject
from transforms.storage.protocol import Storage


@dataclass(frozen=True, slots=True)
class Shown:
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
class Picture:
    """A finished rendition."""

    facts: RenditionFacts
    pixels: Pixels
    """(height, width, 3), sRGB."""
    nearer: Pixels | None = None
    """(height, width), above 0 where something lies before the product; None: nothing does."""
    attempts: tuple[bytes, ...] = ()
    """JPEG of each attempt of a diffusion model; empty bytes of one that failed."""


Load = Callable[[], Shown]


class Painter:
    """Makes pictures in one look."""

    def __init__(
        self,
        look: Look,
        *,
        devices: Devices,
        gate: Gate,
        plates: Storage | None = None,
        work: Storage | None = None,
        kept: int = KEPT,
        lenient: bool = False,
    ) -> None:
        """Prepare to make them; loads nothing.

        Args:
            look: With its plates.
            devices: Where diffusion models run.
            gate: Says which attempts of a model pass.
            plates: Where the look's plates lie.
            work: Where backdrops are shared with other processes; None: nowhere.
            kept: How many backdrops are kept in memory.
            lenient: A backdrop that a model made is used also where it did not pass.
        """
        self._look, self._devices, self._gate = look, devices, gate
        self._backdrops: Backdrops | None = None
        if look.preset.backdrop:
            wanted = look.diffusion is not None and look.preset.engine == "scene"
            refine = partial(devices.refined, look=look, gate=gate, lenient=lenient)
            self._backdrops = Backdrops(
                look, plates=plates, work=work, refine=refine if wanted else None, kept=kept
            )

    def made(self, pictures: Sequence[Load]) -> Iterator[tuple[int, Picture | RenderError]]:
        """Make each picture, and yield it as soon as it is there.

        Args:
            pictures: Called when they are needed: not all need fit in memory.

        Yields:
            Number of the picture, and what came of it.

        Raises:
            ModelError: The look's checkpoint is not at hand.
            StorageError: Storage does not answer; to be tried again.
        """
        if self._look.preset.engine == "edit":
            yield from self._edited(pictures)
            return
        for number, load in enumerate(pictures):
            try:
                yield number, self.composed(load())
            except RenderError as error:
                yield number, error

    def composed(self, shown: Shown) -> Picture:
        """The product on the plain canvas or in its backdrop, without asking a model for it.

        Raises:
            RenderError: It cannot be made.
            StorageError: Storage does not answer; to be tried again.
        """
        if self._backdrops is None:
            facts, pixels = standardised(
                shown.image, shown.matte, self._look, prepared=shown.fingerprint
            )
            return Picture(facts, pixels)
        # Texts are in the upright picture, image and matte show its crop.
        left, top = shown.facts.crop[:2]
        labels = [
            (box[0] - left, box[1] - top, box[2] - left, box[3] - top)
            for box in (text.box for text in shown.facts.texts if not text.overlay)
        ]
        return Picture(
            *in_scene(
                shown.image,
                shown.matte,
                self._look,
                self._backdrops,
                sku=shown.sku,
                prepared=shown.fingerprint,
                labels=labels,
            )
        )

    def _edited(self, pictures: Sequence[Load]) -> Iterator[tuple[int, Picture | RenderError]]:
        engine, words = self._devices.engine(self._look), self._devices.words(self._look)
        rules = applying(self._look.preset) & OF_REMADE
        subjects = (
            Subject(number, self._look.preset, partial(self._base, load), rules, words)
            for number, load in enumerate(pictures)
        )
        for result in attempted(engine, subjects, self._gate):
            if isinstance(result, Finished):
                facts = edited_facts(result, self._look)
                yield result.number, Picture(facts, result.pixels, None, result.thumbnails)
            else:
                yield result

    def _base(self, load: Load) -> Base:
        shown = load()
        given = self.composed(shown)
        mask = None
        if shown.mask is not None:
            placed, (left, top, right, bottom) = laid(shown.mask, given.facts.placement)
            mask = np.zeros(given.pixels.shape[:2], np.uint8)
            mask[top:bottom, left:right] = placed
        return edit_base(
            given.facts,
            given.pixels,
            shown.image,
            shown.matte,
            self._look,
            given_mask=mask,
            has_face=bool(shown.facts.faces),
        )
