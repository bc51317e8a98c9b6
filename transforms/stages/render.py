"""Stage: make the pictures of a shard in their looks."""

from collections.abc import Iterator
from functools import partial

from transforms.errors import RenderError
from transforms.images.codec import decode_png, encode_png, encode_thumbnail
from transforms.manifest.facts import PreparedFacts, RenditionFacts
from transforms.manifest.layout import prepared_key, rendition_key, shard_key
from transforms.manifest.parquet import read_records, write_records
from transforms.manifest.records import RenderJob, Rendition
from transforms.manifest.run import Run
from transforms.presets.look import Look
from transforms.rendition.devices import Devices
from transforms.rendition.painter import Painter, Picture, Shown
from transforms.storage.protocol import Storage, exists


def render_shard(run: Run, shard: int) -> str:
    """Render the jobs of one shard, and record each that cannot be made.

    Each finished picture is written at once: done again after a kill, only what is missing is
    made.

    Args:
        run: The run.
        shard: Number of the shard in `jobs/`.

    Returns:
        Key of the manifest of Rendition: one row for every job.

    Raises:
        ModelError: A checkpoint is not at hand, or not the one that the configuration names.
        StorageError: Storage does not answer; to be tried again.
    """
    work = run.places.work
    key = shard_key(run.plan.run_id, "renditions", shard)
    if exists(work, key):
        return key
    jobs = read_records(work, shard_key(run.plan.run_id, "jobs", shard), RenderJob)
    missing = [job for job in jobs if not exists(work, rendition_key(job.fingerprint, "json"))]
    errors: dict[str, RenderError] = {}
    with Devices() as devices:
        for look in run.plan.configuration.looks:
            mine = [job for job in missing if job.variant == look.variant]
            if mine:
                errors.update(_rendered(run, look, mine, devices))
    rows = [_row(work, job, run.look(job.variant), errors.get(job.fingerprint)) for job in jobs]
    return write_records(work, key, rows, Rendition)


def _rendered(
    run: Run, look: Look, jobs: list[RenderJob], devices: Devices
) -> Iterator[tuple[str, RenderError]]:
    """Make and write the jobs of one look; yields those that cannot be made."""
    work = run.places.work
    painter = Painter(
        look,
        devices=devices,
        gate=run.plan.configuration.gate,
        plates=run.places.plates,
        work=work,
    )
    for number, made in painter.made([partial(_shown, work, job) for job in jobs]):
        fingerprint = jobs[number].fingerprint
        if isinstance(made, Picture):
            _write(work, fingerprint, made)
        else:
            yield fingerprint, made


def _shown(work: Storage, job: RenderJob) -> Shown:
    read = partial(prepared_key, job.prepared)
    return Shown(
        sku=job.sku,
        image=decode_png(work.read(read("image.png"))),
        matte=decode_png(work.read(read("matte.png"))),
        facts=PreparedFacts.model_validate_json(work.read(read("facts.json"))),
        fingerprint=job.prepared,
    )


def _row(work: Storage, job: RenderJob, look: Look, error: RenderError | None) -> Rendition:
    known = job.model_dump()
    if error is not None:
        return Rendition(**known, reason="not_rendered", message=str(error))
    if look.preset.engine == "standardise":
        return Rendition(**known, seed=look.preset.seed)
    facts = RenditionFacts.model_validate_json(work.read(rendition_key(job.fingerprint, "json")))
    return Rendition(
        **known, checkpoint=facts.checkpoint, strength=facts.strength or 0.0, seed=facts.seed
    )


def _write(work: Storage, fingerprint: str, made: Picture) -> None:
    for number, thumbnail in enumerate(made.attempts, start=1):
        if thumbnail:
            work.create(rendition_key(fingerprint, f"attempt-{number}.jpg"), thumbnail)
    work.create(rendition_key(fingerprint, "png"), encode_png(made.pixels))
    work.create(rendition_key(fingerprint, "thumb.jpg"), encode_thumbnail(made.pixels))
    if made.nearer is not None:
        work.create(rendition_key(fingerprint, "nearer.png"), encode_png(made.nearer))
    facts = made.facts.model_dump_json(indent=2)
    work.create(rendition_key(fingerprint, "json"), facts.encode())
