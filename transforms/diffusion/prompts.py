"""Prompts: put together out of their parts, proven to be read whole, and encoded once."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

from transforms.diffusion.generation import GenerationRequest
from transforms.errors import ConfigError
from transforms.presets.brand import Brand
from transforms.presets.family import Family
from transforms.presets.preset import Prompt


def write_prompts(prompt: Prompt, brand: Brand) -> tuple[str, str]:
    """Prompt and negative prompt, whole.

    The guides' request: outcome or style, what to preserve, quality; then the brand's words, once,
    also where a preset says some of them already.

    Args:
        prompt: Of the preset.
        brand: Its words are appended.
    """
    positive = _join([prompt.style, prompt.preserve, prompt.quality, brand.words])
    return positive, _join([prompt.negative, brand.negative_words])


def _join(parts: list[str]) -> str:
    """Comma-separated phrases, each said once."""
    phrases = [phrase.strip() for part in parts for phrase in part.split(",")]
    return ", ".join(dict.fromkeys(phrase for phrase in phrases if phrase))


def check_length(pipeline: Any, request: GenerationRequest, family: Family) -> None:
    """Count a prompt's tokens with the model's own tokenizers.

    Args:
        pipeline: Of diffusers.
        request: Its prompt and, where the family reads one, its negative prompt are counted.
        family: Says which tokenizers count, and how much is read.

    Raises:
        ConfigError: One is too long; says by how much, and what would be cut.
    """
    texts = {"prompt": request.positive}
    if family.negative:
        texts["negative prompt"] = request.negative
    for name, limit in family.reads.items():
        tokenizer = getattr(pipeline, name, None)
        if tokenizer is None:  # SD3 without its largest text encoder
            continue
        around = len(_tokens(tokenizer, "", family)) if family.thinks is not None else 0
        for what, text in texts.items():
            tokens = len(_tokens(tokenizer, text, family))
            if tokens > limit:
                allowed = limit - around
                raise ConfigError(
                    f"the {what} has {tokens - around} tokens and {family.title} reads {allowed}: "
                    f"{tokens - limit} too many; shorten it, or this would be cut: "
                    f"{_unread(tokenizer, text, allowed)!r}"
                )


def _tokens(tokenizer: Any, text: str, family: Family) -> list[int]:
    if family.thinks is not None:
        text = tokenizer.apply_chat_template(
            [{"role": "user", "content": text}],
            tokenize=False,
            add_generation_prompt=True,
            enable_thinking=family.thinks,
        )
    tokens: list[int] = tokenizer(text, truncation=False)["input_ids"]
    return tokens


def _unread(tokenizer: Any, text: str, allowed: int) -> str:
    """The part of a text behind the first `allowed` tokens; a word may begin before it."""
    tokens = tokenizer(text, truncation=False)["input_ids"]
    if tokens[-1] in tokenizer.all_special_ids:  # a mark of the end, which is always read
        allowed -= 1
    said: str = tokenizer.decode(tokens[allowed:], skip_special_tokens=True)
    return said.strip()


_KEPT = 64
"""A shard has a few prompts."""
_PROMPTS = {
    f"{negative}prompt{number}" for negative in ("", "negative_") for number in ("", "_2", "_3")
}
"""Arguments that have one text for each picture."""


def remember_prompts(pipeline: Any) -> None:
    """Make a pipeline encode each prompt once. Modifies it; others are as they were.

    Where all pictures of a batch have one prompt it is encoded alone and repeated, so that a batch
    of another size finds it too. Prompts with pictures in them are encoded each time.
    """
    encode: Callable[..., Any] | None = getattr(pipeline, "encode_prompt", None)
    if encode is None:
        return
    known: dict[object, Any] = {}
    signature = inspect.signature(encode)

    def encode_once(*arguments: Any, **named: Any) -> Any:
        asked = signature.bind(*arguments, **named).arguments
        alone, count = _ask_for_one(asked)
        key = _key(tuple(sorted(alone.items())))
        if key is None:
            return encode(*arguments, **named)
        if key not in known:
            if len(known) >= _KEPT:
                known.clear()
            known[key] = encode(**alone)
        return _repeat(known[key], count)

    pipeline.encode_prompt = encode_once


def _ask_for_one(asked: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """What is asked for one picture, and for how many; as it is where their prompts differ."""
    texts = {name: asked[name] for name in _PROMPTS if isinstance(asked.get(name), list)}
    counts = {len(text) for text in texts.values()}
    if len(counts) == 1 and all(len(set(text)) == 1 for text in texts.values()):
        return asked | {name: text[:1] for name, text in texts.items()}, counts.pop()
    return asked, 1


def _repeat(encoded: Any, count: int) -> Any:
    """What was encoded for one picture, for so many; position ids have no pictures' axis."""
    if isinstance(encoded, tuple):
        return tuple(_repeat(each, count) for each in encoded)
    if isinstance(encoded, list):
        return encoded * count
    if encoded is None or count == 1 or encoded.shape[0] != 1:
        return encoded
    return encoded.expand(count, *encoded.shape[1:])


def _key(value: Any) -> object:
    """A hashable stand-in; None for what holds pictures or tensors, which must not be kept."""
    if isinstance(value, list | tuple):
        parts = [_key(each) for each in value]
        return None if None in parts else tuple(parts)
    if value is None:
        return ("none",)
    if isinstance(value, str | int | float | bool):
        return (type(value).__name__, value)
    return str(value) if type(value).__module__ == "torch" and "device" in repr(value) else None


def load_processor(folder: Path) -> Any:
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
