"""A checkpoint of each family, with random weights and of a few hundred kilobytes, in a folder.

What diffusers 0.42 ships is built: its pipelines, models, tokenizers and schedulers. The
autoencoders are set to code pictures truly, so that tests can tell from what comes back whether it
is the picture that was given.
"""

import json
from collections.abc import Callable
from pathlib import Path

import diffusers
import torch

from tests.integration.diffusion import tiny_autoencoders, tiny_texts
from transforms.models.checkpoints import folder_sha256
from transforms.presets.checkpoint import Checkpoint, FamilyName, Options

NATIVE_PX = 128
_GAIN = 1.6
_OTHERS_PX = {"qwen-image-edit": 256, "qwen-image-edit-plus": 256, "sana-sprint": 256}
"""The first two resize to an area of their own, and the last codes 32 pixels as one."""


def tiny_checkpoint(family: FamilyName, folder: Path, *, batch: int = 2) -> Checkpoint:
    """Build, save as safetensors, and describe as an entry of `config/models.yaml` does."""
    torch.manual_seed(0)
    pipeline = BUILDERS[family]()
    _enliven(getattr(pipeline, "transformer", None))
    pipeline.save_pretrained(folder)
    if family.startswith("qwen-image-edit"):
        _save_processor(folder, pipeline.tokenizer)
    return described(family, folder, batch=batch)


@torch.no_grad()
def _enliven(transformer) -> None:
    """Usual random weights are so small that a single layer hardly tells prompts apart."""
    for weight in transformer.parameters() if transformer else ():
        if weight.ndim > 1:
            weight.mul_(_GAIN)


def described(family: FamilyName, folder: Path, *, batch: int = 2) -> Checkpoint:
    return Checkpoint(
        name=family,
        family=family,
        purpose="Random and tiny.",
        licence="none",
        commercial=True,
        folder=str(folder),
        sha256=folder_sha256(folder),
        native_px=_OTHERS_PX.get(family, NATIVE_PX),
        options=Options(batch=batch),
    )


def _unet(**settings) -> diffusers.UNet2DConditionModel:
    usual = {
        "sample_size": NATIVE_PX // 8,
        "block_out_channels": (16, 32),
        "layers_per_block": 1,
        "norm_num_groups": 4,
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
        "cross_attention_dim": tiny_texts.WIDTH,
        "attention_head_dim": 4,
    }
    return diffusers.UNet2DConditionModel(**usual | settings)


_BETAS = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
_UNSAFE = {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}


def _sd15():
    scheduler = diffusers.PNDMScheduler(**_BETAS, skip_prk_steps=True, steps_offset=1)
    return diffusers.StableDiffusionPipeline(
        vae=tiny_autoencoders.kl(4),
        text_encoder=tiny_texts.clip(),
        tokenizer=tiny_texts.clip_words(),
        unet=_unet(),
        scheduler=scheduler,
        **_UNSAFE,
    )


def _sd21():
    scheduler = diffusers.DDIMScheduler(
        **_BETAS, prediction_type="v_prediction", clip_sample=False, steps_offset=1
    )
    return diffusers.StableDiffusionPipeline(
        vae=tiny_autoencoders.kl(4),
        text_encoder=tiny_texts.clip(act="gelu"),
        tokenizer=tiny_texts.clip_words(),
        unet=_unet(attention_head_dim=(2, 4), use_linear_projection=True),
        scheduler=scheduler,
        **_UNSAFE,
    )


def _sdxl(scheduler):
    six = 6
    """Numbers of sizes and crops that SDXL is told, each in eight."""
    return diffusers.StableDiffusionXLPipeline(
        vae=tiny_autoencoders.kl(4),
        text_encoder=tiny_texts.clip(),
        text_encoder_2=tiny_texts.clip(projection=True, act="gelu"),
        tokenizer=tiny_texts.clip_words(),
        tokenizer_2=tiny_texts.clip_words(),
        unet=_unet(
            cross_attention_dim=2 * tiny_texts.WIDTH,
            attention_head_dim=(2, 4),
            transformer_layers_per_block=(1, 1),
            use_linear_projection=True,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=six * 8 + tiny_texts.WIDTH,
        ),
        scheduler=scheduler,
        add_watermarker=False,
    )


def _sd3():
    return diffusers.StableDiffusion3Pipeline(
        transformer=diffusers.SD3Transformer2DModel(
            sample_size=NATIVE_PX // 8,
            in_channels=16,
            num_layers=1,
            attention_head_dim=8,
            num_attention_heads=4,
            joint_attention_dim=2 * tiny_texts.WIDTH,
            caption_projection_dim=32,
            pooled_projection_dim=2 * tiny_texts.WIDTH,
            pos_embed_max_size=32,
        ),
        vae=tiny_autoencoders.kl(
            16, shift_factor=0.0, use_quant_conv=False, use_post_quant_conv=False
        ),
        text_encoder=tiny_texts.clip(projection=True),
        text_encoder_2=tiny_texts.clip(projection=True, act="gelu"),
        text_encoder_3=tiny_texts.t5(2 * tiny_texts.WIDTH),
        tokenizer=tiny_texts.clip_words(),
        tokenizer_2=tiny_texts.clip_words(),
        tokenizer_3=tiny_texts.t5_words(),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(shift=3.0),
    )


