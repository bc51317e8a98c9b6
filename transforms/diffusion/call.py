"""Calls a loaded checkpoint as its family wants to be called."""

import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from transforms.diffusion.guides import guides
from transforms.diffusion.order import Order
from transforms.diffusion.tokens import check_length
from transforms.errors import ConfigError
from transforms.presets.checkpoint import Checkpoint
from transforms.presets.family import FAMILIES

_TWO_STEPS = 2


class Loaded:
    """A checkpoint on a device, for one kind of order."""

    def __init__(self, pipeline: Any, checkpoint: Checkpoint) -> None:
        self._pipeline = pipeline
        self._family = FAMILIES[checkpoint.family]
        self._checkpoint = checkpoint
        self._takes = set(inspect.signature(type(pipeline).__call__).parameters)
        self._checked: set[tuple[str, str]] = set()

    def make(self, orders: Sequence[Order]) -> list[npt.NDArray[np.float32]]:
        """Make a batch; see `transforms.diffusion.engine.Model`.

        Raises:
            ConfigError: The prompt is longer than the model reads, or no step is left to be made.
        """
        import torch  # noqa: PLC0415

        first = orders[0]
        if (first.positive, first.negative) not in self._checked:
            check_length(self._pipeline, first, self._family)
            self._checked.add((first.positive, first.negative))
        groups = [[each] for each in orders] if self._family.one_by_one else [list(orders)]
        pictures: list[npt.NDArray[np.float32]] = []
        with torch.inference_mode():
            for group in groups:
                made = self._pipeline(**self._arguments(group)).images
                pictures += [np.asarray(each, np.float32) for each in made]
        return pictures

    def _arguments(self, orders: list[Order]) -> dict[str, Any]:
        """What the pipeline is called with; nothing that it would ignore."""
        import torch  # noqa: PLC0415

        first, family = orders[0], self._family
        height, width = first.pixels.shape[:2]
        steps = self._steps(first)
        arguments: dict[str, Any] = {
            "prompt": [each.positive for each in orders],
            "image": [Image.fromarray(each.pixels) for each in orders],
            "num_inference_steps": steps,
            # On the CPU, one for each picture: then a picture is the same on every device, and
            # whoever shares its batch.
            "generator": [torch.Generator("cpu").manual_seed(each.seed) for each in orders],
            "output_type": "np",
        }
        if first.strength is not None:
            arguments["strength"] = first.strength
        guidance = self._guidance(first)
        arguments[family.guided_by or "guidance_scale"] = guidance
        if family.negative:
            arguments |= self._negative(orders, guidance)
        arguments |= {
            "height": height,
            "width": width,
            "max_sequence_length": family.longest_sequence,
            # Sizes are the engine's business: what these would do cannot be undone exactly.
            "_auto_resize": False,
            "max_area": height * width,
            "use_resolution_binning": False,
        }
        if steps != _TWO_STEPS:
            arguments["intermediate_timesteps"] = None  # SANA-Sprint's, for two steps alone
        known = {name: value for name, value in arguments.items() if name in self._takes}
        return known | guides(orders)

    def _steps(self, order: Order) -> int:
        """The preset's, else the checkpoint's, else the family's."""
        steps = order.diffusion.steps or self._checkpoint.steps or self._family.steps
        if order.strength is not None and int(steps * order.strength) < 1:
            raise ConfigError(
                f"{steps} steps at strength {order.strength:g} are none; give more steps"
            )
        return steps

    def _guidance(self, order: Order) -> float:
        """The preset's, else the checkpoint's, else the family's; of distilled ones theirs."""
        asked = (order.diffusion.guidance, self._checkpoint.guidance, self._family.guidance)
        if self._family.guided_by is None:
            return self._family.guidance
        return next(each for each in asked if each is not None)

    def _negative(self, orders: list[Order], guidance: float) -> dict[str, Any]:
        if orders[0].negative:
            return {"negative_prompt": [each.negative for each in orders]}
        if self._family.guided_by == "true_cfg_scale" and guidance > 1:
            # Without any there would be no guidance either; their cards give a blank.
            return {"negative_prompt": [" "] * len(orders)}
        return {}
