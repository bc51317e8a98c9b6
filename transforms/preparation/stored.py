"""A prepared image in the work storage: made of a photograph, or made again where it is gone."""

from transforms.errors import NotFoundError, RenderError, SourceError, StorageError
from transforms.images.canvas import MID_GREY, over
from transforms.images.codec import encode_png, encode_thumbnail
from transforms.models.entries import use_entries
from transforms.preparation.sequence import prepare
from transforms.records.artefact import PREPARED_IMAGE, Artefact, write_artefact
from transforms.records.facts import PreparedFacts
from transforms.records.fingerprint import sha256
from transforms.records.pictures import AcceptedImage
from transforms.runs.jobs import prepared_fingerprint
from transforms.runs.run import Run

Content = bytes | StorageError
"""Bytes of an object, or why they could not be read."""


def write_prepared(
    run: Run, image: AcceptedImage, picture: Content, mask: Content
) -> Artefact[PreparedFacts]:
    """Prepare a photograph and write what came of it.

    `image.png` (RGB) and `matte.png` (255 is product) are cropped to the product; `before.jpg`, the
    whole picture as it came, and `cutout.jpg`, the product on mid grey, are small.

    Args:
        run: The run; its plan says how.
        image: The photograph as it was accepted.
        picture: Its bytes.
        mask: Bytes of the mask that was supplied for it; not looked at where it has none.

    Raises:
        SourceError: It is not as it was accepted, or shows no product.
        ModelError: Weights are missing, or are not the ones we know.
        StorageError: Storage does not answer.
    """
    configuration = run.plan.configuration
    with use_entries(configuration.models):
        prepared = prepare(
            _unchanged(picture, image.sha256),
            configuration.catalogue.preparation,
            digest=image.sha256,
            mask=_unchanged(mask, image.mask_sha256) if image.mask else None,
        )
    files = {
        "image.png": encode_png(prepared.image),
        "matte.png": encode_png(prepared.matte),
        "before.jpg": encode_thumbnail(prepared.before),
        "cutout.jpg": encode_thumbnail(over(MID_GREY, prepared.image, prepared.matte)),
    }
    return write_artefact(
        run.places.work,
        PREPARED_IMAGE,
        prepared_fingerprint(image, configuration),
        prepared.facts,
        files,
    )


def prepare_again(run: Run, key: str) -> Artefact[PreparedFacts]:
    """Make a prepared image anew that is gone since the run found or made it.

    Args:
        run: The run.
        key: Of the photograph.

    Raises:
        RenderError: It cannot be: the run did not accept the photograph, as one that makes another
            try does not, or the photograph is another by now.
        ModelError: Weights are missing, or are not the ones we know.
        StorageError: Storage does not answer.
    """
    source = run.places.source
    image = next((each for each in run.rows("accepted", AcceptedImage) if each.key == key), None)
    if image is None:
        raise RenderError("Its cut-out is no longer kept. The next night makes it anew.")
    try:
        mask = _read(run, image.mask) if image.mask else b""
        return write_prepared(run, image, _read(run, image.key), mask)
    except SourceError as error:
        raise RenderError(f"{source.uri}/{key}: {error.message}") from error


def _read(run: Run, key: str) -> Content:
    try:
        return run.places.source.read(key)
    except NotFoundError as error:
        return error


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
