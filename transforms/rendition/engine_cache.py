"""The diffusion models of a process: loaded when they are first asked, one at a time."""

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import Self

from transforms.errors import ModelError
from transforms.models.checkpoints import ONLINE, missing_reason
from transforms.presets.checkpoint import Checkpoint, Companion
from transforms.presets.look import Look
from transforms.rendition.candidates import ImageGenerator


def refuse_missing(looks: Iterable[Look]) -> None:
    """Raise before any work begins where a checkpoint is not at hand.

    Raises:
        ModelError: Naming each that is missing, and what brings it.
    """
    if missing := missing_checkpoints(looks):
        raise ModelError("; ".join(missing))


def missing_checkpoints(looks: Iterable[Look]) -> list[str]:
    """List checkpoints that looks ask for and that are not at hand, a line each; hashes nothing.

    What may be fetched (`PACKSHOT_ONLINE=1`, with a pinned revision) is not missing.
    """
    lines: dict[str, None] = {}
    for look in looks:
        for name, entry in _asked(look):
            reason = missing_reason(entry)
            fetchable = entry.hub and entry.revision and os.environ.get(ONLINE) == "1"
            if reason and not fetchable:
                tells = look.checkpoint.name if look.checkpoint else name
                line = f"variant {look.variant}: checkpoint {name}: {reason}"
                lines[f"{line}; `packshot models fetch {tells}` tells how to get it"] = None
    return list(lines)


def _asked(look: Look) -> Iterator[tuple[str, Checkpoint | Companion]]:
    """A look's checkpoint and what is added to it."""
    checkpoint, diffusion = look.checkpoint, look.diffusion
    if checkpoint is None or diffusion is None:
        return
    yield checkpoint.name, checkpoint
    kinds = {diffusion.control, "ip-adapter" if diffusion.style_picture else None} - {None}
    for name, companion in checkpoint.companions.items():
        if name in diffusion.loras or companion.kind in kinds:
            yield f"{checkpoint.name}, {companion.kind} {name}", companion


class EngineCache:
    """Keeps the engine of the last checkpoint asked for, and frees it when another is asked.

    A look that asks no model costs nothing, not even torch's import.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._loaded: tuple[str, ImageGenerator] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()
        self._loaded = None

    def engine(self, look: Look) -> ImageGenerator:
        """The engine of a look's checkpoint; the one before it is given up.

        Raises:
            ModelError: It is not at hand, or not what the configuration names.
        """
        if look.checkpoint is None:
            raise ValueError(f"preset {look.preset.name} asks no diffusion model")
        identity = look.checkpoint.identity
        if self._loaded is None or self._loaded[0] != identity:
            from transforms.diffusion.engine import DiffusionEngine  # noqa: PLC0415

            self._stack.close()
            self._loaded = identity, self._stack.enter_context(DiffusionEngine(look.checkpoint))
        return self._loaded[1]
