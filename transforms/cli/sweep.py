"""`packshot sweep`: a preset at several strengths, side by side on a labelled contact sheet."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from transforms.cli.console import bars, err, out
from transforms.cli.pictures import list_pictures
from transforms.cli.render import (
    Input,
    Model,
    Named,
    Scaffold,
    Seed,
    choose_look,
    load_picture,
    make_pictures,
)
from transforms.errors import ConfigError, RenderError
from transforms.presets.look import Look
from transforms.presets.scope import Overrides
from transforms.rendition.pictures import PreparedPicture, RenderedPicture

if TYPE_CHECKING:
    from transforms.images.contact_sheet import Cell

_STEPS = "0.2,0.35,0.5,0.65,0.8"
_SOURCE, _UNREFINED = "photograph", "not refined"


@dataclass(frozen=True, slots=True)
class _Variation:
    """One column of a sheet."""

    heading: str
    look: Look


def sweep(
    preset: Named,
    source: Input,
    output: Annotated[Path, typer.Argument(metavar="OUTPUT", help="A PNG: the contact sheet.")],
    strengths: Annotated[str, typer.Option(help="Separated by commas.")] = _STEPS,
    seed: Seed = None,
    model: Model = None,
    scaffold: Scaffold = False,
) -> None:
    """Try a preset at several strengths and lay the results side by side, labelled.

    Where a model refines backdrops, one column shows them as it is given them. Of a look that asks
    no diffusion model, several seeds are shown: other backdrops, or other variations of one. No
    ladder is climbed, so that each column is what it says.
    """
    from transforms.images.contact_sheet import draw_grid

    if output.suffix.lower() != ".png":
        raise ConfigError(f"{output}: must end in .png: it is the contact sheet")
    pictures = [path for path, _ in list_pictures(source, output.with_suffix(""))]
    if output.resolve() in {path.resolve() for path in pictures}:
        raise ConfigError(f"{output}: is one of the pictures; name another file")
    choose = partial(choose_look, preset, model=model, scaffold=scaffold)
    variations = _variations(choose, strengths, seed)
    asked = variations[-1].look.diffusion
    if asked and asked.mask == "given":
        raise ConfigError(f"preset {preset} needs a mask for each picture: packshot render --mask")
    rows: list[list[Cell]] = [[] for _ in pictures]
    with tempfile.TemporaryDirectory() as folder, bars("pictures") as progress:
        progress.begin("sweep", len(pictures) * (1 + len(variations)))
        kept = [_KeptPicture(path, Path(folder) / f"{n}") for n, path in enumerate(pictures)]
        for row, each in zip(rows, kept, strict=True):
            row.append(each.read_photograph())
            progress.advance("sweep")
        for variation in variations:
            for number, made in make_pictures(variation.look, [each.load for each in kept]):
                rows[number].append(_cell(made, variation, pictures[number]))
                progress.advance("sweep")
    look = variations[-1].look
    names = [f"{path.parent.name}/{path.stem}" for path in pictures]
    columns = [_SOURCE, *(each.heading for each in variations)]
    title = f"{preset}: {look.preset.purpose}"
    sheet = draw_grid(title, _subtitle(look), columns, dict(zip(names, rows, strict=True)))
    output.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(output, "PNG")
    made_of = f"{len(pictures)} picture{'s' if len(pictures) > 1 else ''}"
    out.print(f"{output}: {made_of} x {len(variations)}", soft_wrap=True)
    failed = sum(cell.pixels is None for row in rows for cell in row)
    raise typer.Exit(1 if failed else 0)


def _variations(
    choose: Callable[[Overrides], Look], strengths: str, seed: int | None
) -> list[_Variation]:
    """The columns of a sheet.

    Args:
        choose: The look with what is changed on it.
        strengths: Separated by commas.
        seed: In place of the preset's.

    Raises:
        ConfigError: Strengths are no numbers, or what the preset needs is missing.
    """
    plain = choose(Overrides(seed=seed))
    wanted = [each.strip() for each in strengths.split(",")]
    if plain.diffusion is None or plain.diffusion.strength is None:
        seeds = range(plain.preset.seed, plain.preset.seed + len(wanted))
        return [_Variation(f"seed {each}", choose(Overrides(seed=each))) for each in seeds]
    found = []
    if plain.preset.engine == "scene":
        found.append(_Variation(_UNREFINED, plain.model_copy(update={"checkpoint": None})))
    for each in wanted:
        try:
            overrides = Overrides(strength=float(each), candidates=1, seed=seed)
        except ValueError as error:
            said = f"--strengths {strengths}: {each!r} is no number above 0 and up to 1"
            raise ConfigError(said) from error
        look = choose(overrides)
        alone = look.preset.model_copy(update={"ladder": type(look.preset.ladder)()})
        bare = look.model_copy(update={"preset": alone})
        found.append(_Variation(f"strength {float(each):g}", bare))
    return found


class _KeptPicture:
    """A picture that is prepared once and lies on disk between its columns."""

    def __init__(self, path: Path, stem: Path) -> None:
        self._path, self._stem = path, stem
        self._kept: PreparedPicture | None = None
        self._error: RenderError | None = None

    def read_photograph(self) -> "Cell":
        """The picture as it came."""
        from transforms.errors import SourceError
        from transforms.images.canvas import WHITE, fit_within, over
        from transforms.images.colour import to_srgb
        from transforms.images.contact_sheet import TILE_PX, Cell
        from transforms.images.decoding import open_image, upright

        try:
            colours = to_srgb(upright(open_image(self._path.read_bytes())))
        except SourceError as error:
            return Cell(None, error.message)
        rgb = colours.rgb if colours.alpha is None else over(WHITE, colours.rgb, colours.alpha)
        return Cell(fit_within(rgb, TILE_PX))

    def load(self) -> PreparedPicture:
        """The prepared picture.

        Raises:
            RenderError: It cannot be used.
        """
        from transforms.images.codec import decode_png, encode_png

        if self._error is not None:
            raise self._error
        image, matte = self._stem.with_suffix(".png"), self._stem.with_suffix(".matte.png")
        if self._kept is None:
            try:
                found = load_picture(self._path)
            except RenderError as error:
                self._error = error
                raise
            image.write_bytes(encode_png(found.image))
            matte.write_bytes(encode_png(found.matte))
            self._kept = replace(found, image=found.image[:0], matte=found.matte[:0])
            return found
        pixels, alpha = (decode_png(each.read_bytes()) for each in (image, matte))
        return replace(self._kept, image=pixels, matte=alpha)


def _cell(made: RenderedPicture | RenderError, variation: _Variation, path: Path) -> "Cell":
    from transforms.images.canvas import fit_within
    from transforms.images.contact_sheet import TILE_PX, Cell

    if isinstance(made, RenderError):
        err.print(f"{path}: {variation.heading}: {made}", soft_wrap=True, markup=False)
        return Cell(None, str(made))
    facts, caption = made.facts, ""
    kept = next((each for each in facts.attempts if each.kept), None)
    if kept:
        broken = kept.reason.replace("_", " ")
        caption = f"not passed: {broken}" if broken else "passed"
    elif facts.backdrop:
        kind = "plate" if facts.backdrop.kind == "plate" else "drawn"
        caption = f"{kind}: {facts.backdrop.name}, {facts.backdrop.view}"
    return Cell(fit_within(made.pixels, TILE_PX), caption)


def _subtitle(look: Look) -> str:
    """What made the pictures, in one line."""
    if look.checkpoint is None:
        return "No diffusion model: backdrops as they are." if look.preset.backdrop else "No model."
    guidance = look.diffusion.guidance if look.diffusion else None
    parts = [f"Model {look.checkpoint.name} ({look.checkpoint.identity})"]
    parts.append(f"seed {look.preset.seed}")
    return ", ".join([*parts, f"guidance {guidance:g}"] if guidance is not None else parts)
