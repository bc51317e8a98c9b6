"""The backdrops of one look: chosen for a product, made once, and shared by many."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import get_args

import numpy as np

from transforms.diffusion.prompts import write_prompts
from transforms.errors import RenderError, TornArtefactError
from transforms.images.codec import decode_png, encode_png
from transforms.presets.gate import Gate
from transforms.presets.look import Look
from transforms.presets.plate import StockedPlate
from transforms.quality.metrics import OF_REFINED
from transforms.records.artefact import BACKDROP, Artefact, find_artefact, write_artefact
from transforms.records.facts import Attempt, LightFacts, SceneFacts
from transforms.records.fingerprint import CODE_VERSIONS, fingerprint
from transforms.rendition.attempts import run_attempts
from transforms.rendition.candidates import (
    GenerationJob,
    GenerationOutcome,
    ImageGenerator,
    ModelInput,
)
from transforms.scenes.framing import frame_plate
from transforms.scenes.plates import read_plate
from transforms.scenes.scaffold import draw_scaffold
from transforms.scenes.scene import Light, Scene, View
from transforms.storage.protocol import Storage

BACKDROPS_KEPT = 12
"""Backdrops kept in memory, 12 MB each at 2000 px: a batch has about six in each view."""


@dataclass(frozen=True, slots=True)
class RenderedBackdrop:
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


Refine = Callable[[Scene, int], RenderedBackdrop]
"""Makes a better backdrop of the same layout, by this seed."""


@dataclass(frozen=True, slots=True)
class BackdropChoice:
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


class BackdropCache:
    """Backdrops of one look."""

    def __init__(
        self,
        look: Look,
        *,
        plates: Storage | None,
        work: Storage | None = None,
        refine: Refine | None = None,
        kept: int = BACKDROPS_KEPT,
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
        self._cached = lru_cache(maxsize=kept)(self._shared)
        self._impossible: dict[BackdropChoice, RenderError] = {}

    def choose(self, sku: str, view: View) -> BackdropChoice:
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
        plate = max(
            _fitting(self._look, view), key=lambda each: _draw(sku, each.plate.name), default=None
        )
        return BackdropChoice(view, plate, self._look.preset.seed + variation)

    def get(self, choice: BackdropChoice) -> RenderedBackdrop:
        """Make a backdrop, or find it made.

        Raises:
            RenderError: A plate was replaced, or the diffusion model failed; for the products that
                share the backdrop it is not asked again.
            StorageError: Storage does not answer; to be tried again.
        """
        if choice in self._impossible:
            raise self._impossible[choice]
        try:
            return self._cached(choice.view, choice.plate, choice.seed)
        except RenderError as error:
            self._impossible[choice] = error
            raise

    def _shared(self, view: View, plate: StockedPlate | None, seed: int) -> RenderedBackdrop:
        if self._work is None:
            return self._new(view, plate, seed)
        mark = _fingerprint(self._look, view, plate, seed, refined=self._refine is not None)
        stored = find_artefact(self._work, BACKDROP, mark)
        if stored is not None:
            try:
                return _read(stored)
            except TornArtefactError:
                pass  # writing it replaces what is torn
        # Read back in any case: what is shared is what is used.
        return _read(_write(self._work, mark, self._new(view, plate, seed)))

    def _new(self, view: View, plate: StockedPlate | None, seed: int) -> RenderedBackdrop:
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
        return self._refine(scene, seed) if self._refine else RenderedBackdrop(scene)


def is_refined(look: Look) -> bool:
    """Whether a diffusion model makes the look's backdrops out of plates and scaffolds."""
    return look.diffusion is not None and look.preset.engine == "scene"


def backdrop_fingerprints(look: Look) -> set[str]:
    """Fingerprints of all backdrops that a product could be stood in, in this look; see `choose`.

    Args:
        look: With its plates, as a run's plan has it.
    """
    backdrop, refined = look.preset.backdrop, is_refined(look)
    if backdrop is None:
        return set()
    seeds = range(look.preset.seed, look.preset.seed + backdrop.variations)
    return {
        _fingerprint(look, view, plate, seed, refined=refined)
        for view in get_args(View)
        for plate in (_fitting(look, view) or (None,))
        for seed in seeds
    }


def _fitting(look: Look, view: View) -> list[StockedPlate]:
    return [each for each in look.plates if each.plate.view == view]


