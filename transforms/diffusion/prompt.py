"""A prompt put together out of its parts, and proof that the model reads all of it."""

from transforms.presets.brand import Brand
from transforms.presets.preset import Prompt


def written(prompt: Prompt, brand: Brand) -> tuple[str, str]:
    """Prompt and negative prompt, whole.

    The guides' order: outcome or style, what to preserve, quality; then the brand's words, once,
    also where a preset says some of them already.

    Args:
        prompt: Of the preset.
        brand: Its words are appended.
    """
    positive = _joined([prompt.style, prompt.preserve, prompt.quality, brand.words])
    return positive, _joined([prompt.negative, brand.negative_words])


def _joined(parts: list[str]) -> str:
    """Comma-separated phrases, each said once."""
    phrases = [phrase.strip() for part in parts for phrase in part.split(",")]
    return ", ".join(dict.fromkeys(phrase for phrase in phrases if phrase))
