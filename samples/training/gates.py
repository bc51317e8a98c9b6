"""What is looked at while the denoiser trains: numbers that tell a bad recipe early; a sheet."""

import json
import logging
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
from diffusers import AutoencoderTiny, UNet2DConditionModel
from PIL import Image
from transformers import CLIPTextModel, CLIPTokenizer

from samples.training.autoencoder import as_tensor
from samples.training.batches import Lesson, Pictures
from samples.training.captions import caption
from samples.training.export import Parts, assembled
from samples.training.noise import LEVELS, Noising
from samples.training.recipe import Recipe
from samples.training.text_encoder import encoded

logger = logging.getLogger(__name__)

_LESSONS = 24
_SHOWN = 6
_LEVELS = (50, 100, 200, 300, 500, 700, 950)
_STRENGTHS = (0.2, 0.3, 0.5, 0.7)
_STEPS = 12
_GUIDANCE = 1.0
_PROMPTS = (
    "snowy winter backdrop",
    "summer beach backdrop",
    "autumn forest backdrop",
    "red seamless paper, studio background",
    "teal linen cloth",
    "festive christmas backdrop",
)
_PROMPT_GUIDANCE = 2.5


class Gates:
    """Held-out lessons, the same at every look."""

    def __init__(
        self,
        folder: Path,
        held_out: Pictures,
        parts: tuple[AutoencoderTiny, CLIPTextModel, CLIPTokenizer],
        recipe: Recipe,
    ) -> None:
        """Choose the lessons.

        Args:
            folder: Of the log (`gates.jsonl`) and the sheets.
            held_out: Pictures that are not trained on.
            parts: Autoencoder, text encoder, tokenizer.
            recipe: Of the denoiser.
        """
        self._folder, self._recipe = folder, recipe
        self._autoencoder, self._encoder, self._words = parts
        rng = np.random.default_rng((recipe.seed, 8))
        # Sweeps are their own sketches: they are judged by their evenness, elsewhere.
        self._lessons = held_out.lessons(rng, _LESSONS)
        self._sentences = [
            caption(each.attributes, rng, everything=True)[0] for each in self._lessons
        ]

    def look(self, step: int, network: UNet2DConditionModel) -> None:
        """Measure, write a line and a sheet."""
        row = {"step": step, **self.losses(network)}
        pictures = self._refined(network)
        drawn = [lesson.attributes.kind != "studio" for lesson in self._lessons]
        row["sketch_db"] = self._ratio([each.sketch for each in self._lessons], drawn)
        for strength, made in pictures.items():
            row[f"refined_{strength}_db"] = self._ratio(made, drawn)
        row["autoencoder_db"] = self._ratio(self._round_trip("picture"), drawn)
        row["sketch_round_trip_db"] = self._ratio(self._round_trip("sketch"), drawn)
        from_words = self._from_words(network)
        row["prompts_differ"] = round(
            float(np.mean([np.abs(each - from_words[0]).mean() for each in from_words[1:]])), 4
        )
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "gates.jsonl").open("a") as lines:
            lines.write(json.dumps(row) + "\n")
        logger.info("%s", row)
        self._sheet(step, pictures, from_words)

    @torch.no_grad()
    def losses(self, network: UNet2DConditionModel) -> dict[str, float]:
        """Share of v that is missed at several levels, ordinary and bridged from strength 0.5."""
        on = next(network.parameters()).device
        picture, sketch = (
            self._autoencoder.encoder(
                as_tensor([getattr(each, name) for each in self._lessons]).to(on)
            )
            * self._autoencoder.config.scaling_factor
            for name in ("picture", "sketch")
        )
        noising = Noising(self._recipe.denoiser, picture.var(dim=(0, 2, 3)))
        states = encoded(self._encoder, self._words, self._sentences)
        rng = np.random.default_rng((self._recipe.seed, 9))
        noise = torch.from_numpy(rng.standard_normal(tuple(picture.shape), np.float32)).to(on)
        result = {}
        for share, name in ((0.0, "v"), (1.0, "bridged")):
            for level in _LEVELS:
                at, begun, shares = (
                    torch.full((len(picture),), value, device=on)
                    for value in (level, LEVELS // 2, share)
                )
                if share and level >= LEVELS // 2:
                    continue
                sample, at, wanted = noising.mixed(picture, sketch, noise, (at, begun, shares))
                answer = network(sample, at, states).sample.float()
                missed = noising.missed(answer, wanted, at).mean()
                result[f"{name}_{level}"] = round(float(missed), 4)
        return result

    def _parts(self, network: UNet2DConditionModel) -> Parts:
        return Parts(self._autoencoder, self._encoder, self._words, network)

    @torch.no_grad()
    def _refined(self, network: UNet2DConditionModel) -> dict[float, list[npt.NDArray[np.float32]]]:
        pipeline = assembled(self._parts(network), from_image=True)
        made: dict[float, list[npt.NDArray[np.float32]]] = {}
        for strength in _STRENGTHS:
            made[strength] = [
                pipeline(
                    prompt=sentence,
                    image=_image(lesson.sketch),
                    strength=strength,
                    num_inference_steps=_STEPS,
                    guidance_scale=_GUIDANCE,
                    generator=torch.Generator("cpu").manual_seed(number),
                    output_type="np",
                ).images[0]
                for number, (lesson, sentence) in enumerate(
                    zip(self._lessons, self._sentences, strict=True)
                )
            ]
        return made

    @torch.no_grad()
    def _from_words(self, network: UNet2DConditionModel) -> list[npt.NDArray[np.float32]]:
        pipeline = assembled(self._parts(network), from_image=False)
        side = self._recipe.side_px
        return [
            pipeline(
                prompt=prompt,
                width=side,
                height=side,
                num_inference_steps=_STEPS,
                guidance_scale=_PROMPT_GUIDANCE,
                guidance_rescale=0.7,
                generator=torch.Generator("cpu").manual_seed(1),
                output_type="np",
            ).images[0]
            for prompt in _PROMPTS
        ]

    @torch.no_grad()
    def _round_trip(self, name: str) -> list[npt.NDArray[np.float32]]:
        on = next(self._autoencoder.parameters()).device
        given = as_tensor([getattr(each, name) for each in self._lessons]).to(on)
        shown = (self._autoencoder(given).sample.clamp(-1, 1) + 1) / 2
        return list(shown.permute(0, 2, 3, 1).float().cpu().numpy())

    def _ratio(self, made: list[npt.NDArray[np.float32]], drawn: list[bool]) -> float:
        """PSNR against the pictures, of those that were sketched, in decibels."""
        ratios = [
            -10 * np.log10(max(float(np.square(each - lesson.picture).mean()), 1e-9))
            for each, lesson, counts in zip(made, self._lessons, drawn, strict=True)
            if counts
        ]
        return round(float(np.mean(ratios)), 2) if ratios else 0.0

    def _sheet(
        self,
        step: int,
        refined: dict[float, list[npt.NDArray[np.float32]]],
        from_words: list[npt.NDArray[np.float32]],
    ) -> None:
        """Rows: sketch, refined ever more, the picture, and pictures from words alone."""
        shown: list[Lesson] = self._lessons[:_SHOWN]
        rows = [
            [each.sketch for each in shown],
            *(made[:_SHOWN] for made in refined.values()),
            [each.picture for each in shown],
            from_words,
        ]
        sheet = np.vstack([np.hstack(row) for row in rows])
        levels = np.round(np.clip(sheet, 0, 1) * 255).astype(np.uint8)
        cv2.imwrite(str(self._folder / f"sheet-{step:06d}.png"), levels[..., ::-1])


def _image(picture: npt.NDArray[np.float32]) -> Image.Image:
    return Image.fromarray(np.round(picture * 255).astype(np.uint8))
