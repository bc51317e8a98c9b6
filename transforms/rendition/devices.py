"""The diffusion models of a process: loaded when they are first asked, one at a time."""

from contextlib import ExitStack
from typing import Self

from transforms.diffusion.prompt import written
from transforms.presets.gate import Gate
from transforms.presets.look import Look
from transforms.rendition.attempts import Engine
from transforms.rendition.refined import refined
from transforms.scenes.scene import Scene


class Devices:
    """Engines by checkpoint. A look that asks none costs nothing, not even torch's import."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._loaded: tuple[str, Engine] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()
        self._loaded = None

    def engine(self, look: Look) -> Engine:
        """The engine of a look's checkpoint; the one before it is given up.

        Raises:
            ModelError: It is not at hand, or not what the configuration names.
        """
        if look.checkpoint is None:
            raise ValueError(f"preset {look.preset.name} asks no diffusion model")
        identity = look.checkpoint.identity
        if self._loaded is None or self._loaded[0] != identity:
            from transforms.diffusion.engine import Engine as DiffusionEngine  # noqa: PLC0415

            self._stack.close()
            self._loaded = identity, self._stack.enter_context(DiffusionEngine(look.checkpoint))
        return self._loaded[1]

    @staticmethod
    def words(look: Look) -> tuple[str, str]:
        """Prompt and negative prompt of a look, whole."""
        if look.diffusion is None:
            raise ValueError(f"preset {look.preset.name} asks no diffusion model")
        return written(look.diffusion.prompt, look.brand)

    def refined(self, scene: Scene, seed: int, *, look: Look, gate: Gate) -> Scene:
        """A backdrop made better by the look's checkpoint; see `refined`."""
        words = self.words(look)
        return refined(scene, seed, look=look, engine=self.engine(look), gate=gate, words=words)
