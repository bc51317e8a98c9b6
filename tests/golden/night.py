"""One night of one drawn photograph, through every step that carries a code version."""

import io
import shutil
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from transforms.images.codec import decode
from transforms.presets.configuration import Configuration, load_configuration
from transforms.presets.loading import config_folder
from transforms.presets.look import Look, load_look
from transforms.presets.scope import Overrides
from transforms.records.artefact import PREPARED_IMAGE, read_artefact
from transforms.records.pictures import MeasuredImage, PreparedImage
from transforms.records.renditions import QualityReport
from transforms.rendition.master import read_master
from transforms.rendition.pictures import read_prepared
from transforms.runner import open_places, run_catalogue
from transforms.runs.run import open_run

CATALOGUE = """
name: golden
source: {{uri: {source}}}
work: {{uri: {work}}}
published: {{uri: {published}}}
variants: {{standard: standard}}
channels: [shop]
preparation: {{cutout: u2netp, find_text: false, find_faces: false}}
"""
CANVAS_PX = 256
LOOKS = {"standard": "standard", "scene": "summer", "refined": "winter"}
"""Variant to preset: a plain canvas; a scaffold as it is drawn; one that a small model refined."""


class Silence:
    """Is told how the run goes on, and tells nobody."""

    def begin(self, stage: str, shards: int) -> None: ...

    def advance(self, stage: str) -> None: ...


def run_golden_night(folder: Path) -> dict[str, np.ndarray | dict[str, float]]:
    """Give what each step made: pixels of those that make pictures, numbers of those that measure.

    Args:
        folder: Empty; holds the catalogue's storages.
    """
    photograph, mask = draw_photograph()
    picture = folder / "source" / "MUG" / "front.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(photograph)
    picture.with_suffix(".mask.png").write_bytes(mask)
    configuration = configure(folder)
    places = open_places(configuration.catalogue)
    run_catalogue(configuration, progress=Silence(), run_id="golden")
    run = open_run(places, "golden")
    (measured,) = run.rows("measured", MeasuredImage)
    (prepared,) = run.rows("prepared", PreparedImage)
    reports = {each.variant: each for each in run.rows("quality", QualityReport)}
    stored = read_artefact(places.work, PREPARED_IMAGE, prepared.fingerprint)
    picture = read_prepared(stored, sku=prepared.sku)
    masters = {
        name: read_master(places.work, run.look(name), reports[name].fingerprint, picture)
        for name in LOOKS
    }
    shown = reports["standard"].shown
    return {
        "measure": {
            name: float(value)
            for name, value in measured.model_dump().items()
            if isinstance(value, int | float)
        },
        "prepare": np.dstack([picture.image, picture.matte]),
        "render": masters["standard"].pixels,
        "scene": masters["scene"].pixels,
        "diffuse": masters["refined"].pixels,
        "encode": decode(places.work.read(shown.key)),
        "check": {
            f"{variant} {rule.rule}": rule.value
            for variant, report in reports.items()
            for rule in report.rules
            if rule.value is not None
        },
    }


def configure(folder: Path) -> Configuration:
    """The catalogue of this night, its canvases small."""
    config = folder / "config"
    shutil.copytree(config_folder(), config, ignore=shutil.ignore_patterns("plates", "catalogues"))
    places = {name: (folder / name).as_uri() for name in ("source", "work", "published")}
    file = config / "catalogues" / "golden.yaml"
    file.parent.mkdir()
    file.write_text(CATALOGUE.format(**places))
    configuration = load_configuration(file, config)
    looks = tuple(small(variant, preset, config) for variant, preset in LOOKS.items())
    return configuration.model_copy(update={"looks": looks})


def small(variant: str, preset: str, config: Path) -> Look:
    if variant == "refined":
        asked = Overrides(strength=0.3)
        look = load_look(variant, preset, config, model="packshot-mini", overrides=asked)
    else:
        look = load_look(variant, preset, config)
    changed = {"canvas_px": CANVAS_PX, "canvas_height_px": None}
    return look.model_copy(update={"brand": look.brand.model_copy(update=changed)})


def draw_photograph() -> tuple[bytes, bytes]:
    """A striped mug on dim, bluish paper, drawn with whole numbers; and its mask, a little soft."""
    rows, columns = np.mgrid[0:600, 0:750]
    stripes = ((columns // 30 + rows // 45) % 5 * 45).astype(np.uint8)
    rgb = np.stack([stripes, 255 - stripes, (rows * 2 // 5).astype(np.uint8)], axis=-1)
    alpha = np.zeros((600, 750), np.uint8)
    cv2.rectangle(alpha, (200, 100), (500, 450), 255, -1)
    cv2.ellipse(alpha, (350, 450), (150, 60), 0, 0, 360, 255, -1)
    cv2.ellipse(alpha, (525, 250), (90, 110), 0, 0, 360, 255, 35)
    alpha = cv2.blur(alpha, (5, 5))
    cover = alpha[..., None].astype(np.uint16)
    paper = np.array((176, 184, 196), np.uint16)
    return encode((rgb * cover + paper * (255 - cover)) // 255), encode(alpha)


def encode(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()