def _fingerprint(
    look: Look, view: View, plate: StockedPlate | None, seed: int, *, refined: bool
) -> str:
    steps = ("scene", "diffuse") if refined else ("scene",)
    versions = [f"{step}={CODE_VERSIONS[step]}" for step in steps]
    picture = plate.sha256 if plate else ""
    # Whether products are enlarged changes nothing behind them.
    brand = look.brand.model_copy(update={"enlarge": True})
    look = look.model_copy(update={"brand": brand})
    return fingerprint(look.identity, *versions, view, picture, seed)


def _draw(*parts: object) -> int:
    """An even number out of names, the same on every machine."""
    digest = hashlib.sha256("\x00".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:8], "big")


def _write(work: Storage, mark: str, drawn: RenderedBackdrop) -> Artefact[SceneFacts]:
    scene = drawn.scene
    files = {"image.png": encode_png(scene.pixels)}
    if scene.foreground is not None:
        files["foreground.png"] = encode_png(scene.foreground[..., :3])
        files["foreground-alpha.png"] = encode_png(scene.foreground[..., 3])
    files |= attempt_files(drawn.thumbnails)
    facts = SceneFacts(
        view=scene.view,
        horizon=scene.horizon,
        stand=scene.stand,
        gloss=scene.gloss,
        light=LightFacts.model_validate(asdict(scene.light)),
        attempts=drawn.attempts,
    )
    return write_artefact(work, BACKDROP, mark, facts, files)


def _read(stored: Artefact[SceneFacts]) -> RenderedBackdrop:
    facts, foreground = stored.facts, None
    if "foreground.png" in stored:
        colours, alpha = (
            decode_png(stored.read(name)) for name in ("foreground.png", "foreground-alpha.png")
        )
        foreground = np.dstack([colours, alpha])
    scene = Scene(
        pixels=decode_png(stored.read("image.png")),
        view=facts.view,
        horizon=facts.horizon,
        stand=facts.stand,
        light=Light(**facts.light.model_dump()),
        gloss=facts.gloss,
        foreground=foreground,
    )
    names = [f"attempt-{each.number}.jpg" for each in facts.attempts]
    thumbnails = (stored.read(name) if name in stored else b"" for name in names)
    return RenderedBackdrop(scene, facts.attempts, tuple(thumbnails))


def attempt_files(thumbnails: Sequence[bytes]) -> dict[str, bytes]:
    """Files of an artefact that show a model's attempts, without those that failed."""
    return {
        f"attempt-{number}.jpg": thumbnail
        for number, thumbnail in enumerate(thumbnails, start=1)
        if thumbnail
    }


def refine_backdrop(
    scene: Scene,
    seed: int,
    *,
    look: Look,
    engine: ImageGenerator,
    gate: Gate,
    lenient: bool = False,
) -> RenderedBackdrop:
    """Make a backdrop more real, at the preset's strength.

    The product is not in it: what a model repaints around a product changes its edge, and a
    backdrop that many products share is asked for once.

    Args:
        scene: Plate or scaffold. Not modified.
        seed: Of the first candidate.
        look: That asks a diffusion model, with its checkpoint.
        engine: Of that checkpoint.
        gate: Says which attempts pass.
        lenient: Where no attempt passes, the best is used all the same: for a person who looks.

    Raises:
        RenderError: The model made nothing usable, or nothing that keeps the layout.
    """
    if look.preset.diffusion is None:
        raise ValueError(f"preset {look.preset.name} asks no diffusion model")
    job = GenerationJob(
        number=0,
        preset=look.preset.model_copy(update={"seed": seed}),
        prepare_input=lambda: ModelInput(scene.pixels, horizon=scene.horizon),
        rules=OF_REFINED,
        prompts=write_prompts(look.preset.diffusion.prompt, look.brand),
    )
    (result,) = run_attempts(engine, [job], gate)
    if not isinstance(result, GenerationOutcome):
        raise result[1]
    if result.kept.reason and not lenient:
        raise RenderError(
            f"backdrop {look.preset.backdrop and look.preset.backdrop.scaffold}: no attempt kept "
            f"its layout ({result.kept.reason}); lower the preset's strength or add a ladder"
        )
    finished = replace(scene, pixels=result.pixels)
    return RenderedBackdrop(finished, result.attempts, result.thumbnails)
