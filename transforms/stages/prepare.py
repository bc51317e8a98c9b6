"""Stage: turn accepted source images upright, to sRGB, even in tone, straight, cut out, cropped."""

from collections.abc import Iterator

from transforms.errors import NotFoundError, SourceError, StorageError
from transforms.images.canvas import MID_GREY, over
from transforms.images.codec import encode_png, encode_thumbnail
from transforms.models.entries import use_entries
from transforms.preparation.sequence import Prepared, prepare
from transforms.presets.catalogue import Preparation
from transforms.records.facts import PreparedFacts
from transforms.records.fingerprint import sha256
from transforms.records.layout import prepared_key, shard_key
from transforms.records.parquet import read_records, write_records
from transforms.records.pictures import AcceptedImage, PreparedImage
from transforms.runs.jobs import prepared_fingerprint
from transforms.runs.run import Run
from transforms.storage.protocol import Storage, exists
from transforms.storage.transfer import read_each

_AHEAD = 2
"""Sources read while the network works: they are big, and it is slow."""

Content = bytes | StorageError


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
    finished = {key: _finished(work, mark) for key, mark in marks.items()}
    contents = _contents(run.places.source, [i for i in images if finished[i.key] is None])
    settings = configuration.catalogue.preparation
    rows = []
    with use_entries(configuration.models):
        for image in images:
            mark, facts = marks[image.key], finished[image.key]
            try:
                if facts is None:
                    facts = _made(work, image, mark, settings, next(contents))
                rows.append(_row(image, mark, facts))
            except SourceError as error:
                known = _known(image, mark)
                rows.append(PreparedImage(**known, reason=error.reason, message=error.message))
    return write_records(work, key, rows, PreparedImage)


def files_of(prepared: Prepared) -> dict[str, bytes]:
    """What is stored of a prepared image beside its facts, by name.

    `image.png` (RGB) and `matte.png` (255 is product), both cropped to the product; `before.jpg`,
    the whole picture as it came, and `cutout.jpg`, the product on mid grey, both small.
    """
    return {
        "image.png": encode_png(prepared.image),
        "matte.png": encode_png(prepared.matte),
        "before.jpg": encode_thumbnail(prepared.before),
        "cutout.jpg": encode_thumbnail(over(MID_GREY, prepared.image, prepared.matte)),
    }


def _contents(source: Storage, images: list[AcceptedImage]) -> Iterator[tuple[Content, Content]]:
    """Bytes of each picture and of its mask; no bytes where it has none."""
    keys = [key for image in images for key in (image.key, image.mask) if key]
    reads = read_each(source, keys, window=_AHEAD)
    for image in images:
        yield next(reads)[1], next(reads)[1] if image.mask else b""


def _finished(work: Storage, mark: str) -> PreparedFacts | None:
    try:
        return PreparedFacts.model_validate_json(work.read(prepared_key(mark, "facts.json")))
    except NotFoundError:
        return None


def _made(
    work: Storage,
    image: AcceptedImage,
    mark: str,
    settings: Preparation,
    contents: tuple[Content, Content],
) -> PreparedFacts:
    picture, mask = contents
    data = _unchanged(picture, image.sha256)
    prepared = prepare(
        data,
        settings,
        digest=image.sha256,
        mask=_unchanged(mask, image.mask_sha256) if image.mask else None,
    )
    for name, content in files_of(prepared).items():
        work.create(prepared_key(mark, name), content)
    content = prepared.facts.model_dump_json(indent=2).encode()
    work.create(prepared_key(mark, "facts.json"), content)
    return prepared.facts


def _unchanged(content: Content, digest: str) -> bytes:
    if isinstance(content, NotFoundError):
        raise SourceError("vanished", "The file was removed while the run was under way.")
    if isinstance(content, StorageError):
        raise content
    if sha256(content) != digest:
        raise SourceError(
            "changed_meanwhile",
            "The file was replaced while the run was under way; the next run takes it up.",
        )
    return content


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
