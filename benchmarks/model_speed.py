"""Seconds a picture of large models with random weights: eager, compiled, 8 bit, in batches."""

import statistics
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NamedTuple

RUNNINGS = ("float32", "bfloat16", "bfloat16-compiled", "float8-compiled")

STEPS, STRENGTH = 20, 0.5
_RUNS = 3
_PEAK_PER_GB = 1e9


class Parts(NamedTuple):
    """Classes of diffusers and what they are built with."""

    pipeline: str
    scheduler: str
    denoiser: str
    settings: dict[str, Any]
    autoencoder: dict[str, Any]
    side: int
    words: int
    """Tokens of a prompt."""


_SDXL = {
    "sample_size": 128,
    "block_out_channels": (320, 640, 1280),
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
    "transformer_layers_per_block": (1, 2, 10),
    "attention_head_dim": (5, 10, 20),
    "cross_attention_dim": 2048,
    "use_linear_projection": True,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 256,
    "projection_class_embeddings_input_dim": 2816,
}
_SDXL_TINY = {
    **_SDXL,
    "block_out_channels": (32, 32, 64),
    "transformer_layers_per_block": (1, 1, 1),
    "attention_head_dim": (1, 1, 2),
}
_FLUX = {"guidance_embeds": True}
"""All else as in diffusers' defaults, which are those of FLUX.1 dev, of 12 thousand million."""
_FLUX_TINY = {**_FLUX, "num_layers": 1, "num_single_layers": 1, "num_attention_heads": 1}
_BLOCKS = {
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
}
_VAE = {**_BLOCKS, "block_out_channels": (128, 256, 512, 512), "layers_per_block": 2}
_VAE_TINY = {**_BLOCKS, "block_out_channels": (32, 32, 32, 32)}
_FLUX_VAE = {
    "latent_channels": 16, "shift_factor": 0.1159, "scaling_factor": 0.3611,
    "use_quant_conv": False, "use_post_quant_conv": False,
}  # fmt: skip

_XL = ("StableDiffusionXLImg2ImgPipeline", "EulerDiscreteScheduler", "UNet2DConditionModel")
_FL = ("FluxImg2ImgPipeline", "FlowMatchEulerDiscreteScheduler", "FluxTransformer2DModel")

SHAPES: dict[str, Parts] = {
    "sdxl": Parts(*_XL, _SDXL, _VAE, 1024, 77),
    "flux": Parts(*_FL, _FLUX, {**_VAE, **_FLUX_VAE}, 1024, 512),
    "sdxl-tiny": Parts(*_XL, _SDXL_TINY, _VAE_TINY, 64, 77),
    "flux-tiny": Parts(*_FL, _FLUX_TINY, {**_VAE_TINY, **_FLUX_VAE}, 64, 16),
}
"""The tiny ones prove on a CPU that this program works."""


def bench_model_speed(
    shapes: Sequence[str],
    runnings: Sequence[str],
    batches: Sequence[int],
    device: str,
    *,
    steps: int = STEPS,
) -> list[dict[str, Any]]:
    """Image-to-image at native size with the prompts' embeddings given, so no text encoder runs.

    Args:
        shapes: Of `SHAPES`.
        runnings: Of `RUNNINGS`.
        batches: Pictures at once.
        device: As torch names it.
        steps: Half of them are run.

    Returns:
        JSON-able: for each combination seconds a picture (median of three calls after one that
        compiles), and the most memory; both None where memory does not hold it.
    """
    import torch  # noqa: PLC0415 - heavy

    rows = []
    for shape in shapes:
        for running in runnings:
            call = _built(shape, running, device, steps)
            for batch in batches:
                row: dict[str, Any] = {"shape": shape, "running": running, "batch": batch}
                try:
                    row |= _measured(call, batch, device)
                except torch.OutOfMemoryError:
                    row |= {"seconds_a_picture": None, "peak_gb": None}
                rows.append(row)
            del call
            if device.startswith("cuda"):
                torch.cuda.empty_cache()
    return rows


def _measured(call: Callable[[int], Any], batch: int, device: str) -> dict[str, Any]:
    import torch  # noqa: PLC0415 - heavy

    on_gpu = device.startswith("cuda")
    call(batch)
    if on_gpu:
        torch.cuda.reset_peak_memory_stats()
    seconds = []
    for _ in range(_RUNS):
        began = time.perf_counter()
        call(batch)
        if on_gpu:
            torch.cuda.synchronize()
        seconds.append((time.perf_counter() - began) / batch)
    peak = round(torch.cuda.max_memory_allocated() / _PEAK_PER_GB, 1) if on_gpu else None
    return {"seconds_a_picture": round(statistics.median(seconds), 3), "peak_gb": peak}


def _built(shape: str, running: str, device: str, steps: int) -> Callable[[int], Any]:
    """Build a pipeline with random weights on the device itself, and a call of it."""
    import torch  # noqa: PLC0415 - heavy

    diffusers: Any = import_module("diffusers")  # untyped
    parts = SHAPES[shape]
    dtype = torch.float32 if running == "float32" else torch.bfloat16
    usual = torch.get_default_dtype()
    torch.manual_seed(0)
    try:
        torch.set_default_dtype(dtype)
        with torch.device(device):
            denoiser = getattr(diffusers, parts.denoiser)(**parts.settings).eval()
            autoencoder = diffusers.AutoencoderKL(**parts.autoencoder).eval()
    finally:
        torch.set_default_dtype(usual)
    flux = "Flux" in parts.pipeline
    if not flux:
        denoiser.to(memory_format=torch.channels_last)
    autoencoder.to(memory_format=torch.channels_last)
    if running == "float8-compiled":
        quantization = import_module("torchao.quantization")
        quantization.quantize_(denoiser, quantization.Float8DynamicActivationFloat8WeightConfig())
    if running.endswith("compiled"):
        denoiser.compile()
        autoencoder.decoder.compile()
    named = {"transformer": denoiser} if flux else {"unet": denoiser}
    encoders = ["text_encoder", "tokenizer", "text_encoder_2", "tokenizer_2"]
    pipeline = getattr(diffusers, parts.pipeline)(
        vae=autoencoder,
        scheduler=getattr(diffusers, parts.scheduler)(),
        **named,
        **dict.fromkeys(encoders),
    )
    pipeline.set_progress_bar_config(disable=True)
    width, pooled = (4096, 768) if flux else (2048, 1280)

    def call(batch: int) -> Any:
        words = {
            "prompt_embeds": torch.zeros(batch, parts.words, width, dtype=dtype, device=device),
            "pooled_prompt_embeds": torch.zeros(batch, pooled, dtype=dtype, device=device),
        }
        if not flux:
            words |= {f"negative_{name}": value for name, value in words.items()}
        return pipeline(
            **words,
            image=torch.rand(batch, 3, parts.side, parts.side),
            strength=STRENGTH,
            num_inference_steps=steps,
            generator=[torch.Generator("cpu").manual_seed(seed) for seed in range(batch)],
            output_type="np",
            **({"height": parts.side, "width": parts.side} if flux else {}),
        ).images

    return call
