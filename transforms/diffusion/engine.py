"""Runs orders on one device: batches, reading ahead, and going on where memory is too small."""

import gc
import logging
from collections.abc import Callable, Generator, Hashable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import cached_property
from types import TracebackType
from typing import Protocol, Self

from transforms.diffusion.batching import batches
from transforms.diffusion.finishing import Framed, Ran, Raw, finished, frame_of
from transforms.diffusion.order import Made, Order
from transforms.diffusion.overlap import ahead
from transforms.diffusion.size import framed
from transforms.diffusion.upscaling import Weights, enlarger
from transforms.presets.checkpoint import Checkpoint
from transforms.presets.preset import Diffusion

log = logging.getLogger(__name__)

_WINDOW_BATCHES = 4
"""Orders looked at to fill a batch, in batches: presets, prompts and shapes of a shard are few."""
_RAN_AHEAD = 1
"""Batches that wait for being finished: one is enough to keep the device busy, and each would be
made again after a kill."""
_NO_MEMORY = ("not enough memory", "can't allocate", "out of memory", "alloc_failed")
"""What torch says in a RuntimeError: on a CPU, and of cuBLAS and cuDNN on a GPU."""


class Model(Protocol):
    """A checkpoint that was loaded for one kind of order."""

    def make(self, orders: Sequence[Order]) -> Sequence[Raw]:
        """Make a batch: (height, width, 3) each, 0 to 1 where it is sound.

        Args:
            orders: Alike in all but pixels, mask and seed; of one size, which its checkpoint
                takes. Each is made from its own seed, so that it does not depend on the others.
        """
        ...


Load = Callable[[Checkpoint, Diffusion, str | None], Model]
"""Loads a checkpoint for what a preset asks of it, onto a device (None: the best there is)."""


class Engine:
    """One checkpoint on one device. A context manager: leaving it frees the device.

    Three threads work at once: one takes the next orders and lays them into frames, one keeps the
    device busy, and the caller's finishes pictures and does with them what it likes.
    """

    def __init__(
        self, checkpoint: Checkpoint, *, device: str | None = None, load: Load | None = None
    ) -> None:
        """Nothing is loaded yet.

        Args:
            checkpoint: With absolute folders.
            device: As torch names it; None: the best there is.
            load: Loads models; None: `transforms.diffusion.pipeline.load`.
        """
        self._checkpoint = checkpoint
        self._device = device
        self._load = load
        self._loaded: tuple[Hashable, Model] | None = None
        self._batch = checkpoint.options.batch

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._give_up()

    @property
    def batch(self) -> int:
        """Pictures made at once, at most: as configured until memory proved too small."""
        return self._batch

    def make(self, orders: Iterable[Order]) -> Generator[Made]:
        """Make pictures. Orders that are alike but for pixels, mask and seed share batches.

        Args:
            orders: Taken as they are needed, in a thread: no more than six batches of them are
                held. An error of theirs is raised here, after what was made before it.

        Yields:
            Each picture when it is made. Those that share a batch keep their order; others may
            overtake. Closing this generator waits for the batch in flight.
        """
        with closing(ahead(self._ran(orders), _RAN_AHEAD * self._batch)) as ran:
            for each in ran:
                yield finished(each, self._enlarger, self._checkpoint.finest_px)

    def _ran(self, orders: Iterable[Order]) -> Generator[Ran]:
        """Runs in the device's thread."""
        with closing(ahead(self._framed(orders), self._batch)) as items:
            grouped = batches(
                items, _alike, most=lambda: self._batch, window=_WINDOW_BATCHES * self._batch
            )
            for group in grouped:
                yield from self._made(group)

    def _framed(self, orders: Iterable[Order]) -> Iterator[Framed]:
        """Runs in the reading thread."""
        for number, order in enumerate(orders):
            frame = frame_of(order, self._checkpoint)
            mask = None if order.mask is None else framed(order.mask, frame)
            shown = replace(order, pixels=framed(order.pixels, frame), mask=mask)
            yield Framed(number, order, shown, frame)

    def _made(self, group: list[Framed]) -> Iterator[Ran]:
        """Make all of a group, in smaller batches if they have to be."""
        while group:
            now = group[: self._batch]
            pictures = self._tried([item.shown for item in now])
            if pictures is not None:
                yield from (Ran(*each) for each in zip(now, pictures, strict=True))
            elif len(now) > 1:
                self._batch = len(now) // 2
                log.warning(
                    "Memory does not hold %d pictures of %dx%d px at once; going on with %d.",
                    len(now), *now[0].frame.size, self._batch,
                )  # fmt: skip
                continue
            else:
                yield Ran(now[0], None)
            group = group[len(now) :]

    def _tried(self, orders: list[Order]) -> Sequence[Raw] | None:
        """What the model makes; None: memory does not hold that many."""
        wanted = len(orders)
        if self._checkpoint.options.compile:
            # A graph is compiled for a batch of one size: repeating costs less than another one.
            orders = orders + orders[-1:] * (self._batch - wanted)
        try:
            return self._model(orders[0].diffusion).make(orders)[:wanted]
        except (RuntimeError, MemoryError) as error:
            if not _is_memory(error):
                raise
        # Only here is the traceback gone, and with it what its frames held of the device.
        _release()
        return None

    def _model(self, diffusion: Diffusion) -> Model:
        """The model for what a preset asks of it; the one before it is given up."""
        key = (
            diffusion.task,
            diffusion.control,
            diffusion.style_picture,
            diffusion.loras,
            diffusion.scheduler,
        )
        if self._loaded is None or self._loaded[0] != key:
            self._give_up()
            load = self._load or _load()
            self._loaded = key, load(self._checkpoint, diffusion, self._device)
        return self._loaded[1]

    @cached_property
    def _enlarger(self) -> Weights | None:
        """Weights of a network that enlarges backdrops, where the entry names one."""
        return enlarger(self._checkpoint)

    def _give_up(self) -> None:
        if self._loaded is not None:
            self._loaded = None
            _release()


def _alike(item: Framed) -> Hashable:
    order = item.order
    return (
        item.frame.size,
        order.diffusion.model_dump_json(),
        order.positive,
        order.negative,
        order.strength,
        order.mask is None,
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


def _load() -> Load:
    from transforms.diffusion.pipeline import load  # noqa: PLC0415 - it imports what is heavy

    return load
