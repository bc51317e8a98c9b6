"""The backdrops of one look: chosen for a product, made once, and shared by many."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache

import numpy as np

from transforms.images.codec import decode_png, encode_png
from transforms.manifest.fingerprint import CODE_VERSIONS, fingerprint
from transforms.manifest.layout import backdrop_key
from transforms.presets.look import Look
from transforms.presets.plate import StockedPlate
from transforms.scenes.framing import framed
from transforms.scenes.plates import read_plate
from transforms.scenes.scaffold import scaffold
from transforms.scenes.scene import Light, Scene, View
from transforms.storage.protocol import Storage, exists

_KEPT = 12
"""Backdrops kept in memory, 12 MB each at 2000 px: a batch has about six in each view."""

Refine = Callable[[Scene, int], Scene]
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
    ) -> None:
        """Prepare to make them.

        Args:
            look: With a backdrop in its preset.
            plates: Where its plates lie; may be None where it has none.
            work: Where finished ones are shared with other processes and runs; None: nowhere.
            refine: None: plates and scaffolds are used as they are.
        """
        self._look, self._plates, self._work, self._refine = look, plates, work, refine
        self._made = lru_cache(maxsize=_KEPT)(self._shared)

    @property
    def refined(self) -> bool:
        """Whether a diffusion model makes them out of plates and scaffolds."""
        return self._refine is not None

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

    def made(self, choice: Choice) -> Scene:
        """Make a backdrop, or find it made.

        Raises:
            RenderError: A plate was replaced, or the diffusion model failed.
            StorageError: Storage does not answer; to be tried again.
        """
        return self._made(choice.view, choice.plate, choice.seed)

    def _shared(self, view: View, plate: StockedPlate | None, seed: int) -> Scene:
        if self._work is None:
            return self._new(view, plate, seed)
        key = self._fingerprint(view, plate, seed)
        if not exists(self._work, backdrop_key(key, "json")):
            _write(self._work, key, self._new(view, plate, seed))
        # Read back in any case: what is shared is what is used.
        return _read(self._work, key)

    def _new(self, view: View, plate: StockedPlate | None, seed: int) -> Scene:
        side, backdrop = self._look.brand.canvas_px, self._look.preset.backdrop
        if plate is not None and self._plates is not None:
            scene = framed(
                read_plate(self._plates, plate),
                plate.plate,
                width=side,
                height=side,
                seed=seed,
                palette=self._look.brand.palette,
            )
        else:
            scene = scaffold(
                backdrop.scaffold if backdrop else "",
                width=side,
                height=side,
                view=view,
                palette=self._look.brand.palette,
                seed=seed,
                foreground=bool(backdrop and backdrop.foreground),
            )
        return self._refine(scene, seed) if self._refine else scene

    def _fingerprint(self, view: View, plate: StockedPlate | None, seed: int) -> str:
        steps = ("scene", "diffuse") if self._refine else ("scene",)
        versions = [f"{step}={CODE_VERSIONS[step]}" for step in steps]
        picture = plate.sha256 if plate else ""
        return fingerprint(self._look.identity, *versions, view, picture, seed)


def _draw(*parts: object) -> int:
    """An even number out of names, the same on every machine."""
    digest = hashlib.sha256("\x00".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:8], "big")


def _write(work: Storage, key: str, scene: Scene) -> None:
    notes = {name: getattr(scene, name) for name in ("view", "horizon", "stand", "gloss")}
    notes |= {"light": asdict(scene.light), "foreground": scene.foreground is not None}
    work.create(backdrop_key(key, "png"), encode_png(scene.pixels))
    if scene.foreground is not None:
        colours, alpha = scene.foreground[..., :3], scene.foreground[..., 3]
        work.create(backdrop_key(key, "foreground.png"), encode_png(colours))
        work.create(backdrop_key(key, "foreground-alpha.png"), encode_png(alpha))
    work.create(backdrop_key(key, "json"), json.dumps(notes, indent=2).encode())


def _read(work: Storage, key: str) -> Scene:
    notes = json.loads(work.read(backdrop_key(key, "json")))
    foreground = None
    if notes.pop("foreground"):
        colours = decode_png(work.read(backdrop_key(key, "foreground.png")))
        alpha = decode_png(work.read(backdrop_key(key, "foreground-alpha.png")))
        foreground = np.dstack([colours, alpha])
    light = notes.pop("light")
    return Scene(
        pixels=decode_png(work.read(backdrop_key(key, "png"))),
        light=Light(**{**light, "colour": tuple(light["colour"])}),
        foreground=foreground,
        **notes,
    )
