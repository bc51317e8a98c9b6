"""Tiny pipelines whose denoiser is a transformer: SD3, FLUX, Qwen-Image, Z-Image, SANA."""

import diffusers

from tests.integration.diffusion import tiny_autoencoders, tiny_texts

_LATENT_PX = 16
"""Side of a picture's latents."""


def sd3():
    return diffusers.StableDiffusion3Pipeline(
        transformer=diffusers.SD3Transformer2DModel(
            sample_size=_LATENT_PX,
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


def flux(kind, *, guided: bool, channels: int = 16, shift: bool = True):
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


def fill():
    """It is shown the picture without what is masked, and the mask, each mask pixel by pixel."""
    latents, mask = 4 * 4, 4 * 8 * 8
    return flux(diffusers.FluxFillPipeline, guided=True, channels=2 * latents + mask)


def klein():
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


def qwen(kind, **settings):
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


def z_image():
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


def sana():
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
