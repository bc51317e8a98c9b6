"""Stage: read, decode and measure the source images of one shard."""

from dataclasses import asdict

from transforms.errors import NotFoundError, SourceError, StorageError
from transforms.images.sandbox import Sandbox
from transforms.manifest.fingerprint import sha256
from transforms.manifest.layout import shard_key
from transforms.manifest.parquet import read_records, write_records
from transforms.manifest.records import MeasuredImage, SourceImage
from transforms.manifest.run import Run
from transforms.storage.protocol import exists
from transforms.storage.transfer import read_each

MAX_BYTES = 256 << 20
"""Bigger files are refused unread: 256 MiB hold any photograph that `open_image` accepts, but
for uncompressed TIFF of more than 44 megapixels with 16 bits."""

_MEMORY_BYTES = 512 << 20


def measure_shard(run: Run, shard: int) -> str:
    """Measure the images of one inventory shard, and record each that cannot be used.

    Args:
        run: The run.
        shard: Number of the shard in `inventory/`.

    Returns:
        Key of the manifest of MeasuredImage: one row for every row of the inventory.

    Raises:
        StorageError: Storage does not answer; to be tried again.
    """
    key = shard_key(run.plan.run_id, "measured", shard)
    if exists(run.places.work, key):
        return key
    inventory = shard_key(run.plan.run_id, "inventory", shard)
    images = read_records(run.places.work, inventory, SourceImage)
    small = [image for image in images if image.size_bytes <= MAX_BYTES]
    largest = max((image.size_bytes for image in small), default=0)
    window = max(1, min(16, _MEMORY_BYTES // max(1, largest)))
    measured = []
    with Sandbox() as sandbox:
        reads = read_each(run.places.source, [image.key for image in small], window=window)
        for image in images:
            content = next(reads)[1] if image.size_bytes <= MAX_BYTES else b""
            measured.append(_measured(image, content, sandbox))
    return write_records(run.places.work, key, measured, MeasuredImage)


def _measured(image: SourceImage, content: bytes | StorageError, sandbox: Sandbox) -> MeasuredImage:
    known = image.model_dump(exclude={"change"})
    if isinstance(content, NotFoundError):
        return MeasuredImage(
            **known,
            reason="vanished",
            message="The file was removed while the run was under way.",
        )
    if isinstance(content, StorageError):
        raise content
    if image.size_bytes > MAX_BYTES:
        return MeasuredImage(
            **known,
            reason="too_large",
            message=f"A file of {image.size_bytes / 2**20:.0f} MB; at most "
            f"{MAX_BYTES >> 20} are read: export it smaller.",
        )
    digest = sha256(content)
    try:
        _check_unchanged(image, content)
        measures = sandbox.measure(content)
    except SourceError as error:
        return MeasuredImage(**known, sha256=digest, reason=error.reason, message=error.message)
    return MeasuredImage(**known, sha256=digest, **asdict(measures))


def _check_unchanged(image: SourceImage, content: bytes) -> None:
    # One of equal length goes on as what it is now: its hash is recorded with the etag of the
    # listing, so the next run sees another etag and works on it again.
    if len(content) != image.size_bytes:
        raise SourceError(
            "replaced", "The file was replaced while the run was under way: the next run takes it."
        )