def _flux(kind, *, guided: bool, channels: int = 16, shift: bool = True):
    return kind(
        transformer=diffusers.FluxTransformer2DModel(
            in_channels=channels,
            out_channels=16,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=tiny_texts.WIDTH,
            pooled_projection_dim=tiny_texts.WIDTH,
            guidance_embeds=guided,
            axes_dims_rope=(4, 4, 8),
        ),
        vae=tiny_autoencoders.kl(
            4, shift_factor=0.0, use_quant_conv=False, use_post_quant_conv=False
        ),
        text_encoder=tiny_texts.clip(),
        text_encoder_2=tiny_texts.t5(),
        tokenizer=tiny_texts.clip_words(),
        tokenizer_2=tiny_texts.t5_words(),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=shift),
    )


def _fill():
    """It is shown the picture without what is masked, and the mask, each mask pixel by pixel."""
    latents, mask = 4 * 4, 4 * 8 * 8
    return _flux(diffusers.FluxFillPipeline, guided=True, channels=2 * latents + mask)


def _klein():
    return diffusers.Flux2KleinPipeline(
        transformer=diffusers.Flux2Transformer2DModel(
            in_channels=16,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=3 * tiny_texts.WIDTH,
            timestep_guidance_channels=32,
            axes_dims_rope=(4, 4, 4, 4),
            guidance_embeds=False,
        ),
        vae=tiny_autoencoders.flux2(4),
        text_encoder=tiny_texts.qwen3(layers=27, causal=True),
        tokenizer=tiny_texts.qwen_words(),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        is_distilled=True,
    )


def _qwen(kind, **settings):
    pipeline = kind(
        transformer=diffusers.QwenImageTransformer2DModel(
            in_channels=16,
            out_channels=4,
            num_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=tiny_texts.WIDTH,
            axes_dims_rope=(8, 4, 4),
        ),
        vae=tiny_autoencoders.qwen(4),
        text_encoder=tiny_texts.qwen_vision(),
        tokenizer=tiny_texts.qwen_words(),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        **settings,
    )
    # Both are cut off again: what opens its chat, and as many tokens.
    opening = pipeline.prompt_template_encode.split("{}")[0].split("<|vision_start|>")[0]
    tiny_texts.know(pipeline.tokenizer, opening, pipeline.prompt_template_encode_start_idx)
    return pipeline


def _save_processor(folder: Path, tokenizer) -> None:
    """As the hub has it; transformers' own class cannot be built without torchvision."""
    tokenizer.save_pretrained(folder / "processor")
    tiny_texts.qwen_pictures().save_pretrained(folder / "processor")
    index = json.loads((folder / "model_index.json").read_text())
    index["processor"] = ["transformers", "Qwen2VLProcessor"]
    (folder / "model_index.json").write_text(json.dumps(index))


def _z_image():
    return diffusers.ZImagePipeline(
        transformer=diffusers.ZImageTransformer2DModel(
            in_channels=16,
            dim=32,
            n_layers=1,
            n_refiner_layers=1,
            n_heads=2,
            n_kv_heads=2,
            cap_feat_dim=tiny_texts.WIDTH,
            axes_dims=[8, 4, 4],
            axes_lens=[1024, 32, 32],
        ),
        vae=tiny_autoencoders.kl(
            16, shift_factor=0.0, use_quant_conv=False, use_post_quant_conv=False
        ),
        text_encoder=tiny_texts.qwen3(layers=2, causal=False),
        tokenizer=tiny_texts.qwen_words(),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(shift=3.0),
    )


def _sana():
    return diffusers.SanaSprintPipeline(
        transformer=diffusers.SanaTransformer2DModel(
            in_channels=8,
            out_channels=8,
            patch_size=1,
            num_layers=1,
            num_attention_heads=2,
            attention_head_dim=16,
            num_cross_attention_heads=2,
            cross_attention_head_dim=16,
            cross_attention_dim=32,
            caption_channels=tiny_texts.WIDTH,
            sample_size=32,
            qk_norm="rms_norm_across_heads",
            guidance_embeds=True,
        ),
        vae=tiny_autoencoders.deep(8),
        text_encoder=tiny_texts.gemma(),
        tokenizer=tiny_texts.gemma_words(),
        scheduler=diffusers.SCMScheduler(),
    )


BUILDERS: dict[FamilyName, Callable] = {
    "sd15": _sd15,
    "sd21": _sd21,
    "sdxl": lambda: _sdxl(diffusers.EulerDiscreteScheduler(**_BETAS)),
    "sdxl-turbo": lambda: _sdxl(
        diffusers.EulerAncestralDiscreteScheduler(**_BETAS, timestep_spacing="trailing")
    ),
    "sdxl-lightning": lambda: _sdxl(
        diffusers.EulerDiscreteScheduler(**_BETAS, timestep_spacing="trailing")
    ),
    "sdxl-lcm": lambda: _sdxl(diffusers.LCMScheduler(**_BETAS)),
    "sd3": _sd3,
    "flux-dev": lambda: _flux(diffusers.FluxPipeline, guided=True),
    "flux-schnell": lambda: _flux(diffusers.FluxPipeline, guided=False, shift=False),
    "flux-kontext": lambda: _flux(diffusers.FluxKontextPipeline, guided=True),
    "flux-fill": _fill,
    "flux2-klein": _klein,
    "qwen-image": lambda: _qwen(diffusers.QwenImagePipeline),
    "qwen-image-edit": lambda: _qwen(diffusers.QwenImageEditPipeline, processor=None),
    "qwen-image-edit-plus": lambda: _qwen(diffusers.QwenImageEditPlusPipeline, processor=None),
    "z-image": _z_image,
    "sana-sprint": _sana,
}
