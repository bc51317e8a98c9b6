"""Make the sample catalogue again, step by step.

    python -m samples.render shoot      path-trace every picture (40-60 minutes on two cores)
    python -m samples.render develop    renders -> samples/source/, with their faults and formats
    python -m samples.render spoil      add the bad files and write samples/expected.yaml
    python -m samples.render truth      products alone with true alpha (10 minutes on one core)
    python -m samples.render sheet      one contact sheet of everything, to look at
    python -m samples.render plates     backdrops -> config/plates/ (two hours on two cores)

`shoot` and `plates` skip what they find, so they can be stopped and started again.
"""

import argparse
import logging
import time
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from samples.render import bad_files
from samples.render.camera_faults import spoil
from samples.render.catalogue import PICTURES
from samples.render.contact_sheet import contact_sheet
from samples.render.files import Format, read_render, write_picture
from samples.render.picture import Picture
from samples.render.plates.exposure import expose
from samples.render.plates.plate import Plate
from samples.render.plates.plate_list import PLATES
from samples.render.plates.print import write_plate
from samples.render.studio import Setup, photograph
from samples.render.truth_pictures import TRUTH_PICTURES

logger = logging.getLogger(__name__)

SAMPLES = Path(__file__).resolve().parent.parent
SOURCE = SAMPLES / "source"
TRUTH = SAMPLES / "true-alpha"
PLATES_AT = SAMPLES.parent / "config" / "plates"
PLATE_PX = 1600
PREVIEW_SAMPLES = 5


def shoot(
    setups: Mapping[Path, Setup], art: Path, longest_side: int | None = None, threads: int = 0
) -> None:
    """Render what is not there yet; `longest_side` makes previews of that many pixels."""
    art.mkdir(parents=True, exist_ok=True)
    for path, setup in setups.items():
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        begun = time.monotonic()
        unfinished = path.with_suffix(".part.png")
        photograph(setup, unfinished, art=art, longest_side=longest_side, threads=threads)
        unfinished.rename(path)
        logger.info("%s: %.0f s", path.name, time.monotonic() - begun)


def develop(pictures: Sequence[Picture], renders: Path) -> None:
    """Write the finished pictures under `samples/source/`."""
    for picture in pictures:
        rgb, alpha = read_render(_render_of(picture, renders))
        spoilt = spoil(rgb, picture.faults, seed=zlib.crc32(picture.key.encode()))
        write_picture(SOURCE / picture.key, spoilt, alpha, picture.format)


def keep_truth(renders: Mapping[str, Path]) -> None:
    """Write finished products alone under `samples/true-alpha/`: no faults, 8 bits, RGBA."""
    for sku, render in renders.items():
        rgb, alpha = read_render(render)
        write_picture(TRUTH / f"{sku}.png", rgb, alpha, Format("png"))


def shoot_plates(
    plates: Sequence[Plate], renders: Path, preview: int | None = None, threads: int = 0
) -> None:
    """Render what is not there yet, and write each plate as soon as it is; previews stay there."""
    renders.mkdir(parents=True, exist_ok=True)
    for plate in plates:
        path = renders / f"{plate.name}.png"
        if not path.exists():
            begun = time.monotonic()
            unfinished = path.with_suffix(".part.png")
            samples = PREVIEW_SAMPLES if preview else plate.samples
            expose(plate, unfinished, side=preview or PLATE_PX, samples=samples, threads=threads)
            unfinished.rename(path)
            logger.info("%s: %.0f s", path.name, time.monotonic() - begun)
        if preview is None:
            write_plate(plate, path, PLATES_AT)


def write_expected(path: Path) -> None:
    """Say for every key under `samples/source/` what the pipeline should decide."""
    lines = [
        "# What the pipeline should make of every file under source/.",
        "# Written by `python -m samples.render spoil`.",
    ]
    reasons = dict.fromkeys((picture.key for picture in PICTURES), "") | bad_files.REASONS
    for key, reason in sorted(reasons.items()):
        lines.append(f"{key}:")
        lines.append(f"  outcome: {'quarantined' if reason else 'accepted'}")
        if reason:
            lines.append(f"  reason: {reason}")
    path.write_text("\n".join(lines) + "\n")


def main() -> None:
    """Run one step of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m samples.render",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("step", choices=["shoot", "develop", "spoil", "truth", "sheet", "plates"])
    parser.add_argument("only", nargs="*", help="beginnings of keys, such as MUG-COBALT/front")
    parser.add_argument("--renders", type=Path, default=Path("out/samples"), help="working folder")
    parser.add_argument("--preview", type=int, metavar="PX", help="longest side of quick renders")
    parser.add_argument("--threads", type=int, default=0, metavar="N", help="cores; 0: all")
    options = parser.parse_intermixed_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    pictures = [
        picture
        for picture in PICTURES
        if not options.only or picture.key.startswith(tuple(options.only))
    ]
    match options.step:
        case "shoot":
            setups = {_render_of(picture, options.renders): picture.setup for picture in pictures}
            shoot(setups, options.renders / "artwork", options.preview, options.threads)
        case "develop":
            develop(pictures, options.renders)
        case "spoil":
            bad_files.write_bad_files(SOURCE)
            write_expected(SAMPLES / "expected.yaml")
        case "truth":
            truth = {
                sku: options.renders / "true-alpha" / f"{sku}.png"
                for sku in TRUTH_PICTURES
                if not options.only or sku.startswith(tuple(options.only))
            }
            setups = {path: TRUTH_PICTURES[sku] for sku, path in truth.items()}
            shoot(setups, options.renders / "artwork", options.preview, options.threads)
            if options.preview is None:
                keep_truth(truth)
        case "plates":
            plates = [
                plate
                for plate in PLATES
                if not options.only or plate.name.startswith(tuple(options.only))
            ]
            shoot_plates(plates, options.renders / "plates", options.preview, options.threads)
        case "sheet":
            paths = [SOURCE / picture.key for picture in pictures]
            contact_sheet(paths, options.renders / "contact-sheet.png")


def _render_of(picture: Picture, renders: Path) -> Path:
    return renders / f"{picture.sku}-{picture.view}.png"


if __name__ == "__main__":
    main()
