"""The backdrops of one look: chosen for a product, made once, and shared by many."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache

import numpy as np

from transforms.errors import RenderError
from transforms.images.codec import decode_png, encode_png
from transforms.presets.look import Look
from transforms.presets.plate import StockedPlate
from transforms.records.facts import Attempt
from transforms.records.fingerprint import CODE_VERSIONS, fingerprint
from transforms.records.layout import backdrop_key
from transforms.scenes.framing import frame_plate
from transforms.scenes.plates import read_plate
from transforms.scenes.scaffold import draw_scaffold
from transforms.scenes.scene import Light, Scene, View
from transforms.storage.protocol import Storage, exists

KEPT = 12
"""Backdrops kept in memory, 12 MB each at 2000 px: a batch has about six in each view."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A backdrop that is ready to be stood in."""

    scene: Scene
    attempts: tuple[Attempt, ...] = ()
    """Of the diffusion model that refined it; none: none did."""
    thumbnails: tuple[bytes, ...] = ()
    """JPEG of each attempt; empty bytes of one that failed."""

    @property
    def kept(self) -> Attempt | None:
        """The attempt that became the backdrop."""
        return next((each for each in self.attempts if each.kept), None)


Refine = Callable[[Scene, int], Drawn]
"""Makes a better backdrop of the same layout, by this seed."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which backdrop a product stands in."""

    view: View
    plate: StockedPlate | None
    """None: the preset's scaffold is drawn."""
    seed: int
    """Of its variation; 0: the plate as it is."""

    @property
    def name(self) -> str:
        """Of the plate; empty for a scaffold."""
        return self.plate.plate.name if self.plate else ""


class Backdrops:
    """Backdrops of one look."""

    def __init__(
        self,
        look: Look,
        *,
        plates: Storage | None,
        work: Storage | None = None,
        refine: Refine | None = None,
        kept: int = KEPT,
    ) -> None:
        """Prepare to make them.

        Args:
            look: With a backdrop in its preset.
            plates: Where its plates lie; may be None where it has none.
            work: Where finished ones are shared with other processes and runs; None: nowhere.
            refine: None: plates and scaffolds are used as they are.
            kept: How many are kept in memory.
        """
        self._look, self._plates, self._work, self._refine = look, plates, work, refine
        self._made = lru_cache(maxsize=kept)(self._shared)
        self._impossible: dict[Choice, RenderError] = {}

    def choose(self, sku: str, view: View) -> Choice:
        """The backdrop of a product: the same one for all its pictures that are seen alike.

        Args:
            sku: Of the product. Few products change their plate when plates are added: each takes
                the one that its own draw ranks highest (rendezvous hashing).
            view: How the product was photographed.
        """
        backdrop = self._look.preset.backdrop
        if backdrop is None:
            raise ValueError(f"preset {self._look.preset.name} has no backdrop")
        variation = _draw(sku, "variation", self._look.preset.seed) % backdrop.variations
        fitting = [each for each in self._look.plates if each.plate.view == view]
        plate = max(fitting, key=lambda each: _draw(sku, each.plate.name), default=None)
        return Choice(view, plate, self._look.preset.seed + variation)

    def made(self, choice: Choice) -> Drawn:
        """Make a backdrop, or find it made.

        Raises:
            RenderError: A plate was replaced, or the diffusion model failed; for the products that
                share the backdrop it is not asked again.
            StorageError: Storage does not answer; to be tried again.
        """
        if choice in self._impossible:
            raise self._impossible[choice]
        try:
            return self._made(choice.view, choice.plate, choice.seed)
        except RenderError as error:
            self._impossible[choice] = error
            raise

    def _shared(self, view: View, plate: StockedPlate | None, seed: int) -> Drawn:
        if self._work is None:
            return self._new(view, plate, seed)
        key = self._fingerprint(view, plate, seed)
        if not exists(self._work, backdrop_key(key, "json")):
            _write(self._work, key, self._new(view, plate, seed))
        # Read back in any case: what is shared is what is used.
        return _read(self._work, key)

    def _new(self, view: View, plate: StockedPlate | None, seed: int) -> Drawn:
        (width, height), backdrop = self._look.brand.size_px, self._look.preset.backdrop
        if plate is not None and self._plates is not None:
            scene = frame_plate(
                read_plate(self._plates, plate),
                plate.plate,
                width=width,
                height=height,
                seed=seed,
                palette=self._look.brand.palette,
            )
        else:
            scene = draw_scaffold(
                backdrop.scaffold if backdrop else "",
                width=width,
                height=height,
                view=view,
                palette=self._look.brand.palette,
                seed=seed,
                foreground=bool(backdrop and backdrop.foreground),
            )
        return self._refine(scene, seed) if self._refine else Drawn(scene)

    def _fingerprint(self, view: View, plate: StockedPlate | None, seed: int) -> str:
        steps = ("scene", "diffuse") if self._refine else ("scene",)
        versions = [f"{step}={CODE_VERSIONS[step]}" for step in steps]
        picture = plate.sha256 if plate else ""
        # Whether products are enlarged changes nothing behind them.
        brand = self._look.brand.model_copy(update={"enlarge": True})
        look = self._look.model_copy(update={"brand": brand})
        return fingerprint(look.identity, *versions, view, picture, seed)


def _draw(*parts: object) -> int:
    """An even number out of names, the same on every machine."""
    digest = hashlib.sha256("\x00".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:8], "big")


def _write(work: Storage, key: str, drawn: Drawn) -> None:
    scene = drawn.scene
    kept = ("view", "horizon", "stand", "gloss")
    notes: dict[str, object] = {name: getattr(scene, name) for name in kept}
    notes |= {"light": asdict(scene.light), "foreground": scene.foreground is not None}
    notes["attempts"] = [each.model_dump(mode="json") for each in drawn.attempts]
    for number, thumbnail in enumerate(drawn.thumbnails, start=1):
        if thumbnail:
            work.create(backdrop_key(key, f"attempt-{number}.jpg"), thumbnail)
    work.create(backdrop_key(key, "png"), encode_png(scene.pixels))
    if scene.foreground is not None:
        colours, alpha = scene.foreground[..., :3], scene.foreground[..., 3]
        work.create(backdrop_key(key, "foreground.png"), encode_png(colours))
        work.create(backdrop_key(key, "foreground-alpha.png"), encode_png(alpha))
    work.create(backdrop_key(key, "json"), json.dumps(notes, indent=2).encode())


def _read(work: Storage, key: str) -> Drawn:
    notes = json.loads(work.read(backdrop_key(key, "json")))
    foreground = None
    if notes.pop("foreground"):
        colours = decode_png(work.read(backdrop_key(key, "foreground.png")))
        alpha = decode_png(work.read(backdrop_key(key, "foreground-alpha.png")))
        foreground = np.dstack([colours, alpha])
    light = notes.pop("light")
    attempts = tuple(Attempt.model_validate(each) for each in notes.pop("attempts", []))
    scene = Scene(
        pixels=decode_png(work.read(backdrop_key(key, "png"))),
        light=Light(**{**light, "colour": tuple(light["colour"])}),
        foreground=foreground,
        **notes,
    )
    thumbnails = (
        work.read(backdrop_key(key, f"attempt-{each.number}.jpg")) if each.measured else b""
        for each in attempts
    )
    return Drawn(scene, attempts, tuple(thumbnails))
