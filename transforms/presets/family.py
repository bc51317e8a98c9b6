"""What families of diffusion models have in common: how they are called, and what they ignore."""

from typing import Literal

from pydantic import Field

from transforms.presets.checkpoint import FamilyName
from transforms.presets.preset import DiffusionTask
from transforms.presets.strict import Strict


class Family(Strict):
    """One architecture with one way of training."""

    title: str
    pipelines: dict[DiffusionTask, str]
    """Class of diffusers by task."""
    native_px: int
    """Side of the square that it was trained for."""
    multiple: int
    """Sides are padded to multiples of it."""
    steps: int
    guidance: float
    guided_by: Literal["guidance_scale", "true_cfg_scale"] | None = "guidance_scale"
    """Argument that says how closely the prompt is followed; None: distilled, there is none."""
    negative: bool = True
    """Whether a negative prompt does anything."""
    reads: dict[str, int] = Field(default_factory=lambda: {"tokenizer": 77})
    """Tokens of a prompt, the marks of its begin and end included, that are read by what each of
    these tokenizers serves. One that only makes a summary for a style is not named: it may cut."""
    thinks: bool | None = None
    """A prompt is wrapped in its tokenizer's chat template, with this `enable_thinking`, and what
    that adds is read as well. None: it is not wrapped."""
    schedulers: bool = False
    """Whether another noise scheduler may take the place of its own: not where noise flows."""
    one_by_one: bool = False
    """Several pictures at once are taken for several references of one."""
    resizes: bool = False
    """It resizes what it is given to its native area, and each side to the nearest multiple."""

    around: int = 0
    """Tokens that its pipelines count into the longest sequence beside those of `reads`."""

    @property
    def longest_sequence(self) -> int:
        """Argument of its pipelines: what the most patient of its text encoders is shown."""
        return max(self.reads.values()) + self.around


_Pipelines = dict[DiffusionTask, str]
_SD: _Pipelines = {
    "image-to-image": "StableDiffusionImg2ImgPipeline",
    "inpaint": "StableDiffusionInpaintPipeline",
}
_SDXL: _Pipelines = {
    "image-to-image": "StableDiffusionXLImg2ImgPipeline",
    "inpaint": "StableDiffusionXLInpaintPipeline",
}
_BOTH_CLIPS = {"tokenizer": 77, "tokenizer_2": 77}
_QWEN = {"tokenizer": 507}
_QWEN_TURN = 5
"""Tokens that end a turn of its chat, which would be cut first."""
_FLUX: _Pipelines = {"image-to-image": "FluxImg2ImgPipeline", "inpaint": "FluxInpaintPipeline"}

