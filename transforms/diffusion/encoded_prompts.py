"""Prompts that a pipeline encoded already: a shard asks for the same few again and again."""

import inspect
from collections.abc import Callable
from typing import Any

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

    def remembered(*arguments: Any, **named: Any) -> Any:
        asked = signature.bind(*arguments, **named).arguments
        alone, count = _alone(asked)
        key = _key(tuple(sorted(alone.items())))
        if key is None:
            return encode(*arguments, **named)
        if key not in known:
            if len(known) >= _KEPT:
                known.clear()
            known[key] = encode(**alone)
        return _repeated(known[key], count)

    pipeline.encode_prompt = remembered


def _alone(asked: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """What is asked for one picture, and for how many; as it is where their prompts differ."""
    texts = {name: asked[name] for name in _PROMPTS if isinstance(asked.get(name), list)}
    counts = {len(text) for text in texts.values()}
    if len(counts) == 1 and all(len(set(text)) == 1 for text in texts.values()):
        return asked | {name: text[:1] for name, text in texts.items()}, counts.pop()
    return asked, 1


def _repeated(encoded: Any, count: int) -> Any:
    """What was encoded for one picture, for so many; position ids have no pictures' axis."""
    if isinstance(encoded, tuple):
        return tuple(_repeated(each, count) for each in encoded)
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
