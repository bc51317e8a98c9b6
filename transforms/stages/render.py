"""Stage: lay prepared images on the brand's canvas, with its shadow."""

import numpy as np
import numpy.typing as npt

from transforms.errors import RenderError
from transforms.images.canvas import composed, extent, laid, place
from transforms.images.codec import decode_png, encode_png, encode_thumbnail
from transforms.images.shadow import shade_of, shaded
from transforms.manifest.facts import RenditionFacts
from transforms.manifest.fingerprint import CODE_VERSIONS
from transforms.manifest.layout import prepared_key, rendition_key, shard_key
from transforms.manifest.parquet import read_records, write_records
from transforms.manifest.records import RenderJob, Rendition
from transforms.manifest.run import Run
from transforms.presets.configuration import Look
from transforms.storage.protocol import Storage, exists


def render_shard(run: Run, shard: int) -> str:
    """Render the jobs of one shard, and record each that cannot be made.

    Args:
        run: The run.
        shard: Number of the shard in `jobs/`.

    Returns:
        Key of the manifest of Rendition: one row for every job.

    Raises:
        StorageError: Storage does not answer; to be tried again.
    """
    work = run.places.work
    key = shard_key(run.plan.run_id, "renditions", shard)
    if exists(work, key):
        return key
    rows = []
    for job in read_records(work, shard_key(run.plan.run_id, "jobs", shard), RenderJob):
        known = job.model_dump()
        try:
            _render_once(work, job, run.look(job.variant))
            rows.append(Rendition(**known))
        except RenderError as error:
            rows.append(Rendition(**known, reason="not_rendered", message=str(error)))
    return write_records(work, key, rows, Rendition)


def render(
    image: npt.NDArray[np.uint8], matte: npt.NDArray[np.uint8], look: Look, *, prepared: str = ""
) -> tuple[RenditionFacts, npt.NDArray[np.uint8]]:
    """Standardise one picture. Writes nothing; the same pixels each time.

    Args:
        image: (height, width, 3), sRGB, product colours running on beyond the matte's edge.
        matte: (height, width), 255 is product.
        look: Preset and brand.
        prepared: Fingerprint of both, for the facts.

    Returns:
        Where it lies, and the picture: (canvas, canvas, 3), sRGB.

    Raises:
        RenderError: The matte holds no product.
    """
    placement = place(extent(matte), look.brand)
    product, box = laid(image, placement)
    cover, _ = laid(matte, placement)
    side = placement.canvas_px
    on_canvas = np.zeros((side, side), np.uint8)
    on_canvas[box[1] : box[3], box[0] : box[2]] = cover
    shade = shade_of(on_canvas, look.preset.shadow)
    backdrop = np.full((side, side, 3), look.brand.background, np.uint8)
    pixels = composed(shaded(backdrop, shade), product, cover, box)
    facts = RenditionFacts(
        prepared=prepared,
        preset=look.preset.name,
        brand=look.brand.name,
        seed=look.preset.seed,
        placement=placement,
        enlarged=placement.enlarged,
        shadow=shade.box if shade else None,
        versions={step: CODE_VERSIONS[step] for step in ("prepare", "render")},
    )
    return facts, pixels


def _render_once(work: Storage, job: RenderJob, look: Look) -> None:
    if exists(work, rendition_key(job.fingerprint, "json")):
        return
    image = decode_png(work.read(prepared_key(job.prepared, "image.png")))
    matte = decode_png(work.read(prepared_key(job.prepared, "matte.png")))
    facts, pixels = render(image, matte, look, prepared=job.prepared)
    work.create(rendition_key(job.fingerprint, "png"), encode_png(pixels))
    work.create(rendition_key(job.fingerprint, "thumb.jpg"), encode_thumbnail(pixels))
    work.create(rendition_key(job.fingerprint, "json"), facts.model_dump_json(indent=2).encode())
