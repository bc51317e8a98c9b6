"""Calls a loaded pipeline as its family wants to be called."""

import inspect
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from transforms.diffusion.generation import GenerationRequest
from transforms.diffusion.prompts import check_length
from transforms.errors import ConfigError
from transforms.pixels import Pixels
from transforms.presets.checkpoint import Checkpoint
from transforms.presets.family import FAMILIES

_TWO_STEPS = 2


class LoadedPipeline:
    """A checkpoint on a device, for one kind of request."""

    def __init__(self, pipeline: Any, checkpoint: Checkpoint) -> None:
        self._pipeline = pipeline
        self._family = FAMILIES[checkpoint.family]
        self._checkpoint = checkpoint
        self._takes = set(inspect.signature(type(pipeline).__call__).parameters)
        self._checked: set[tuple[str, str]] = set()

    def generate(self, requests: Sequence[GenerationRequest]) -> list[npt.NDArray[np.float32]]:
        """Make a batch; see `transforms.diffusion.engine.LoadedModel`.

        Raises:
            ConfigError: The prompt is longer than the model reads, or no step is left to be made.
        """
        import torch  # noqa: PLC0415

        first = requests[0]
        if (first.positive, first.negative) not in self._checked:
            check_length(self._pipeline, first, self._family)
            self._checked.add((first.positive, first.negative))
        groups = [[each] for each in requests] if self._family.one_by_one else [list(requests)]
        pictures: list[npt.NDArray[np.float32]] = []
        with torch.inference_mode():
            for group in groups:
                made = self._pipeline(**self._arguments(group)).images
                pictures += [np.asarray(each, np.float32) for each in made]
        return pictures

    def _arguments(self, requests: list[GenerationRequest]) -> dict[str, Any]:
        """What the pipeline is called with; nothing that it would ignore."""
        import torch  # noqa: PLC0415

        first, family = requests[0], self._family
        height, width = first.pixels.shape[:2]
        steps = self._steps(first)
        arguments: dict[str, Any] = {
            "prompt": [each.positive for each in requests],
            "image": [Image.fromarray(each.pixels) for each in requests],
            "num_inference_steps": steps,
            # On the CPU, one for each picture: then a picture is the same on every device, and
            # whoever shares its batch.
            "generator": [torch.Generator("cpu").manual_seed(each.seed) for each in requests],
            "output_type": "np",
        }
        if first.strength is not None:
            arguments["strength"] = first.strength
        guidance = self._guidance(first)
        arguments[family.guided_by or "guidance_scale"] = guidance
        if family.negative:
            arguments |= self._negative(requests, guidance)
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
        return known | guide_arguments(requests)

    def _steps(self, request: GenerationRequest) -> int:
        """The preset's, else the checkpoint's, else the family's."""
        steps = request.diffusion.steps or self._checkpoint.steps or self._family.steps
        if request.strength is not None and int(steps * request.strength) < 1:
            raise ConfigError(
                f"{steps} steps at strength {request.strength:g} are none; give more steps"
            )
        return steps

    def _guidance(self, request: GenerationRequest) -> float:
        """The preset's, else the checkpoint's, else the family's; of distilled ones theirs."""
        asked = (request.diffusion.guidance, self._checkpoint.guidance, self._family.guidance)
        if self._family.guided_by is None:
            return self._family.guidance
        return next(each for each in asked if each is not None)

    def _negative(self, requests: list[GenerationRequest], guidance: float) -> dict[str, Any]:
        if requests[0].negative:
            return {"negative_prompt": [each.negative for each in requests]}
        if self._family.guided_by == "true_cfg_scale" and guidance > 1:
            # Without any there would be no guidance either; their cards give a blank.
            return {"negative_prompt": [" "] * len(requests)}
        return {}


_FAINT, _CLEAR = 100, 200
"""Canny's thresholds as ControlNets of that kind were trained on."""


def guide_arguments(requests: list[GenerationRequest]) -> dict[str, Any]:
    """Arguments of diffusers' pipelines for the guides that a preset asks for.

    Args:
        requests: Of one batch, alike but for pixels, mask and seed.

    Raises:
        ConfigError: A mask is missing, or the style picture is.
    """
    asked, found = requests[0].diffusion, dict[str, Any]()
    if asked.task == "inpaint":
        masks = [each.mask for each in requests if each.mask is not None]
        if len(masks) < len(requests):
            raise ConfigError("the task inpaint needs a mask for every picture")
        found["mask_image"] = [Image.fromarray(each) for each in masks]
    if asked.control:
        found["control_image"] = [_edges(each.pixels) for each in requests]
    if asked.style_picture:
        found["ip_adapter_image"] = _style(asked.style_picture)
    return found


def _edges(pixels: Pixels) -> Image.Image:
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    edges = np.asarray(cv2.Canny(grey, _FAINT, _CLEAR), np.uint8)
    return Image.fromarray(np.repeat(edges[..., None], 3, axis=2))


def _style(path: str) -> Image.Image:
    try:
        return Image.open(path).convert("RGB")
    except OSError as error:
        raise ConfigError(f"diffusion.style_picture {path}: cannot be opened: {error}") from error
