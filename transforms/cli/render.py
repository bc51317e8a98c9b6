"""`packshot render`: a preset on a picture or on a folder of them, without a catalogue."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from transforms.cli.console import AsJson, bars, err, out, print_json
from transforms.cli.pictures import list_masks, list_pictures, prepare_picture
from transforms.errors import ConfigError, RenderError, SourceError
from transforms.presets.channel import Channel
from transforms.presets.frame import Frame
from transforms.presets.gate import Gate
from transforms.presets.loading import config_folder, load, load_named
from transforms.presets.look import Look, load_look, takes
from transforms.presets.model import load_checkpoint
from transforms.presets.scope import Overrides
from transforms.rendition.engine_cache import EngineCache, missing_checkpoints
from transforms.rendition.pictures import PictureLoader, PreparedPicture, RenderedPicture
from transforms.rendition.renderer import FrameRenderer, Renderer
from transforms.storage.protocol import Storage

Named = Annotated[str, typer.Option("--preset", metavar="NAME", help="As in config/presets.")]
Input = Annotated[Path, typer.Argument(metavar="INPUT", help="A picture or a folder.")]
Model = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Checkpoint of config/models.yaml, in place of the preset's; refines a scene.",
    ),
]
Scaffold = Annotated[
    bool,
    typer.Option("--scaffold", help="Draw the backdrop, also where a plate fits."),
]
Seed = Annotated[int | None, typer.Option(min=0, help="In place of the preset's.")]

_AT_ONCE = 32
"""Pictures that are undecided at once: a ladder keeps them in memory until one attempt passes."""


def render(
    preset: Named,
    source: Input,
    output: Annotated[
        Path, typer.Argument(metavar="OUTPUT", help="A PNG, or a folder for a folder.")
    ],
    strength: Annotated[
        float | None, typer.Option(min=0.01, max=1, help="In place of the preset's.")
    ] = None,
    seed: Seed = None,
    candidates: Annotated[
        int | None, typer.Option(min=1, max=8, help="Tries for each picture; the best is kept.")
    ] = None,
    model: Model = None,
    scaffold: Scaffold = False,
    mask: Annotated[
        Path | None,
        typer.Option(
            help="Of what is to be painted anew, white on black, like the picture; for a folder: "
            "one with a PNG for each picture."
        ),
    ] = None,
    channel: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="In the frame of this outlet, as in config/channels."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a picture, or a folder of pictures, in a preset's look.

    One that cannot be made does not stop the others. Where no attempt of a model passes, the best
    is written all the same, and it is told what it broke.
    """
    overrides = Overrides(strength=strength, candidates=candidates, seed=seed)
    look = choose_look(preset, overrides, model, scaffold=scaffold)
    frame = _frame(channel, look) if channel else None
    wants_mask = look.preset.diffusion is not None and look.preset.diffusion.mask == "given"
    if wants_mask != (mask is not None):
        raise ConfigError(f"preset {preset} {'needs' if wants_mask else 'takes no'} --mask")
    pairs = list_pictures(source, output)
    pictures = [picture for picture, _ in pairs]
    loads = [
        partial(load_picture, *each)
        for each in zip(pictures, list_masks(pictures, source, mask), strict=True)
    ]
    told: list[dict[str, Any]] = []
    with bars("pictures") as progress:
        progress.begin("render", len(pairs))
        for number, made in make_pictures(look, loads, frame):
            picture, target = pairs[number]
            told.append(_finish(picture, target, made))
            progress.advance("render")
    failed, doubtful = (sum(key in each for each in told) for key in ("error", "broken"))
    if as_json:
        print_json(told)
    else:
        less = f", of which {doubtful} did not pass" if doubtful else ""
        out.print(f"{len(told) - failed} made{less}; {failed} failed.")
    raise typer.Exit(1 if failed or doubtful else 0)


