"""Prompts with pictures in them, as Qwen-Image-Edit reads them."""

from pathlib import Path
from typing import Any


def picture_prompts(folder: Path) -> Any:
    """What makes tokens and patches of a prompt and its pictures.

    Transformers' own class for it also wants a reader of videos, and that one wants torchvision,
    of which there is no build without a GPU's libraries. This one reads pictures alone, by Pillow.

    Args:
        folder: `processor` of a checkpoint in diffusers' format.

    Returns:
        A `Qwen2VLProcessor`, so that diffusers takes it.
    """
    from transformers import (  # noqa: PLC0415 - heavy
        BatchFeature,
        Qwen2Tokenizer,
        Qwen2VLImageProcessorPil,
        Qwen2VLProcessor,
    )

    class PicturePrompts(Qwen2VLProcessor):
        def __init__(self, image_processor: Any, tokenizer: Any) -> None:
            self.image_processor, self.tokenizer = image_processor, tokenizer
            self.image_token = "<|image_pad|>"  # noqa: S105 - a word of its vocabulary

        def __call__(self, text: list[str], images: Any, **settings: Any) -> Any:
            patches = self.image_processor(images=images, return_tensors="pt")
            merged = self.image_processor.merge_size**2
            counts = iter([int(grid.prod()) // merged for grid in patches["image_grid_thw"]])
            spelled = [self._spelled(each, counts) for each in text]
            return BatchFeature({**self.tokenizer(spelled, **settings), **patches})

        def _spelled(self, text: str, counts: Any) -> str:
            """The prompt with each picture's place as long as the picture."""
            first, *rest = text.split(self.image_token)
            return first + "".join(self.image_token * next(counts) + each for each in rest)

    source = str(folder)
    pictures: Any = Qwen2VLImageProcessorPil  # untyped
    words: Any = Qwen2Tokenizer
    return PicturePrompts(pictures.from_pretrained(source), words.from_pretrained(source))
