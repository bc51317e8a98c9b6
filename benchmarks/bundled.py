"""How good a small checkpoint is that makes backdrops: a table that can fail.

What is asked of it (issue 7): from words alone a season or surface is recognised in nine of ten
tries and a paper's colour comes within 15 CIEDE2000; image-to-image changes more the more strength
it is given, little at 0.3, and leaves a plain sweep plain.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from transforms.errors import ModelError
from transforms.quality.colour_difference import delta_e_2000, lab
from transforms.scenes.scaffold import draw_scaffold

Picture = npt.NDArray[np.float32]
"""(height, width, 3), sRGB, 0 to 1."""

SIDE_PX = 256
KINDS: dict[str, str] = {
    "winter": "snowy winter backdrop, soft snow on the ground, pines out of focus",
    "spring": "spring scene, cherry blossom, fresh green behind",
    "summer": "summer beach backdrop, sand and sea",
    "autumn": "autumn forest backdrop, fallen leaves on old boards",
    "festive": "festive christmas backdrop, fir twigs, baubles and candles",
    "wood": "wooden table top, an oak table in window light",
    "marble": "white marble worktop",
    "linen": "linen cloth, a table under linen fabric",
    "concrete": "concrete surface, grey cast concrete",
    "studio": "seamless studio sweep, plain studio background",
}
"""What is asked for, by what the recogniser should see."""
PAPERS: dict[str, tuple[int, int, int]] = {
    "beige": (194, 175, 151),
    "terracotta": (168, 104, 78),
    "sage": (140, 152, 125),
    "teal": (52, 120, 123),
    "navy": (45, 58, 94),
    "red": (160, 47, 52),
}
"""sRGB of seamless paper, by the word that asks for it."""
STEPS = (4, 8, 20)
STRENGTHS = (0.2, 0.5, 0.8)
_TRIES = 3
_GUIDANCE, _IMAGE_GUIDANCE = 2.5, 1.2
_LIGHT_TOUCH = 0.3
_FINE_PX = 3.0
"""Below it unevenness of a sweep is grain; beyond it, blotches."""
_COARSE_PX = 16.0
_CENTRE = 0.25

LIMITS: dict[str, tuple[str, float]] = {
    "recognised": ("at least", 0.9),
    "colour_error": ("at most", 15.0),
    "diversity": ("at least", 0.03),
    "strength_steps": ("at least", 0.005),
    "light_touch_error": ("at most", 1.5),
    "unevenness": ("at most", 0.006),
}
"""What a row's value must reach, in the order of the table."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    name: str
    value: float
    limit: str
    passed: bool


Make = Callable[..., Picture]
"""(prompt, seed, steps, image=None, strength=None) -> picture."""


def bench_bundled(folder: Path, *, tries: int = _TRIES, steps: Sequence[int] = STEPS) -> Any:
    """Measure a checkpoint of Stable Diffusion's shape.

    Args:
        folder: In diffusers' format, with a recogniser beside the weights.
        tries: Seeds for each thing that is asked for.
        steps: Of the noise scheduler, timed.

    Returns:
        JSON-able: `seconds_a_picture`, the `table`, and whether all of it `passed`.

    Raises:
        ModelError: The folder holds no checkpoint or no recogniser.
    """
    from benchmarks.recogniser import read_recogniser  # noqa: PLC0415 - heavy

    try:
        judge = read_recogniser(folder)
        make, round_trip = _makers(folder)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{folder}: cannot be measured: {error}") from error
    longest = max(steps)
    from_words = {
        kind: [make(words, seed, longest) for seed in range(tries)]
        for kind, words in KINDS.items()
        if kind in judge.classes["kind"]
    }
    seen = [
        named["kind"] == kind for kind, made in from_words.items() for named in judge.named(made)
    ]
    papers = {
        paper: make(f"{paper} seamless paper, plain studio background", 0, longest)
        for paper in PAPERS
    }
    given = _scaffolds()
    curve = [_changed(make, given, strength, longest) for strength in STRENGTHS]
    sweep = given["studio-brand"]
    touched = make("seamless studio sweep", 0, longest, image=sweep, strength=_LIGHT_TOUCH)
    values = {
        "recognised": float(np.mean(seen)),
        "colour_error": max(colour_error(made, PAPERS[name]) for name, made in papers.items()),
        "diversity": min(diversity(made) for made in from_words.values()),
        "strength_steps": float(np.diff(curve).min()),
        "light_touch_error": _light_touch(make, round_trip, given, longest),
        "unevenness": unevenness(touched) - unevenness(sweep),
    }
    table = judged(values)
    return {
        "folder": str(folder),
        "seconds_a_picture": {str(count): _seconds(make, count) for count in steps},
        "changed_by_strength": dict(zip(map(str, STRENGTHS), map(_rounded, curve), strict=True)),
        "table": [asdict(row) for row in table],
        "passed": all(row.passed for row in table),
    }


def judged(values: dict[str, float]) -> list[Row]:
    """The table: each value against its limit. A value that is no number does not pass."""
    rows = []
    for name, (side, limit) in LIMITS.items():
        value = values[name]
        passed = value >= limit if side == "at least" else value <= limit
        rows.append(Row(name, _rounded(value), f"{side} {limit:g}", bool(passed)))
    return rows


