"""Autoencoders of diffusers' classes whose weights are set, not drawn: they code a picture truly.

Random ones turn every picture into the same mush, so that nothing could be told from what comes
back. These average 2x2 pixels at each level and repeat them on the way back. Each colour goes
through as a pair of channels, plus and minus, since silu(x) - silu(-x) = x (and relu alike); a
pair of large constants makes every normalisation the same division.
"""

import math

import diffusers
import torch

WIDTH = 16
"""Channels."""
_COLOURS, _CONSTANT = 3, 32.0
_USED = 2 * _COLOURS + 2
"""Of them: two of each colour, and two constants."""


def kl(latents: int, *, levels: int = 4, **settings) -> diffusers.AutoencoderKL:
    """Eight pixels to one, as SD's, SDXL's, FLUX's; with three levels four, as an upscaler's."""
    return _set(
        diffusers.AutoencoderKL(
            block_out_channels=(WIDTH,) * levels,
            down_block_types=("DownEncoderBlock2D",) * levels,
            up_block_types=("UpDecoderBlock2D",) * levels,
            layers_per_block=1,
            latent_channels=latents,
            norm_num_groups=1,
            **{"scaling_factor": 1.0} | settings,
        )
    )


def flux2(latents: int) -> diffusers.AutoencoderKLFlux2:
    """As FLUX.2's: its latents are normalised as a batch is, here by nothing."""
    return _set(
        diffusers.AutoencoderKLFlux2(
            block_out_channels=(WIDTH,) * 4,
            layers_per_block=1,
            latent_channels=latents,
            norm_num_groups=1,
        )
    )


def qwen(latents: int) -> diffusers.AutoencoderKLQwenImage:
    """As Qwen-Image's, a video's: halving its channels on the way up leaves those that are used."""
    return _set(
        diffusers.AutoencoderKLQwenImage(
            base_dim=_USED,
            z_dim=latents,
            dim_mult=[1, 2, 2, 2],
            num_res_blocks=1,
            latents_mean=[0.0] * latents,
            latents_std=[1.0] * latents,
        )
    )


def deep(latents: int) -> diffusers.AutoencoderDC:
    """Thirty-two pixels to one, as SANA's."""
    levels = 6
    return _set(
        diffusers.AutoencoderDC(
            latent_channels=latents,
            encoder_block_out_channels=(WIDTH,) * levels,
            decoder_block_out_channels=(WIDTH,) * levels,
            encoder_layers_per_block=(1,) * levels,
            decoder_layers_per_block=(1,) * levels,
            encoder_qkv_multiscales=((),) * levels,
            decoder_qkv_multiscales=((),) * levels,
            downsample_block_type="conv",
            upsample_block_type="interpolate",
            encoder_out_shortcut=False,
            decoder_in_shortcut=False,
        )
    )


@torch.no_grad()
def _set(autoencoder):
    is_deep = isinstance(autoencoder, diffusers.AutoencoderDC)
    for name, weight in autoencoder.named_parameters():
        weight.zero_()
        part, layer = name.split(".", 1)
        if layer.endswith(("conv_shortcut.weight", "samplers.0.conv.weight", "resample.1.weight")):
            _carry(weight, halving="down" in name)
        elif name.endswith(("quant_conv.weight",)):
            _carry(weight)
        elif layer.startswith("conv_in."):
            _enter(weight)
        elif layer.startswith("conv_out."):
            _leave(weight, draws=part == "encoder", linear=part == "encoder" and is_deep)
        elif layer in {"conv_norm_out.weight", "norm_out.weight", "norm_out.gamma"}:
            weight.fill_(_CONSTANT * math.sqrt(2 / weight.numel()))
    return autoencoder.eval()


def _carry(weight, *, halving: bool = False) -> None:
    """Each channel to itself; halving, as the mean of two by two pixels."""
    for channel in range(min(weight.shape[:2])):
        if halving:
            weight[channel, channel, ..., :2, :2] = 1 / 4
        else:
            _centre(weight)[channel, channel] = 1


def _enter(weight) -> None:
    """Colours or latents to pairs; the constants are its bias."""
    if weight.ndim == 1:
        weight[_USED - 2], weight[_USED - 1] = _CONSTANT, -_CONSTANT
        return
    for colour in range(_COLOURS):
        for side, sign in enumerate((1, -1)):
            _centre(weight)[2 * colour + side, colour] = sign


def _leave(weight, *, draws: bool, linear: bool) -> None:
    """Pairs to colours or latents.

    Where latents are drawn, the second half is the logarithm of their variance: there is none.
    Where no silu or relu has halved a pair, it counts twice.
    """
    if weight.ndim == 1:
        if draws and not linear:
            weight[weight.shape[0] // 2 :] = -30
        return
    for colour in range(_COLOURS):
        for side, sign in enumerate((1, -1)):
            _centre(weight)[colour, 2 * colour + side] = sign / 2 if linear else sign


def _centre(weight):
    """The taps that see the pixel itself; in time, the last, since causal ones look back."""
    if weight.ndim == 5:
        weight = weight[:, :, -1]
    return weight[:, :, weight.shape[2] // 2, weight.shape[3] // 2]
