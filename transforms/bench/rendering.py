"""Pictures a minute of the engine, beside the script that a user would write and the bare model."""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from transforms.bench.random_checkpoints import SIZES, Size, save_sd15
from transforms.diffusion.engine import Engine, frame_of
from transforms.diffusion.order import Made, Order
from transforms.diffusion.overlap import overlapped
from transforms.diffusion.size import framed, resized
from transforms.images.codec import decode_png, encode_png
from transforms.images.colour import to_srgb
from transforms.images.decoding import open_image
from transforms.models.checkpoints import folder_sha256
from transforms.presets.checkpoint import Checkpoint, Options
from transforms.presets.preset import Diffusion
from transforms.storage.folder import FolderStorage

Way = Literal["script", "engine", "bare"]
WAYS: tuple[Way, ...] = ("script", "engine", "bare")

CANVAS_PX = 2000
"""Side of the pictures: a catalogue's canvas."""
_PROMPT = "a product on a wooden table in snow, winter light, shallow depth of field, photograph"
_NEGATIVE = "blurry, text, watermark"
_STRENGTH, _GUIDANCE = 0.5, 7.5
_PEAK_PER_MB = 1024


@dataclass(frozen=True, slots=True)
class Setting:
    """What is timed."""

    size: Size
    pictures: int
    steps: int
    batch: int
    compile: bool
    device: str


def bench_rendering(
    photographs: Sequence[bytes], setting: Setting, *, rounds: int = 3
) -> dict[str, Any]:
    """Time all ways in turn, each round each in a process of its own, after one warm-up.

    * `script`: opens each file with Pillow, resizes it, calls the pipeline as diffusers loads it,
      resizes the result to the picture's size and saves it as PNG; one by one.
    * `engine`: the same files from and to a folder, by `overlapped` and `Engine`.
    * `bare`: the engine's model in its batches, on pictures that lie in memory; keeps nothing.

    Args:
        photographs: Contents of files; repeated up to `setting.pictures`.
        setting: The same for all ways.
        rounds: Ratios are medians over them.

    Returns:
        JSON-able: pictures a minute of each round, ratios, peak memory, and seconds from a task's
        start to its first denoising step.
    """
    with tempfile.TemporaryDirectory(prefix="packshot-render-") as name:
        folder = Path(name)
        save_sd15(folder / "checkpoint", setting.size)
        (folder / "setting.json").write_text(json.dumps(asdict(setting)))
        source = FolderStorage(folder / "source")
        for number in range(setting.pictures):
            content = photographs[number % len(photographs)]
            source.create(f"{number:04d}.png", encode_png(_canvas(content)))
        timed: dict[Way, list[dict[str, Any]]] = {way: [] for way in WAYS}
        for _ in range(rounds):
            for way in WAYS:
                timed[way].append(_in_a_process(folder, way))
        begun = time.time()
        cold = _in_a_process(folder, "start")["first_step"] - begun
        warm = _in_a_process(folder, "preloaded")
    rates = {
        way: [60 * setting.pictures / each["seconds"] for each in runs]
        for way, runs in timed.items()
    }
    return {
        "setting": {**asdict(setting), "canvas_px": CANVAS_PX, "strength": _STRENGTH},
        "threads": timed["engine"][0]["threads"],
        "pictures_a_minute": {way: [round(rate, 2) for rate in of] for way, of in rates.items()},
        "engine_to_script": _ratio(rates["engine"], rates["script"]),
        "engine_to_bare": _ratio(rates["engine"], rates["bare"]),
        "cpu_seconds_a_picture": {
            way: round(statistics.median(each["cpu"] for each in runs) / setting.pictures, 2)
            for way, runs in timed.items()
        },
        "peak_mb": {way: max(each["peak_mb"] for each in runs) for way, runs in timed.items()},
        "seconds_to_first_step": {
            "cold": round(cold, 2),
            "preloaded": round(warm["first_step"] - warm["forked"], 2),
        },
    }