FAMILIES: dict[FamilyName, Family] = {
    "sd15": Family(
        title="Stable Diffusion 1.5",
        pipelines=_SD,
        native_px=512,
        multiple=64,
        steps=30,
        guidance=7.0,
        schedulers=True,
    ),
    "sd21": Family(
        title="Stable Diffusion 2.1",
        pipelines=_SD,
        native_px=768,
        multiple=64,
        steps=30,
        guidance=7.0,
        schedulers=True,
    ),
    "sdxl": Family(
        title="Stable Diffusion XL",
        pipelines=_SDXL,
        native_px=1024,
        multiple=64,
        steps=30,
        guidance=6.0,
        reads=_BOTH_CLIPS,
        schedulers=True,
    ),
    "sdxl-turbo": Family(
        title="SDXL Turbo",
        pipelines=_SDXL,
        native_px=512,
        multiple=64,
        steps=4,
        guidance=0.0,
        guided_by=None,
        negative=False,
        reads=_BOTH_CLIPS,
        schedulers=True,
    ),
    "sdxl-lightning": Family(
        title="SDXL Lightning",
        pipelines=_SDXL,
        native_px=1024,
        multiple=64,
        steps=8,
        guidance=0.0,
        guided_by=None,
        negative=False,
        reads=_BOTH_CLIPS,
        schedulers=True,
    ),
    "sdxl-lcm": Family(
        title="SDXL with LCM",
        pipelines=_SDXL,
        native_px=1024,
        multiple=64,
        steps=8,
        guidance=1.5,
        reads=_BOTH_CLIPS,
        schedulers=True,
    ),
    "sd3": Family(
        title="Stable Diffusion 3.x",
        pipelines={
            "image-to-image": "StableDiffusion3Img2ImgPipeline",
            "inpaint": "StableDiffusion3InpaintPipeline",
        },
        native_px=1024,
        multiple=16,
        steps=28,
        guidance=4.5,
        reads={**_BOTH_CLIPS, "tokenizer_3": 256},
    ),
    "flux-dev": Family(
        title="FLUX.1 dev",
        pipelines=_FLUX,
        native_px=1024,
        multiple=16,
        steps=28,
        guidance=3.5,
        negative=False,
        reads={"tokenizer_2": 512},
    ),
    "flux-schnell": Family(
        title="FLUX.1 schnell",
        pipelines=_FLUX,
        native_px=1024,
        multiple=16,
        steps=4,
        guidance=0.0,
        guided_by=None,
        negative=False,
        reads={"tokenizer_2": 256},
    ),
    "flux-kontext": Family(
        title="FLUX.1 Kontext",
        pipelines={"instruct": "FluxKontextPipeline"},
        native_px=1024,
        multiple=16,
        steps=28,
        guidance=2.5,
        negative=False,
        reads={"tokenizer_2": 512},
        one_by_one=True,
    ),
    "flux-fill": Family(
        title="FLUX.1 Fill",
        pipelines={"inpaint": "FluxFillPipeline"},
        native_px=1024,
        multiple=16,
        steps=30,
        guidance=30.0,
        negative=False,
        reads={"tokenizer_2": 512},
    ),
    "flux2-klein": Family(
        title="FLUX.2 klein",
        pipelines={"instruct": "Flux2KleinPipeline", "inpaint": "Flux2KleinInpaintPipeline"},
        native_px=1024,
        multiple=16,
        steps=4,
        guidance=1.0,
        guided_by=None,
        negative=False,
        reads={"tokenizer": 512},
        thinks=False,
        one_by_one=True,
    ),
    "qwen-image": Family(
        title="Qwen-Image",
        pipelines={
            "image-to-image": "QwenImageImg2ImgPipeline",
            "inpaint": "QwenImageInpaintPipeline",
        },
        native_px=1328,
        multiple=16,
        steps=40,
        guidance=4.0,
        guided_by="true_cfg_scale",
        reads=_QWEN,
        around=_QWEN_TURN,
    ),
    "qwen-image-edit": Family(
        title="Qwen-Image-Edit",
        pipelines={"instruct": "QwenImageEditPipeline", "inpaint": "QwenImageEditInpaintPipeline"},
        native_px=1024,
        multiple=32,
        steps=40,
        guidance=4.0,
        guided_by="true_cfg_scale",
        reads=_QWEN,
        around=_QWEN_TURN,
        one_by_one=True,
        resizes=True,
    ),
    "qwen-image-edit-plus": Family(
        title="Qwen-Image-Edit-Plus",
        pipelines={"instruct": "QwenImageEditPlusPipeline"},
        native_px=1024,
        multiple=32,
        steps=40,
        guidance=4.0,
        guided_by="true_cfg_scale",
        reads=_QWEN,
        around=_QWEN_TURN,
        one_by_one=True,
        resizes=True,
    ),
    "z-image": Family(
        title="Z-Image",
        pipelines={"image-to-image": "ZImageImg2ImgPipeline", "inpaint": "ZImageInpaintPipeline"},
        native_px=1024,
        multiple=16,
        steps=9,
        guidance=0.0,
        guided_by=None,
        negative=False,
        reads={"tokenizer": 512},
        thinks=True,
    ),
    "sana-sprint": Family(
        title="SANA-Sprint",
        pipelines={"image-to-image": "SanaSprintImg2ImgPipeline"},
        native_px=1024,
        multiple=32,
        steps=2,
        guidance=4.5,
        negative=False,
        reads={"tokenizer": 299},
        around=1,
    ),
    "sd-upscaler": Family(
        title="Stable Diffusion x4 upscaler",
        pipelines={"upscale": "StableDiffusionUpscalePipeline"},
        native_px=512,
        multiple=64,
        steps=25,
        guidance=7.0,
    ),
    "latent-upscaler": Family(
        title="Stable Diffusion x2 latent upscaler",
        pipelines={"upscale": "StableDiffusionLatentUpscalePipeline"},
        native_px=512,
        multiple=64,
        steps=20,
        guidance=0.0,
    ),
}
"""Numbers are those of the models' cards and of diffusers 0.42's own defaults."""
