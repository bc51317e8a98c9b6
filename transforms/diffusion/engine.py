"""Runs requests on one device: batches, reading ahead, and going on where memory is too small."""

import gc
import logging
from collections.abc import Callable, Generator, Hashable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import cached_property
from types import TracebackType
from typing import Protocol, Self

from transforms.diffusion.batching import group_batches, prefetch
from transforms.diffusion.enlarging import Weights, find_enlarger
from transforms.diffusion.generation import (
    GenerationRequest,
    GenerationResult,
    LetterboxedRequest,
    Raw,
    RawResult,
    finish_result,
    letterbox_for,
)
from transforms.diffusion.letterbox import apply_letterbox
from transforms.presets.checkpoint import Checkpoint
from transforms.presets.preset import Diffusion

log = logging.getLogger(__name__)

_WINDOW_BATCHES = 4
"""Requests looked at to fill a batch, in batches: a shard has few presets, prompts and shapes."""
_RAN_AHEAD = 1
"""Batches that wait for being finished: one is enough to keep the device busy, and each would be
made again after a kill."""
_NO_MEMORY = ("not enough memory", "can't allocate", "out of memory", "alloc_failed")
"""What torch says in a RuntimeError: on a CPU, and of cuBLAS and cuDNN on a GPU."""


class LoadedModel(Protocol):
    """A checkpoint that was loaded for one kind of request."""

    def generate(self, requests: Sequence[GenerationRequest]) -> Sequence[Raw]:
        """Make a batch: (height, width, 3) each, 0 to 1 where it is sound.

        Args:
            requests: Alike in all but pixels, mask and seed; of one size, which its checkpoint
                takes. Each is made from its own seed, so that it does not depend on the others.
        """
        ...


ModelLoader = Callable[[Checkpoint, Diffusion, str | None], LoadedModel]
"""Loads a checkpoint for what a preset asks of it, onto a device (None: the best there is)."""


class DiffusionEngine:
    """One checkpoint on one device. A context manager: leaving it frees the device.

    Three threads work at once: one takes the next requests and letterboxes them, one keeps the
    device busy, and the caller's finishes pictures and does with them what it likes.
    """

    def __init__(
        self, checkpoint: Checkpoint, *, device: str | None = None, load: ModelLoader | None = None
    ) -> None:
        """Nothing is loaded yet.

        Args:
            checkpoint: With absolute folders.
            device: As torch names it; None: the best there is.
            load: Loads models; None: `transforms.diffusion.pipeline_loading.load`.
        """
        self._checkpoint = checkpoint
        self._device = device
        self._load = load
        self._loaded: tuple[Hashable, LoadedModel] | None = None
        self._batch = checkpoint.options.batch

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._unload()

    @property
    def batch(self) -> int:
        """Pictures made at once, at most: as configured until memory proved too small."""
        return self._batch

    def generate(self, requests: Iterable[GenerationRequest]) -> Generator[GenerationResult]:
        """Make pictures. Requests that are alike but for pixels, mask and seed share batches.

        Args:
            requests: Taken as they are needed, in a thread: no more than six batches of them are
                held. An error of theirs is raised here, after what was made before it.

        Yields:
            Each picture when it is made. Those that share a batch keep their order; others may
            overtake. Closing this generator waits for the batch in flight.
        """
        with closing(prefetch(self._run_batches(requests), _RAN_AHEAD * self._batch)) as ran:
            for each in ran:
                yield finish_result(each, self._enlarger, self._checkpoint.finest_px)

    def _run_batches(self, requests: Iterable[GenerationRequest]) -> Generator[RawResult]:
        """Runs in the device's thread."""
        with closing(prefetch(self._letterbox_each(requests), self._batch)) as items:
            grouped = group_batches(
                items, _batch_key, most=lambda: self._batch, window=_WINDOW_BATCHES * self._batch
            )
            for group in grouped:
                yield from self._generate_group(group)

    def _letterbox_each(
        self, requests: Iterable[GenerationRequest]
    ) -> Iterator[LetterboxedRequest]:
        """Runs in the reading thread."""
        for number, request in enumerate(requests):
            letterbox = letterbox_for(request, self._checkpoint)
            mask = None if request.mask is None else apply_letterbox(request.mask, letterbox)
            shown = replace(request, pixels=apply_letterbox(request.pixels, letterbox), mask=mask)
            yield LetterboxedRequest(number, request, shown, letterbox)

    def _generate_group(self, group: list[LetterboxedRequest]) -> Iterator[RawResult]:
        """Make all of a group, in smaller batches if they have to be."""
        while group:
            now = group[: self._batch]
            pictures = self._try_batch([item.shown for item in now])
            if pictures is not None:
                yield from (RawResult(*each) for each in zip(now, pictures, strict=True))
            elif len(now) > 1:
                self._batch = len(now) // 2
                log.warning(
                    "Memory does not hold %d pictures of %dx%d px at once; going on with %d.",
                    len(now), *now[0].letterbox.size, self._batch,
                )  # fmt: skip
                continue
            else:
                yield RawResult(now[0], None)
            group = group[len(now) :]

    def _try_batch(self, requests: list[GenerationRequest]) -> Sequence[Raw] | None:
        """What the model makes; None: memory does not hold that many."""
        wanted = len(requests)
        if self._checkpoint.options.compile:
            # A graph is compiled for a batch of one size: repeating costs less than another one.
            requests = requests + requests[-1:] * (self._batch - wanted)
        try:
            return self._model(requests[0].diffusion).generate(requests)[:wanted]
        except (RuntimeError, MemoryError) as error:
            if not _is_memory(error):
                raise
        # Only here is the traceback gone, and with it what its frames held of the device.
        _release()
        return None

    def _model(self, diffusion: Diffusion) -> LoadedModel:
        """The model for what a preset asks of it; the one before it is given up."""
        key = (
            diffusion.task,
            diffusion.control,
            diffusion.style_picture,
            diffusion.loras,
            diffusion.scheduler,
        )
        if self._loaded is None or self._loaded[0] != key:
            self._unload()
            load = self._load or _default_loader()
            self._loaded = key, load(self._checkpoint, diffusion, self._device)
        return self._loaded[1]

    @cached_property
    def _enlarger(self) -> Weights | None:
        """Weights of a network that enlarges backdrops, where the entry names one."""
        return find_enlarger(self._checkpoint)

    def _unload(self) -> None:
        if self._loaded is not None:
            self._loaded = None
            _release()


def _batch_key(item: LetterboxedRequest) -> Hashable:
    request = item.request
    return (
        item.letterbox.size,
        request.diffusion.model_dump_json(),
        request.positive,
        request.negative,
        request.strength,
        request.mask is None,
    )


def _is_memory(error: RuntimeError | MemoryError) -> bool:
    """Whether it is for want of memory; torch.OutOfMemoryError says so in its words."""
    said = str(error).lower()
    return isinstance(error, MemoryError) or any(words in said for words in _NO_MEMORY)


def _release() -> None:
    """Give unused memory of the device back."""
    import torch  # noqa: PLC0415 - heavy; who gets here has it loaded

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def _default_loader() -> ModelLoader:
    from transforms.diffusion.pipeline_loading import load  # noqa: PLC0415 - it imports what is heavy

    return load
