"""Proof that a model reads a whole prompt: nothing is cut silently."""

from typing import Any

from transforms.diffusion.order import Order
from transforms.errors import ConfigError


def check_length(pipeline: Any, order: Order, limit: int | None) -> None:
    """Count a prompt's tokens with the model's own tokenizers.

    Args:
        pipeline: Of diffusers, with one to three tokenizers.
        order: Its prompt and negative prompt are counted.
        limit: Tokens that the family reads; None: as many as each tokenizer says.

    Raises:
        ConfigError: One is too long; says by how much, and what would be cut.
    """
    tokenizers = [
        found
        for name in ("tokenizer", "tokenizer_2", "tokenizer_3")
        if (found := getattr(pipeline, name, None)) is not None
    ]
    # The one that reads most decides: SDXL's and FLUX's CLIP only add a summary of what T5 reads.
    allowed = limit or max((int(each.model_max_length) for each in tokenizers), default=0)
    for what, text in (("prompt", order.positive), ("negative prompt", order.negative)):
        if not tokenizers or not text:
            continue
        widest = max(tokenizers, key=lambda each: int(each.model_max_length))
        tokens = widest(text, truncation=False)["input_ids"]
        if allowed and len(tokens) > allowed:
            cut = widest.decode(tokens[allowed - 1 :], skip_special_tokens=True).strip()
            raise ConfigError(
                f"the {what} has {len(tokens)} tokens and the model reads {allowed}: "
                f"{len(tokens) - allowed} too many; shorten it, or this would be cut: {cut!r}"
            )
