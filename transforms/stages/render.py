"""Stage: make the pictures of a shard in their looks."""

from collections.abc import Iterator
from functools import lru_cache, partial

from transforms.errors import NotFoundError, RenderError, TornArtefactError
from transforms.images.codec import decode_png, encode_png, encode_thumbnail
from transforms.preparation.stored import prepare_again
from transforms.presets.look import Look
from transforms.records.artefact import (
    FRAMED_RENDITION,
    PREPARED_IMAGE,
    RENDITION,
    discard,
    find_artefact,
    read_artefact,
    write_artefact,
)
from transforms.records.facts import NotFramed
from transforms.records.fingerprint import rendition_fingerprint
from transforms.records.layout import shard_key
from transforms.records.parquet import read_records, write_records
from transforms.records.renditions import RenderJob, Rendition
from transforms.rendition.backdrops import attempt_files
from transforms.rendition.engine_cache import EngineCache
from transforms.rendition.pictures import (
    PictureLoader,
    PreparedPicture,
    RenderedPicture,
    read_prepared,
)
from transforms.rendition.renderer import FRAME_BACKDROPS_KEPT, FrameRenderer, Renderer
from transforms.runs.run import Run
from transforms.storage.protocol import Storage, exists


def render_shard(run: Run, shard: int) -> str:
    """Render the jobs of one shard, and record each that cannot be made.

    Each is made on the brand's own canvas and in every other frame that the catalogue's channels
    ask for. Each finished picture is written at once: done again after a kill, only what is missing
    is made.

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
    errors: dict[str, RenderError] = {}
    with EngineCache() as engines:
        for look in run.plan.configuration.looks:
            mine = [job for job in jobs if job.variant == look.variant]
            if mine:
                errors.update(_rendered(run, look, mine, engines))
    rows = [_row(work, job, run.look(job.variant), errors.get(job.fingerprint)) for job in jobs]
    return write_records(work, key, rows, Rendition)


def _rendered(
    run: Run, look: Look, jobs: list[RenderJob], engines: EngineCache
) -> Iterator[tuple[str, RenderError]]:
    """Make and write what is missing of one look, in all of its frames.

    Yields:
        Fingerprint and error of those that cannot be made on the brand's own canvas; their frames
        are not tried.
    """
    work = run.places.work
    load = lru_cache(maxsize=1)(lambda number: _prepared(run, jobs[number]))
    renderer_of = partial(
        Renderer,
        engines=engines,
        gate=run.plan.configuration.gate,
        plates=run.places.plates,
        work=work,
    )
    frames = FrameRenderer(partial(renderer_of, kept=FRAME_BACKDROPS_KEPT))
    framed = [each.look for each in run.plan.configuration.frames(look)[1:]]

    def finish(number: int) -> Iterator[tuple[str, RenderError]]:
        try:
            for each in framed:
                _frame(work, jobs[number], each, frames, partial(load, number))
        except TornArtefactError as torn:  # of the finished picture, which a frame is made of
            discard(work, torn)
            error = RenderError("Its finished picture was damaged. The next run makes it anew.")
            yield jobs[number].fingerprint, error

    missing = [
        number
        for number, job in enumerate(jobs)
        if find_artefact(work, RENDITION, job.fingerprint) is None
    ]
    # Nothing is asked of a renderer without need: that would load a model.
    results = (
        renderer_of(look).render([partial(load, number) for number in missing]) if missing else ()
    )
    for position, made in results:
        number = missing[position]
        if isinstance(made, RenderedPicture):
            _write(work, jobs[number].fingerprint, made, reviewed=True)
            yield from finish(number)
        else:
            yield jobs[number].fingerprint, made
    for number in sorted(set(range(len(jobs))) - set(missing)):
        yield from finish(number)


def _frame(
    work: Storage, job: RenderJob, look: Look, frames: FrameRenderer, load: PictureLoader
) -> None:
    """Make and write one picture in one frame, or why it cannot be had, unless it is there."""
    fingerprint = rendition_fingerprint(job.prepared, look, sku=job.sku)
    if find_artefact(work, FRAMED_RENDITION, fingerprint) is not None:
        return
    try:
        made = frames.render(look, load, partial(_own, work, job))
    except RenderError as error:
        why = NotFramed(message=str(error))
        write_artefact(work, FRAMED_RENDITION, fingerprint, why, {})
        return
    _write(work, fingerprint, made)


def _own(work: Storage, job: RenderJob) -> RenderedPicture:
    """The finished picture of a job; what lies before its product is not read."""
    stored = read_artefact(work, RENDITION, job.fingerprint)
    return RenderedPicture(stored.facts, decode_png(stored.read("image.png")))


def _prepared(run: Run, job: RenderJob) -> PreparedPicture:
    """The prepared picture of a job; made again where it is gone since the run found it."""
    try:
        stored = read_artefact(run.places.work, PREPARED_IMAGE, job.prepared)
        return read_prepared(stored, sku=job.sku)
    except NotFoundError:
        return read_prepared(prepare_again(run, job.key), sku=job.sku)


def _row(work: Storage, job: RenderJob, look: Look, error: RenderError | None) -> Rendition:
    known = job.model_dump()
    if error is not None:
        return Rendition(**known, reason="not_rendered", message=str(error))
    if look.preset.engine == "standardise":
        return Rendition(**known, seed=look.preset.seed)
    facts = read_artefact(work, RENDITION, job.fingerprint).facts
    return Rendition(
        **known, checkpoint=facts.checkpoint, strength=facts.strength or 0.0, seed=facts.seed
    )


def _write(
    work: Storage, fingerprint: str, made: RenderedPicture, *, reviewed: bool = False
) -> None:
    """Write a picture; what people are shown of it only where it is the one that they review."""
    files = {"image.png": encode_png(made.pixels)}
    if made.occluder is not None:
        files["occluder.png"] = encode_png(made.occluder)
    if made.given is not None:
        files["given.png"] = encode_png(made.given)
    if reviewed:
        files["thumb.jpg"] = encode_thumbnail(made.pixels)
        files |= attempt_files(made.attempts)
    write_artefact(work, RENDITION, fingerprint, made.facts, files)
