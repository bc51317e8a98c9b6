"""Tiny pipelines whose denoiser is a U-net: SD 1.5 to SDXL, and what enlarges."""

import diffusers

from tests.integration.diffusion import tiny_autoencoders, tiny_texts

NATIVE_PX = 128


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


def sd15():
    scheduler = diffusers.PNDMScheduler(**_BETAS, skip_prk_steps=True, steps_offset=1)
    return diffusers.StableDiffusionPipeline(
        vae=tiny_autoencoders.kl(4),
        text_encoder=tiny_texts.clip(),
        tokenizer=tiny_texts.clip_words(),
        unet=_unet(),
        scheduler=scheduler,
        **_UNSAFE,
    )


def sd21():
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


def sdxl(kind, **settings):
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
        scheduler=kind(**_BETAS, **settings),
        add_watermarker=False,
    )


def upscaler():
    """Four times: the picture itself, with some noise, lies beside the latents."""
    return diffusers.StableDiffusionUpscalePipeline(
        vae=tiny_autoencoders.kl(4, levels=3, scaling_factor=0.08333),
        text_encoder=tiny_texts.clip(),
        tokenizer=tiny_texts.clip_words(),
        unet=_unet(in_channels=4 + 3, num_class_embeds=1000),
        low_res_scheduler=diffusers.DDPMScheduler(),
        scheduler=diffusers.DDIMScheduler(**_BETAS, clip_sample=False, steps_offset=1),
    )


def latent_upscaler():
    """Twice: the picture's latents, as large as those to be, lie beside them."""
    noise = 128
    """Numbers that tell how noisy the picture is: not at all."""
    return diffusers.StableDiffusionLatentUpscalePipeline(
        vae=tiny_autoencoders.kl(4),
        text_encoder=tiny_texts.clip(),
        tokenizer=tiny_texts.clip_words(),
        unet=_unet(in_channels=2 * 4, out_channels=5, time_cond_proj_dim=noise + tiny_texts.WIDTH),
        scheduler=diffusers.EulerDiscreteScheduler(**_BETAS),
    )
