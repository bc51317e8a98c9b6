"""Proof that a model reads a whole prompt: nothing is cut silently."""

from typing import Any

from transforms.diffusion.order import Order
from transforms.errors import ConfigError
from transforms.presets.family import Family


def check_length(pipeline: Any, order: Order, family: Family) -> None:
    """Count a prompt's tokens with the model's own tokenizers.

    Args:
        pipeline: Of diffusers.
        order: Its prompt and, where the family reads one, its negative prompt are counted.
        family: Says which tokenizers count, and how much is read.

    Raises:
        ConfigError: One is too long; says by how much, and what would be cut.
    """
    texts = {"prompt": order.positive}
    if family.negative:
        texts["negative prompt"] = order.negative
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
                    f"{_cut(tokenizer, text, allowed)!r}"
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


def _cut(tokenizer: Any, text: str, allowed: int) -> str:
    """What lies beyond; a word may begin before it."""
    tokens = tokenizer(text, truncation=False)["input_ids"]
    if tokens[-1] in tokenizer.all_special_ids:  # a mark of the end, which is always read
        allowed -= 1
    said: str = tokenizer.decode(tokens[allowed:], skip_special_tokens=True)
    return said.strip()