def colour_error(made: Picture, wanted: tuple[int, int, int]) -> float:
    """CIEDE2000 between a colour and the middle of a picture."""
    side = made.shape[0]
    edge = round(side * _CENTRE)
    mean = made[edge : side - edge, edge : side - edge].mean(axis=(0, 1))
    shown = np.round(np.clip(mean, 0, 1) * 255).astype(np.uint8)[None, None]
    return float(delta_e_2000(lab(shown), lab(np.array(wanted, np.uint8)[None, None]))[0, 0])


def diversity(made: Sequence[Picture]) -> float:
    """How unlike pictures of several seeds are: mean difference of every two, 0 to 1."""
    differences = [
        float(np.abs(first - second).mean())
        for number, first in enumerate(made)
        for second in made[number + 1 :]
    ]
    return statistics.fmean(differences) if differences else 0.0


def unevenness(made: Picture) -> float:
    """Blotches of 3 to 16 pixels at 256: their standard deviation, 0 to 1.

    Source: a difference of Gaussians, as banding is measured in vision research.
    """
    scale = made.shape[0] / SIDE_PX
    fine = cv2.GaussianBlur(made, (0, 0), _FINE_PX * scale)
    coarse = cv2.GaussianBlur(made, (0, 0), _COARSE_PX * scale)
    return float((fine - coarse).std())


def _scaffolds() -> dict[str, Picture]:
    kinds = ("studio-brand", "winter", "autumn", "wood", "linen")
    drawn = {
        kind: draw_scaffold(
            kind, width=SIDE_PX, height=SIDE_PX, view="level", palette=(PAPERS["sage"],), seed=3
        )
        for kind in kinds
    }
    return {
        kind: scene.pixels.astype(np.float32) / np.float32(255) for kind, scene in drawn.items()
    }


def _changed(make: Make, given: dict[str, Picture], strength: float, steps: int) -> float:
    """Mean difference from what was given, 0 to 1."""
    return statistics.fmean(
        float(np.abs(make(_words(kind), 0, steps, image=image, strength=strength) - image).mean())
        for kind, image in given.items()
    )


def _light_touch(
    make: Make, round_trip: Callable[[Picture], Picture], given: dict[str, Picture], steps: int
) -> float:
    """Root of the mean squared change at strength 0.3, against that of the autoencoder alone."""
    touched, alone = [], []
    for kind, image in given.items():
        made = make(_words(kind), 0, steps, image=image, strength=_LIGHT_TOUCH)
        touched.append(float(np.square(made - image).mean()))
        alone.append(float(np.square(round_trip(image) - image).mean()))
    return float(np.sqrt(np.mean(touched) / max(float(np.mean(alone)), 1e-9)))


def _words(kind: str) -> str:
    return KINDS["studio" if kind.startswith("studio") else kind]


def _seconds(make: Make, steps: int) -> float:
    make(KINDS["winter"], 0, steps)
    seconds = []
    for seed in range(_TRIES):
        began = time.perf_counter()
        make(KINDS["winter"], seed, steps)
        seconds.append(time.perf_counter() - began)
    return _rounded(statistics.median(seconds))


def _rounded(value: float) -> float:
    return round(float(value), 4)


def _makers(folder: Path) -> tuple[Make, Callable[[Picture], Picture]]:
    """The checkpoint as diffusers' stock pipelines load it, from words and from a picture."""
    import torch  # noqa: PLC0415 - heavy
    from PIL import Image  # noqa: PLC0415 - as above

    diffusers: Any = import_module("diffusers")  # untyped
    options = {"local_files_only": True, "use_safetensors": True, "dtype": torch.float32}
    from_words = diffusers.AutoPipelineForText2Image.from_pretrained(str(folder), **options)
    from_image = diffusers.AutoPipelineForImage2Image.from_pipe(from_words)
    for pipeline in (from_words, from_image):
        pipeline.set_progress_bar_config(disable=True)

    def make(
        prompt: str,
        seed: int,
        steps: int,
        *,
        image: Picture | None = None,
        strength: float | None = None,
    ) -> Picture:
        settings: dict[str, Any] = {
            "prompt": prompt,
            "num_inference_steps": steps,
            "generator": torch.Generator("cpu").manual_seed(seed),
            "output_type": "np",
        }
        if image is None:
            made = from_words(**settings, width=SIDE_PX, height=SIDE_PX, guidance_scale=_GUIDANCE)
        else:
            levels = np.round(image * 255).astype(np.uint8)
            made = from_image(
                **settings,
                image=Image.fromarray(levels),
                strength=strength,
                guidance_scale=_IMAGE_GUIDANCE,
            )
        return np.asarray(made.images[0], np.float32)

    def round_trip(image: Picture) -> Picture:
        given = torch.from_numpy(image).permute(2, 0, 1)[None] * 2 - 1
        with torch.inference_mode():
            shown = (from_words.vae(given).sample.clamp(-1, 1) + 1) / 2
        return np.asarray(shown[0].permute(1, 2, 0).numpy(), np.float32)

    return make, round_trip
