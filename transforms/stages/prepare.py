"""Stage: turn accepted source images upright, to sRGB, even in tone, straight, cut out, cropped."""

from collections.abc import Iterator

from transforms.errors import SourceError
from transforms.preparation.stored import Content, write_prepared
from transforms.records.artefact import PREPARED_IMAGE, find_artefact
from transforms.records.facts import PreparedFacts
from transforms.records.layout import shard_key
from transforms.records.parquet import read_records, write_records
from transforms.records.pictures import AcceptedImage, PreparedImage
from transforms.runs.jobs import prepared_fingerprint
from transforms.runs.run import Run
from transforms.storage.protocol import Storage, exists
from transforms.storage.transfer import read_each

_AHEAD = 2
"""Sources read while the network works: they are big, and it is slow."""


def prepare_shard(run: Run, shard: int) -> str:
    """Prepare the images of one shard, and record each that cannot be prepared.

    Args:
        run: The run.
        shard: Number of the shard in `accepted/`.

    Returns:
        Key of the manifest of PreparedImage: one row for every accepted image.

    Raises:
        ConfigError: The catalogue names a model that there is not.
        ModelError: Weights are missing, or are not the ones we know.
        StorageError: Storage does not answer; to be tried again.
    """
    work = run.places.work
    key = shard_key(run.plan.run_id, "prepared", shard)
    if exists(work, key):
        return key
    images = read_records(work, shard_key(run.plan.run_id, "accepted", shard), AcceptedImage)
    configuration = run.plan.configuration
    marks = {image.key: prepared_fingerprint(image, configuration) for image in images}
    finished = {key: find_artefact(work, PREPARED_IMAGE, mark) for key, mark in marks.items()}
    contents = _contents(run.places.source, [i for i in images if finished[i.key] is None])
    rows = []
    for image in images:
        mark = marks[image.key]
        try:
            stored = finished[image.key] or write_prepared(run, image, *next(contents))
            rows.append(_row(image, mark, stored.facts))
        except SourceError as error:
            known = _known(image, mark)
            rows.append(PreparedImage(**known, reason=error.reason, message=error.message))
    return write_records(work, key, rows, PreparedImage)


def _contents(source: Storage, images: list[AcceptedImage]) -> Iterator[tuple[Content, Content]]:
    """Bytes of each picture and of its mask; no bytes where it has none."""
    keys = [key for image in images for key in (image.key, image.mask) if key]
    reads = read_each(source, keys, window=_AHEAD)
    for image in images:
        yield next(reads)[1], next(reads)[1] if image.mask else b""


def _known(image: AcceptedImage, mark: str) -> dict[str, str]:
    return {
        "key": image.key,
        "sku": image.sku,
        "view": image.view,
        "sha256": image.sha256,
        "fingerprint": mark,
    }


def _row(image: AcceptedImage, mark: str, facts: PreparedFacts) -> PreparedImage:
    left, top, right, bottom = facts.crop
    backdrop = facts.backdrop
    return PreparedImage(
        **_known(image, mark),
        cutout=facts.matte.model or facts.matte.origin,
        width_px=right - left,
        height_px=bottom - top,
        steps=[*_shadow_said(facts), *(step.said for step in facts.steps if step.applied)],
        backdrop=[*backdrop.before, *backdrop.after] if backdrop else [],
    )


def _shadow_said(facts: PreparedFacts) -> list[str]:
    if not facts.matte.drawn_shadow:
        return []
    return ["Took out a shadow that was drawn into the picture's own transparency."]
