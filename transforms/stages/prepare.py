"""Stage: turn accepted source images upright, to sRGB, cut out and cropped."""

from collections.abc import Iterator

import numpy as np

from transforms.cutout.foreground import foreground_colours
from transforms.cutout.matte import crop_box, matte_of
from transforms.errors import NotFoundError, SourceError, StorageError
from transforms.images.codec import encode_png, encode_thumbnail
from transforms.images.colour import to_srgb
from transforms.images.decoding import open_image, orientation, upright
from transforms.manifest.facts import PreparedFacts
from transforms.manifest.fingerprint import CODE_VERSIONS, fingerprint, sha256
from transforms.manifest.layout import prepared_key, shard_key
from transforms.manifest.parquet import read_records, write_records
from transforms.manifest.records import AcceptedImage, PreparedImage
from transforms.manifest.run import Run
from transforms.presets.catalogue import Preparation
from transforms.storage.protocol import Storage, exists
from transforms.storage.transfer import read_each

_AHEAD = 2
"""Sources read while the network works: they are big, and it is slow."""

Work = dict[str, bytes]
"""Files of one prepared image, by name."""


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
    preparation = run.plan.configuration.catalogue.preparation
    weights = run.plan.configuration.cutout.sha256
    rows = []
    for image, finished, source in _with_sources(run, images, preparation, weights):
        rows.append(_row(work, image, preparation, weights, finished=finished, source=source))
    return write_records(work, key, rows, PreparedImage)


def prepared_fingerprint(digest: str, preparation: Preparation, weights: str) -> str:
    """Equal for pictures that are prepared equally.

    Args:
        digest: SHA-256 of the source's bytes.
        preparation: Of the catalogue.
        weights: SHA-256 of the model's.
    """
    return fingerprint(digest, preparation, weights, CODE_VERSIONS["prepare"])


def prepare(data: bytes, *, digest: str, model: str) -> tuple[PreparedFacts, Work]:
    """Prepare one picture. Writes nothing.

    Args:
        data: A source image's bytes.
        digest: Their SHA-256.
        model: Entry of `config/models.yaml`.

    Returns:
        Its facts, and its files: `image.png` (RGB, product colours run on beyond the edge),
        `matte.png` (255 is product), both cropped to the product, and `before.jpg`, the whole
        picture, small.

    Raises:
        SourceError: It does not decode, or shows no product.
        ModelError: Weights are missing, or are not the ones we know.
    """
    image = open_image(data)
    turned = orientation(image)
    colours = to_srgb(upright(image))
    del image
    height, width = colours.rgb.shape[:2]
    matte = matte_of(colours.rgb, colours.alpha, model=model)
    left, top, right, bottom = crop = crop_box(matte.alpha)
    rgb = np.ascontiguousarray(colours.rgb[top:bottom, left:right])
    alpha = np.ascontiguousarray(matte.alpha[top:bottom, left:right])
    facts = PreparedFacts(
        source_sha256=digest,
        orientation=turned,
        colour_profile=colours.profile,
        width_px=width,
        height_px=height,
        crop=crop,
        matte=matte.facts,
        versions={"prepare": CODE_VERSIONS["prepare"]},
    )
    return facts, {
        "image.png": encode_png(foreground_colours(rgb, alpha)),
        "matte.png": encode_png(alpha),
        "before.jpg": encode_thumbnail(colours.rgb),
    }


def _with_sources(
    run: Run, images: list[AcceptedImage], preparation: Preparation, weights: str
) -> Iterator[tuple[AcceptedImage, PreparedFacts | None, bytes | StorageError]]:
    """Each image with the facts of earlier work, or else with its source."""
    finished = {
        image.key: _finished(run.places.work, image, preparation, weights) for image in images
    }
    missing = [image.key for image in images if finished[image.key] is None]
    reads = read_each(run.places.source, missing, window=_AHEAD)
    for image in images:
        facts = finished[image.key]
        yield image, facts, b"" if facts else next(reads)[1]


def _finished(
    work: Storage, image: AcceptedImage, preparation: Preparation, weights: str
) -> PreparedFacts | None:
    mark = prepared_fingerprint(image.sha256, preparation, weights)
    try:
        return PreparedFacts.model_validate_json(work.read(prepared_key(mark, "facts.json")))
    except NotFoundError:
        return None


def _row(
    work: Storage,
    image: AcceptedImage,
    preparation: Preparation,
    weights: str,
    *,
    finished: PreparedFacts | None,
    source: bytes | StorageError,
) -> PreparedImage:
    mark = prepared_fingerprint(image.sha256, preparation, weights)
    known = {
        "key": image.key,
        "sku": image.sku,
        "view": image.view,
        "sha256": image.sha256,
        "fingerprint": mark,
    }
    try:
        facts = finished or _made(work, image, source, mark=mark, model=preparation.cutout)
    except SourceError as error:
        return PreparedImage(**known, reason=error.reason, message=error.message)
    left, top, right, bottom = facts.crop
    return PreparedImage(
        **known,
        cutout=facts.matte.model or facts.matte.origin,
        width_px=right - left,
        height_px=bottom - top,
    )


def _made(
    work: Storage, image: AcceptedImage, source: bytes | StorageError, *, mark: str, model: str
) -> PreparedFacts:
    if isinstance(source, NotFoundError):
        raise SourceError("vanished", "The file was removed while the run was under way.")
    if isinstance(source, StorageError):
        raise source
    if sha256(source) != image.sha256:
        raise SourceError(
            "changed_meanwhile",
            "The file was replaced while the run was under way; the next run takes it up.",
        )
    facts, files = prepare(source, digest=image.sha256, model=model)
    for name, content in files.items():
        work.create(prepared_key(mark, name), content)
    content = facts.model_dump_json(indent=2).encode()
    work.create(prepared_key(mark, "facts.json"), content)
    return facts
