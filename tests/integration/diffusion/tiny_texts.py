"""Tokenizers that spell, and text encoders of a few numbers: all of the classes that ship."""

import re
import string

import transformers
from tokenizers.pre_tokenizers import ByteLevel

WIDTH = 32
_SPECIAL = ["<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>"]
_CHAT = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_SIZES = {
    "hidden_size": WIDTH,
    "intermediate_size": WIDTH,
    "num_attention_heads": 2,
    "num_key_value_heads": 2,
}
_WIDE = {"initializer_range": 0.5}
"""The usual 0.02 makes all prompts alike after so few layers."""


def clip_words() -> transformers.CLIPTokenizer:
    letters = sorted(ByteLevel.alphabet())
    words = ["<|startoftext|>", "<|endoftext|>", *letters, *(f"{each}</w>" for each in letters)]
    return transformers.CLIPTokenizer(_numbered(words), [], model_max_length=77)


def clip(*, projection: bool = False, act: str = "quick_gelu"):
    config = transformers.CLIPTextConfig(
        vocab_size=len(clip_words()),
        hidden_size=WIDTH,
        intermediate_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=2,
        projection_dim=WIDTH,
        hidden_act=act,
        initializer_factor=10.0,
        bos_token_id=0,
        eos_token_id=1,
    )
    kind = transformers.CLIPTextModelWithProjection if projection else transformers.CLIPTextModel
    return kind(config).eval()


def clip_vision():
    config = transformers.CLIPVisionConfig(
        hidden_size=WIDTH,
        intermediate_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=2,
        projection_dim=WIDTH,
        image_size=32,
        patch_size=8,
        initializer_factor=10.0,
    )
    return transformers.CLIPVisionModelWithProjection(config).eval()


def t5_words() -> transformers.T5Tokenizer:
    letters = [("▁", -2.0), *((each, -2.0) for each in string.printable.strip())]
    special = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    return transformers.T5Tokenizer(vocab=special + letters, extra_ids=0, model_max_length=512)


def t5(width: int = WIDTH) -> transformers.T5EncoderModel:
    config = transformers.T5Config(
        vocab_size=128, d_model=width, d_kv=16, d_ff=WIDTH, num_layers=1, num_heads=2
    )
    return transformers.T5EncoderModel(config).eval()


def gemma_words() -> transformers.GemmaTokenizer:
    special = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "▁"]
    bytes_ = [f"<0x{number:02X}>" for number in range(256)]
    words = [*special, *string.printable.strip(), *bytes_]
    tokenizer = transformers.GemmaTokenizer(vocab=_numbered(words), model_max_length=8192)
    tokenizer.add_bos_token = True
    tokenizer.update_post_processor()
    return tokenizer


def gemma() -> transformers.Gemma2Model:
    config = transformers.Gemma2Config(
        **_SIZES, **_WIDE, vocab_size=512, num_hidden_layers=2, head_dim=16
    )
    return transformers.Gemma2Model(config).eval()


def qwen_words() -> transformers.Qwen2Tokenizer:
    words = ["<|endoftext|>", *sorted(ByteLevel.alphabet())]
    tokenizer = transformers.Qwen2Tokenizer(
        vocab=_numbered(words), extra_special_tokens=_SPECIAL, model_max_length=131072
    )
    tokenizer.chat_template = _CHAT
    return tokenizer


def know(tokenizer: transformers.Qwen2Tokenizer, opening: str, tokens: int) -> None:
    """Make so many tokens of what a chat opens with, which spelled would leave a prompt no room."""
    marks = re.compile("|".join(map(re.escape, _SPECIAL)))
    words = max(marks.split(opening), key=len)
    wanted = tokens - len(tokenizer(opening.replace(words, ""))["input_ids"])
    tokenizer.add_tokens([words[: 1 - wanted]])  # the rest is spelled
    assert len(tokenizer(opening)["input_ids"]) == tokens


def qwen3(*, layers: int, causal: bool):
    config = transformers.Qwen3Config(
        **_SIZES, **_WIDE, vocab_size=512, num_hidden_layers=layers, head_dim=16
    )
    kind = transformers.Qwen3ForCausalLM if causal else transformers.Qwen3Model
    return kind(config).eval()


def qwen_vision() -> transformers.Qwen2_5_VLForConditionalGeneration:
    words = qwen_words()
    rotations = {"rope_type": "default", "mrope_section": [2, 3, 3], "rope_theta": 1e6}
    text = {**_SIZES, **_WIDE, "vocab_size": 512, "num_hidden_layers": 1}
    vision = {
        "depth": 1, "hidden_size": WIDTH, "intermediate_size": WIDTH, "num_heads": 2,
        "out_hidden_size": WIDTH, "fullatt_block_indexes": [0],
    }  # fmt: skip
    numbers = {
        f"{name}_token_id": words.convert_tokens_to_ids(f"<|{word}|>")
        for name, word in (
            ("image", "image_pad"),
            ("vision_start", "vision_start"),
            ("vision_end", "vision_end"),
        )
    }
    config = transformers.Qwen2_5_VLConfig(
        text_config={**text, "rope_parameters": rotations}, vision_config=vision, **numbers
    )
    return transformers.Qwen2_5_VLForConditionalGeneration(config).eval()


def qwen_pictures():
    """Few patches of any picture."""
    return transformers.Qwen2VLImageProcessorPil(min_pixels=56 * 56, max_pixels=84 * 84)


def _numbered(words: list[str]) -> dict[str, int]:
    return {word: number for number, word in enumerate(words)}