def choose_look(
    preset: str, overrides: Overrides, model: str | None, *, scaffold: bool = False
) -> Look:
    """The look that options ask for, with what it needs at hand.

    Args:
        preset: Its name.
        overrides: What a person changed.
        model: Checkpoint in place of the preset's; None: as that says.
        scaffold: Its backdrops are drawn: it gets no plates.

    Raises:
        ConfigError: It is wrong, or a checkpoint is missing.
    """
    from transforms.scenes.plates import stock_plates

    config = config_folder()
    look = load_look(preset, preset, config, scene_model=model, overrides=overrides)
    if model is not None:
        if look.preset.diffusion is None:
            raise ConfigError(f"preset {preset} asks no diffusion model, so it takes no --model")
        look = look.model_copy(update={"checkpoint": load_checkpoint(model, config)})
    if missing := missing_checkpoints([look]):
        raise ConfigError("; ".join(missing))
    if scaffold and look.preset.backdrop is None:
        raise ConfigError(f"preset {preset} has no backdrop, so it takes no --scaffold")
    plates = None if scaffold else open_plates()
    return look.with_plates(stock_plates(plates)) if plates else look


def open_plates() -> Storage | None:
    """The project's backdrop photographs; None: it has none."""
    from transforms.storage.opening import open_storage

    folder = config_folder() / "plates"
    return open_storage(folder.as_uri()) if folder.is_dir() else None


def _frame(channel: str, look: Look) -> Frame | None:
    """The frame that a channel asks of a look; None: the brand's own canvas.

    Raises:
        ConfigError: There is no such channel, or it takes no such look.
    """
    found = load_named(config_folder() / "channels", channel, Channel)
    if not takes(found, look):
        raise ConfigError(
            f"channel {channel} takes products on plain canvases alone; preset "
            f"{look.preset.name} makes none"
        )
    return found.frame


def load_picture(path: Path, mask: Path | None = None) -> PreparedPicture:
    """Prepare one picture when its turn comes.

    Raises:
        RenderError: It cannot be used; the others go on.
    """
    try:
        return prepare_picture(path, mask)
    except SourceError as error:
        raise RenderError(error.message) from error


def make_pictures(
    look: Look, loads: Sequence[PictureLoader], frame: Frame | None = None
) -> Iterator[tuple[int, RenderedPicture | RenderError]]:
    """Make each picture of a look; each is loaded when it is needed, and given up when made.

    Args:
        look: With its plates.
        loads: The pictures.
        frame: In which they are wanted; None: the brand's own canvas.
    """
    with EngineCache() as engines:
        paint = partial(
            Renderer,
            engines=engines,
            gate=load(config_folder() / "gate.yaml", Gate),
            plates=open_plates(),
            lenient=True,
        )
        framed = look.in_frame(frame) if frame else look
        whole = frame is not None and look.preset.engine == "edit"
        renderer, frames = paint(look if whole else framed), FrameRenderer(paint)
        for first in range(0, len(loads), _AT_ONCE):
            for number, made in renderer.render(loads[first : first + _AT_ONCE]):
                if whole and isinstance(made, RenderedPicture):
                    yield first + number, _reduce(frames, framed, loads[first + number], made)
                else:
                    yield first + number, made


def _reduce(
    frames: FrameRenderer, look: Look, load: PictureLoader, made: RenderedPicture
) -> RenderedPicture | RenderError:
    """What a model made whole, in a frame."""
    try:
        picture = frames.render(look, load, lambda: made)
    except RenderError as error:
        return error
    return replace(picture, attempts=made.attempts)


def _finish(picture: Path, target: Path, made: RenderedPicture | RenderError) -> dict[str, Any]:
    """Write a picture, if it could be made; returns what is to be said of it."""
    if isinstance(made, RenderError):
        err.print(f"{picture}: {made}", soft_wrap=True, markup=False)
        return {"source": str(picture), "error": str(made)}
    _save(target, made)
    facts = made.facts.model_dump(mode="json", exclude={"versions", "prepared"})
    kept = next((each for each in made.facts.attempts if each.kept), None)
    told = {"source": str(picture), "output": str(target), **facts}
    if kept and kept.reason:
        err.print(f"{picture}: did not pass: {kept.reason}", soft_wrap=True, markup=False)
        told["broken"] = kept.reason.split(", ")
    return told


def _save(target: Path, made: RenderedPicture) -> None:
    from transforms.images.codec import encode_png

    target.parent.mkdir(parents=True, exist_ok=True)
    # Renamed into place, so that a killed command leaves no half file to be taken for a whole.
    unfinished = target.with_suffix(".unfinished")
    unfinished.write_bytes(encode_png(made.pixels))
    unfinished.replace(target)