def _canvas(content: bytes) -> Any:
    pixels = to_srgb(open_image(content)).rgb
    side = min(pixels.shape[:2])
    top, left = ((length - side) // 2 for length in pixels.shape[:2])
    return resized(pixels[top : top + side, left : left + side], (CANVAS_PX, CANVAS_PX))


def _ratio(ours: list[float], others: list[float]) -> float:
    return round(statistics.median(a / b for a, b in zip(ours, others, strict=True)), 3)


def _in_a_process(folder: Path, way: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "transforms.bench.rendering", way, str(folder)]
    done = subprocess.run(  # noqa: S603 - our own program
        command, stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _timed(way: str, folder: Path, setting: Setting) -> dict[str, Any]:
    """In a process of its own: load, warm up, and time."""
    import torch  # noqa: PLC0415 - heavy, and not for who only asks for help

    run = {"script": _script, "engine": _engine, "bare": _bare}[way](folder, setting)
    keys = [f"{number:04d}.png" for number in range(setting.pictures)]
    run(keys[: setting.batch], "warm")
    began, cpu = time.perf_counter(), time.process_time()
    run(keys, "kept")
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "peak_mb": usage.ru_maxrss // _PEAK_PER_MB,
        "threads": torch.get_num_threads(),
    }


Run = Callable[[list[str], str], None]
"""Makes pictures with these keys and keeps them below a folder of this name."""


def _script(folder: Path, setting: Setting) -> Run:
    """As in the first example of diffusers' documentation, in a loop."""
    import torch  # noqa: PLC0415 - heavy
    from diffusers import AutoPipelineForImage2Image  # noqa: PLC0415 - heavy
    from PIL import Image  # noqa: PLC0415 - beside what it is used with

    pipeline: Any = AutoPipelineForImage2Image
    pipeline = pipeline.from_pretrained(folder / "checkpoint").to(setting.device)
    pipeline.set_progress_bar_config(disable=True)
    side = SIZES[setting.size].native_px

    def run(keys: list[str], kept: str) -> None:
        (folder / kept).mkdir(exist_ok=True)
        for number, key in enumerate(keys):
            picture = Image.open(folder / "source" / key).convert("RGB")
            made = pipeline(
                prompt=_PROMPT,
                negative_prompt=_NEGATIVE,
                image=picture.resize((side, side)),
                strength=_STRENGTH,
                num_inference_steps=setting.steps,
                guidance_scale=_GUIDANCE,
                generator=torch.Generator("cpu").manual_seed(number),
            ).images[0]
            made.resize(picture.size).save(folder / kept / key)

    return run


def _engine(folder: Path, setting: Setting) -> Run:
    engine = Engine(_checkpoint(folder, setting), device=setting.device)
    source = FolderStorage(folder / "source")

    def run(keys: list[str], kept: str) -> None:
        target = FolderStorage(folder / kept)

        def write(made: Made) -> None:
            if made.pixels is None:
                raise RuntimeError(f"{keys[made.number]}: {made.reason}: {made.message}")
            target.create(keys[made.number], encode_png(made.pixels))

        for _ in overlapped(
            enumerate(keys),
            read=lambda numbered: _order(
                decode_png(source.read(numbered[1])), numbered[0], setting
            ),
            work=engine.make,
            write=write,
            depth=setting.batch,
        ):
            pass

    return run


def _bare(folder: Path, setting: Setting) -> Run:
    from transforms.diffusion.pipeline import load  # noqa: PLC0415 - heavy

    checkpoint = _checkpoint(folder, setting)
    model = load(checkpoint, Diffusion(), setting.device)
    source = FolderStorage(folder / "source")
    shown = {}
    for number in range(setting.pictures):
        key = f"{number:04d}.png"
        order = _order(decode_png(source.read(key)), number, setting)
        shown[key] = replace(order, pixels=framed(order.pixels, frame_of(order, checkpoint)))

    def run(keys: list[str], _: str) -> None:
        for start in range(0, len(keys), setting.batch):
            model.make([shown[key] for key in keys[start : start + setting.batch]])

    return run


def _checkpoint(folder: Path, setting: Setting) -> Checkpoint:
    return Checkpoint(
        family="sd15",
        purpose="Random weights, for timing.",
        licence="none",
        commercial=True,
        folder=str(folder / "checkpoint"),
        sha256=folder_sha256(folder / "checkpoint"),
        native_px=SIZES[setting.size].native_px,
        options=Options(batch=setting.batch, compile=setting.compile),
    )


def _order(pixels: Any, number: int, setting: Setting) -> Order:
    diffusion = Diffusion(steps=setting.steps, guidance=_GUIDANCE)
    return Order(pixels, diffusion, _PROMPT, _NEGATIVE, _STRENGTH, seed=number)


def _first_step(folder: Path, setting: Setting) -> float:
    """Start as a task does, and tell when the first denoising step began, in s since the epoch."""
    from torch.nn.modules.module import register_module_forward_pre_hook  # noqa: PLC0415 - heavy

    begun: list[float] = []

    def note(module: Any, _: Any) -> None:
        if type(module).__name__ == "UNet2DConditionModel":
            begun.append(time.time())

    def orders() -> Iterator[Order]:
        pixels = decode_png(FolderStorage(folder / "source").read("0000.png"))
        yield _order(pixels, 0, setting)

    register_module_forward_pre_hook(note)
    checkpoint = _checkpoint(folder, setting)
    with Engine(checkpoint, device=setting.device) as engine:
        list(engine.make(orders()))
    return begun[0]


def _preloaded(folder: Path, setting: Setting) -> dict[str, float]:
    """The same in a fork of a process that has imported all, as Airflow's forkserver does."""
    import diffusers  # noqa: PLC0415 - heavy
    import transformers  # noqa: PLC0415 - heavy

    # Both import a class only when it is first named.
    for module, name in (
        (diffusers, "StableDiffusionImg2ImgPipeline"), (diffusers, "UNet2DConditionModel"),
        (diffusers, "AutoencoderKL"), (diffusers, "PNDMScheduler"),
        (transformers, "CLIPTextModel"), (transformers, "CLIPTokenizer"),
    ):  # fmt: skip
        getattr(module, name)
    reading, writing = os.pipe()
    forked = time.time()
    if (child := os.fork()) == 0:
        os.write(writing, repr(_first_step(folder, setting)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as said:
        first_step = float(said.read())
    os.waitpid(child, 0)
    return {"forked": forked, "first_step": first_step}


def main(way: str, folder: Path) -> None:
    """Print what one process measures, as a line of JSON."""
    setting = Setting(**json.loads((folder / "setting.json").read_text()))
    if way == "start":
        found: dict[str, Any] = {"first_step": _first_step(folder, setting)}
    elif way == "preloaded":
        found = _preloaded(folder, setting)
    else:
        found = _timed(way, folder, setting)
    sys.stdout.write(json.dumps(found, default=float) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
