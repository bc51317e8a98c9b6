"""Checkpoints with random weights, for timing: their values do not change a model's speed."""

from importlib import import_module
from pathlib import Path
from typing import Any, Literal, NamedTuple

Size = Literal["tiny", "small", "sd15"]


_WORDS, _TOKENS = 49408, 77
"""Of CLIP, which SD 1.5 reads prompts with."""


class Widths(NamedTuple):
    """What makes a model of SD 1.5's classes as large as it is."""

    unet: tuple[int, ...]
    heads: int
    context: int
    autoencoder: tuple[int, ...]
    text_layers: int
    native_px: int


SIZES: dict[Size, Widths] = {
    "tiny": Widths((32, 64), 2, 32, (32, 32, 32, 32), 2, 64),
    "small": Widths((64, 128, 256, 256), 8, 256, (32, 64, 128, 128), 6, 256),
    "sd15": Widths((320, 640, 1280, 1280), 8, 768, (128, 256, 512, 512), 12, 512),
}
"""`sd15` as in the configuration files of Stable Diffusion 1.5; `small` has a fifth of its width at
half its native side, and `tiny` is for the tests of this program alone."""


def save_sd15(folder: Path, size: Size, *, seed: int = 0) -> None:
    """Write an image-to-image checkpoint of SD 1.5's classes, in diffusers' format.

    Args:
        folder: Is made.
        size: How large.
        seed: Of the weights.
    """
    import torch  # noqa: PLC0415 - heavy; only who runs it pays for it
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer  # noqa: PLC0415 - as above

    diffusers: Any = import_module("diffusers")  # untyped
    widths = SIZES[size]
    torch.manual_seed(seed)
    levels = len(widths.unet)
    text = CLIPTextConfig(
        vocab_size=_WORDS,
        hidden_size=widths.context,
        intermediate_size=4 * widths.context,
        num_hidden_layers=widths.text_layers,
        num_attention_heads=max(1, widths.context // 64),
        bos_token_id=0,
        eos_token_id=1,
    )
    unet = diffusers.UNet2DConditionModel(
        sample_size=widths.native_px // 8,
        block_out_channels=widths.unet,
        down_block_types=("CrossAttnDownBlock2D",) * (levels - 1) + ("DownBlock2D",),
        up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * (levels - 1),
        cross_attention_dim=widths.context,
        attention_head_dim=widths.heads,
    )
    autoencoder = diffusers.AutoencoderKL(
        sample_size=widths.native_px,
        block_out_channels=widths.autoencoder,
        down_block_types=("DownEncoderBlock2D",) * len(widths.autoencoder),
        up_block_types=("UpDecoderBlock2D",) * len(widths.autoencoder),
        layers_per_block=2,
        latent_channels=4,
    )
    pipeline = diffusers.StableDiffusionImg2ImgPipeline(
        vae=autoencoder,
        text_encoder=CLIPTextModel(text),
        tokenizer=CLIPTokenizer(_letters(), [], model_max_length=_TOKENS),
        unet=unet,
        scheduler=diffusers.PNDMScheduler(
            beta_start=0.00085,
            beta_end=0.012,
            beta_schedule="scaled_linear",
            skip_prk_steps=True,
            steps_offset=1,
        ),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.save_pretrained(folder)


def _letters() -> dict[str, int]:
    """A vocabulary of single bytes, inside words and at their end; it reads any prompt."""
    from tokenizers.pre_tokenizers import ByteLevel  # noqa: PLC0415 - heavy

    letters = sorted(ByteLevel.alphabet())
    words = ["<|startoftext|>", "<|endoftext|>", *letters, *(f"{each}</w>" for each in letters)]
    return {word: number for number, word in enumerate(words)}
