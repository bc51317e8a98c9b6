"""`packshot inspect`: judge any picture that claims to show a product, by the gate's rules."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from transforms.cli.catalogue import find_catalogue_of, read_catalogue, sku_of
from transforms.cli.console import AsJson, out, print_json
from transforms.cli.pictures import find_mask
from transforms.cli.render import open_plates
from transforms.cli.run import CatalogueFile
from transforms.errors import ConfigError, SourceError
from transforms.presets.catalogue import Catalogue, Preparation
from transforms.presets.channel import Channel
from transforms.presets.gate import Gate
from transforms.presets.loading import config_folder, load, load_named
from transforms.presets.look import Look, load_look

if TYPE_CHECKING:
    from transforms.pixels import Pixels
    from transforms.records.renditions import RuleResult
    from transforms.rendition.inspection import Inspection
    from transforms.storage.protocol import Storage

_PLAIN = ("standard", "standard-grey", "standard-brand")
"""Looks on one colour, of which the nearest is meant."""


def inspect(
    source: Annotated[Path, typer.Argument(help="The photograph.", exists=True, dir_okay=False)],
    rendition: Annotated[
        Path, typer.Argument(help="A picture that claims to show it.", exists=True, dir_okay=False)
    ],
    matte: Annotated[
        Path | None,
        typer.Option(help="Mask of the product, white on black, as large as the photograph."),
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Look that it claims; else told by its background."),
    ] = None,
    channel: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Outlet whose frame it claims; else the brand's canvas."),
    ] = None,
    catalogue: CatalogueFile = None,
    as_json: AsJson = False,
) -> None:
    """Find the product in a picture, whoever made it, and judge it by every rule of the gate.

    The photograph is prepared as its catalogue says: the one named, or the one whose source folder
    it lies in.

    Exit code 0: PASS; 1: REVIEW or FAIL.
    """
    from transforms.preparation.sequence import prepare
    from transforms.quality.examination import examine
    from transforms.quality.verdict import judge, verdict_of
    from transforms.rendition.inspection import inspect_picture, square

    config = config_folder()
    gate = load(config / "gate.yaml", Gate)
    known = read_catalogue(catalogue) if catalogue else find_catalogue_of(source, config)
    picture = _read(rendition)
    if channel is None:
        picture = square(picture)
    plates = _plates(known)
    look = _look((preset, channel), picture, known, plates, config)
    mask = matte or find_mask(source)
    try:
        prepared = prepare(
            source.read_bytes(),
            known.preparation if known else Preparation(),
            digest="",
            mask=mask.read_bytes() if mask else None,
        )
    except SourceError as error:
        raise SourceError(error.reason, f"{source}: {error.message}") from error
    sku = sku_of(source, known)
    found = inspect_picture(picture, prepared, look, gate=gate, sku=sku, plates=plates)
    rules = judge(examine([picture], found.claim, gate), gate)
    verdict = verdict_of(rules)
    if as_json:
        print_json(_document((source, rendition), known, found, rules))
    else:
        _print(found, verdict, rules)
    raise typer.Exit(0 if verdict == "PASS" else 1)


def _look(
    named: tuple[str | None, str | None],
    picture: "Pixels",
    known: Catalogue | None,
    plates: "Storage | None",
    config: Path,
) -> Look:
    """The look of a preset and a channel's frame; without a preset the one that is told by eye."""
    from transforms.rendition.inspection import look_for
    from transforms.scenes.plates import stock_plates

    preset, channel = named
    frame = load_named(config / "channels", channel, Channel).frame if channel else None

    def framed(name: str) -> Look:
        look = load_look(name, name, config, scene_model=known.scene_model if known else None)
        return look.in_frame(frame) if frame else look

    if preset is None:
        plain = [framed(each) for each in _PLAIN]
        return look_for(picture, plain, plain[0])
    look = framed(preset)
    return look.with_plates(stock_plates(plates)) if plates else look


def _plates(known: Catalogue | None) -> "Storage | None":
    from transforms.storage.opening import open_storage

    if known and known.plates:
        return open_storage(known.plates.uri)
    return open_plates()


def _read(path: Path) -> "Pixels":
    """A picture as browsers show it: upright, in sRGB, on white where it is transparent."""
    from transforms.images.canvas import WHITE, over
    from transforms.images.colour import to_srgb
    from transforms.images.decoding import open_image, upright

    try:
        colours = to_srgb(upright(open_image(path.read_bytes())))
    except SourceError as error:
        raise ConfigError(f"{path}: {error.message}") from error
    return colours.rgb if colours.alpha is None else over(WHITE, colours.rgb, colours.alpha)


def _document(
    files: tuple[Path, Path],
    known: Catalogue | None,
    found: "Inspection",
    rules: "list[RuleResult]",
) -> dict[str, Any]:
    from transforms.quality.verdict import verdict_of

    source, rendition = files
    return {
        "source": str(source),
        "rendition": str(rendition),
        "catalogue": known.name if known else None,
        "verdict": verdict_of(rules),
        "look": found.claim.look.preset.name,
        "found": found.found_placement.sure,
        "ours": found.ours,
        "placement": found.claim.rendered.placement.model_dump(mode="json"),
        "rules": [each.model_dump(mode="json") for each in rules],
    }


def _print(found: "Inspection", verdict: str, rules: "list[RuleResult]") -> None:
    from rich.table import Table

    colour = {"PASS": "green", "REVIEW": "yellow", "FAIL": "red"}
    out.print(f"[bold {colour[verdict]}]{verdict}[/]  {_summarise(found, rules)}", soft_wrap=True)
    table = Table("rule", "value", "limit", "state", "why", box=None)
    for each in rules:
        value = "" if each.value is None else f"{each.value:.4g}"
        state = each.state.replace("_", " ").lower() if each.value is None else each.state
        table.add_row(each.rule.replace("_", " "), value, each.limit, state, _explain(each))
    out.print(table)


def _explain(rule: "RuleResult") -> str:
    """What speaks against the picture; of a rule that it keeps nothing does."""
    if rule.state == "NOT_MEASURED":
        return "Does not apply, or cannot be told from the file alone."
    return "" if rule.state == "PASS" else rule.why


def _summarise(found: "Inspection", rules: "list[RuleResult]") -> str:
    """One sentence: what was found, and what stands against it."""
    if not found.found_placement.sure:
        return "The product was not found in the picture; it may show another one."
    against = [each for each in rules if each.state in ("REVIEW", "FAIL")]
    unknown = sum(each.state == "NOT_MEASURED" for each in rules)
    look = found.claim.look.preset.name
    placement = found.claim.rendered.placement
    left, top, right, bottom = placement.product
    share = max(right - left, bottom - top) / placement.canvas_px
    seen = f"Found at {share:.0%} of the canvas, judged as {look}"
    passed = len(rules) - len(against) - unknown
    held = f"{passed} of {len(rules)} rules held, {unknown} not measured"
    return f"{seen}: {against[0].why if against else 'nothing stands against it.'} {held}."
