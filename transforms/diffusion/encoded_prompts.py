"""Prompts that a pipeline encoded already: a shard asks for the same few again and again."""

from collections.abc import Callable
from typing import Any

_KEPT = 64
"""A shard has a few prompts; a batch of another size encodes them once more."""


def remember_prompts(pipeline: Any) -> None:
    """Make a pipeline encode each prompt once. Modifies it; others are as they were."""
    encode: Callable[..., Any] | None = getattr(pipeline, "encode_prompt", None)
    if encode is None:
        return
    known: dict[object, Any] = {}

    def remembered(*arguments: Any, **named: Any) -> Any:
        key = _key((*arguments, *sorted(named.items())))
        if key is None:
            return encode(*arguments, **named)
        if key not in known:
            if len(known) >= _KEPT:
                known.clear()
            known[key] = encode(*arguments, **named)
        return known[key]

    pipeline.encode_prompt = remembered


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
