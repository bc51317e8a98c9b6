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
from transforms.quality.metrics import OF_REMADE, Pixels, applying
from transforms.rendition.attempts import Base, Finished, Subject, attempted
from transforms.rendition.backdrops import Backdrops
from transforms.rendition.devices import Devices
from transforms.rendition.edited import edit_base, edited_facts
from transforms.rendition.in_scene import in_scene
from transforms.rendition.standard import standardised
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
                errors.update(_Look(run, look, devices).rendered(mine))
    rows = [_row(work, job, run.look(job.variant), errors.get(job.fingerprint)) for job in jobs]
    return write_records(work, key, rows, Rendition)


class _Look:
    """Makes the jobs of one look."""

    def __init__(self, run: Run, look: Look, devices: Devices) -> None:
        self._run, self._look, self._devices = run, look, devices
        self._work = run.places.work
        self._gate = run.plan.configuration.gate
        self._backdrops = None
        if look.preset.backdrop:
            refine = None
            if look.diffusion and look.preset.engine == "scene":
                refine = partial(devices.refined, look=look, gate=self._gate)
            self._backdrops = Backdrops(
                look, plates=run.places.plates, work=self._work, refine=refine
            )

    def rendered(self, jobs: list[RenderJob]) -> dict[str, RenderError]:
        """Make and write them; gives the errors of those that cannot be made."""
        if self._look.preset.engine == "edit":
            return dict(self._edited(jobs))
        errors = {}
        for job in jobs:
            try:
                _write(self._work, job.fingerprint, *self._composed(job))
            except RenderError as error:
                errors[job.fingerprint] = error
        return errors

    def _composed(self, job: RenderJob) -> tuple[RenditionFacts, Pixels, Pixels | None]:
        """The product on the plain canvas or in its backdrop, without asking a model."""
        image, matte, known = self._prepared(job)
        if self._backdrops is None:
            return *standardised(image, matte, self._look, prepared=job.prepared), None
        left, top = known.crop[:2]
        # Texts are in the upright picture, image and matte show its crop.
        labels = [
            (box[0] - left, box[1] - top, box[2] - left, box[3] - top)
            for box in (text.box for text in known.texts if not text.overlay)
        ]
        return in_scene(
            image,
            matte,
            self._look,
            self._backdrops,
            sku=job.sku,
            prepared=job.prepared,
            labels=labels,
        )

    def _edited(self, jobs: list[RenderJob]) -> Iterator[tuple[str, RenderError]]:
        """Make and write them as the model gives them back; yields those that cannot be made."""
        engine = self._devices.engine(self._look)
        subjects = (self._subject(number, job) for number, job in enumerate(jobs))
        for result in attempted(engine, subjects, self._gate):
            if isinstance(result, Finished):
                fingerprint = jobs[result.number].fingerprint
                for attempt, thumbnail in zip(result.attempts, result.thumbnails, strict=True):
                    ending = f"attempt-{attempt.number}.jpg"
                    self._work.create(rendition_key(fingerprint, ending), thumbnail)
                facts = edited_facts(result, self._look)
                _write(self._work, fingerprint, facts, result.pixels, None)
            else:
                number, error = result
                yield jobs[number].fingerprint, error

    def _subject(self, number: int, job: RenderJob) -> Subject:
        known = PreparedFacts.model_validate_json(
            self._work.read(prepared_key(job.prepared, "facts.json"))
        )

        def base() -> Base:
            image, matte, _ = self._prepared(job)
            facts, pixels, _ = self._composed(job)
            return edit_base(facts, pixels, image, matte, self._look)

        return Subject(
            number=number,
            preset=self._look.preset,
            base=base,
            rules=applying(self._look.preset) & OF_REMADE,
            words=self._devices.words(self._look),
            has_face=bool(known.faces),
        )

    def _prepared(self, job: RenderJob) -> tuple[Pixels, Pixels, PreparedFacts]:
        read = partial(prepared_key, job.prepared)
        return (
            decode_png(self._work.read(read("image.png"))),
            decode_png(self._work.read(read("matte.png"))),
            PreparedFacts.model_validate_json(self._work.read(read("facts.json"))),
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


def _write(
    work: Storage,
    fingerprint: str,
    facts: RenditionFacts,
    pixels: Pixels,
    nearer: Pixels | None,
) -> None:
    work.create(rendition_key(fingerprint, "png"), encode_png(pixels))
    work.create(rendition_key(fingerprint, "thumb.jpg"), encode_thumbnail(pixels))
    if nearer is not None:
        work.create(rendition_key(fingerprint, "nearer.png"), encode_png(nearer))
    work.create(rendition_key(fingerprint, "json"), facts.model_dump_json(indent=2).encode())
