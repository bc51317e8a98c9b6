"""Renders pictures in one look, whatever its engine, and in the frames that channels ask for."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from transforms.diffusion.prompts import write_prompts
from transforms.errors import RenderError
from transforms.presets.gate import Gate
from transforms.presets.look import Look
from transforms.quality.metrics import OF_REMADE, applicable_metrics
from transforms.rendition.attempts import run_attempts
from transforms.rendition.backdrops import (
    BACKDROPS_KEPT,
    BackdropCache,
    RenderedBackdrop,
    is_refined,
    refine_backdrop,
)
from transforms.rendition.candidates import GenerationJob, GenerationOutcome, ModelInput
from transforms.rendition.composing import compose_plain, compose_scene
from transforms.rendition.edits import facts_of_edit, prepare_input, reduce_edit
from transforms.rendition.engine_cache import EngineCache
from transforms.rendition.pictures import PictureLoader, PreparedPicture, RenderedPicture
from transforms.scenes.scene import Scene
from transforms.storage.protocol import Storage


class Renderer:
    """Makes pictures in one look."""

    def __init__(
        self,
        look: Look,
        *,
        engines: EngineCache,
        gate: Gate,
        plates: Storage | None = None,
        work: Storage | None = None,
        kept: int = BACKDROPS_KEPT,
        lenient: bool = False,
    ) -> None:
        """Prepare to make them; loads nothing.

        Args:
            look: With its plates.
            engines: Where diffusion models run.
            gate: Says which attempts of a model pass.
            plates: Where the look's plates lie.
            work: Where backdrops are shared with other processes; None: nowhere.
            kept: How many backdrops are kept in memory.
            lenient: A backdrop that a model made is used also where it did not pass.
        """
        self._look, self._engines, self._gate = look, engines, gate
        self._lenient = lenient
        self._backdrops: BackdropCache | None = None
        if look.preset.backdrop:
            self._backdrops = BackdropCache(
                look,
                plates=plates,
                work=work,
                refine=self._refine if is_refined(look) else None,
                kept=kept,
            )

    def render(
        self, pictures: Sequence[PictureLoader]
    ) -> Iterator[tuple[int, RenderedPicture | RenderError]]:
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
            yield from self._edit(pictures)
            return
        for number, load in enumerate(pictures):
            try:
                yield number, self.compose(load())
            except RenderError as error:
                yield number, error

    def compose(self, shown: PreparedPicture) -> RenderedPicture:
        """Lay the product on the plain canvas or into its backdrop; no model is given it.

        Raises:
            RenderError: It cannot be made.
            StorageError: Storage does not answer; to be tried again.
        """
        if self._backdrops is None:
            return compose_plain(shown.image, shown.matte, self._look, prepared=shown.fingerprint)
        return compose_scene(shown, self._look, self._backdrops)

    def _refine(self, scene: Scene, seed: int) -> RenderedBackdrop:
        """Make a backdrop more real by the look's checkpoint."""
        return refine_backdrop(
            scene,
            seed,
            look=self._look,
            engine=self._engines.engine(self._look),
            gate=self._gate,
            lenient=self._lenient,
        )

    def _edit(
        self, pictures: Sequence[PictureLoader]
    ) -> Iterator[tuple[int, RenderedPicture | RenderError]]:
        preset, engine = self._look.preset, self._engines.engine(self._look)
        if preset.diffusion is None:
            raise ValueError(f"preset {preset.name} asks no diffusion model")
        prompts = write_prompts(preset.diffusion.prompt, self._look.brand)
        rules = applicable_metrics(preset) & OF_REMADE
        jobs = (
            GenerationJob(number, preset, partial(self._prepare_input, load), rules, prompts)
            for number, load in enumerate(pictures)
        )
        for result in run_attempts(engine, jobs, self._gate):
            if isinstance(result, GenerationOutcome):
                facts = facts_of_edit(result, self._look)
                given = result.given.pixels if rules else None
                yield (
                    result.number,
                    RenderedPicture(facts, result.pixels, None, result.thumbnails, given),
                )
            else:
                yield result

    def _prepare_input(self, load: PictureLoader) -> ModelInput:
        shown = load()
        return prepare_input(shown, self.compose(shown), self._look)


FRAME_BACKDROPS_KEPT = 4
"""Backdrops that the renderer of a frame keeps in memory: a look has several frames."""


class FrameRenderer:
    """Makes pictures in frames, each with a renderer of its own that is kept."""

    def __init__(self, renderer: Callable[[Look], Renderer]) -> None:
        """Prepare to make them.

        Args:
            renderer: Makes the renderer of a framed look.
        """
        self._renderer = renderer
        self._renderers: dict[str, Renderer] = {}

    def render(
        self, look: Look, load: PictureLoader, own: Callable[[], RenderedPicture]
    ) -> RenderedPicture:
        """Make one picture in a frame, as it is made on the brand's own canvas.

        A picture that a model made whole is not made again, which would be another picture: it is
        reduced.

        Args:
            look: In the frame; see `Look.in_frame`.
            load: The prepared picture.
            own: The finished picture on the brand's own canvas; asked only where that is needed.

        Raises:
            RenderError: The frame cannot be had: too few pixels, another aspect than a model's
                picture has, or a backdrop that cannot be made.
            StorageError: Storage does not answer; to be tried again.
        """
        if look.preset.engine == "edit":
            shown = load() if look.preset.preserve == "product" else None
            product = (shown.image, shown.matte) if shown else None
            return reduce_edit(look, own(), product=product)
        if look.identity not in self._renderers:
            self._renderers[look.identity] = self._renderer(look)
        return self._renderers[look.identity].compose(load())
