"""Stage: read, decode and measure the source images of one shard."""

from dataclasses import asdict

from transforms.errors import NotFoundError, SourceError, StorageError
from transforms.images.mask import BAD_MASK
from transforms.images.sandbox import Sandbox
from transforms.records.fingerprint import sha256
from transforms.records.pictures import MeasuredImage, SourceImage
from transforms.runs.run import Run
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
    key = run.shard_key("measured", shard)
    if exists(run.places.work, key):
        return key
    images = run.read_shard("inventory", shard, SourceImage)
    files = [file for image in images for file in _files(image)]
    largest = max((size_bytes for _, size_bytes in files), default=0)
    window = max(1, min(16, _MEMORY_BYTES // max(1, largest)))
    measured = []
    with Sandbox() as sandbox:
        reads = read_each(run.places.source, [name for name, _ in files], window=window)
        for image in images:
            contents = [next(reads)[1] for _ in _files(image)]
            measured.append(_measure(image, contents, sandbox))
    return run.write_shard("measured", shard, measured, MeasuredImage)


def _files(image: SourceImage) -> list[tuple[str, int]]:
    """Key and size of what is read of a picture: itself, then its mask if it has one."""
    files = [(image.key, image.size_bytes)]
    if image.mask:
        files.append((image.mask, image.mask_size_bytes))
    return files if max(size_bytes for _, size_bytes in files) <= MAX_BYTES else []


def _measure(
    image: SourceImage, contents: list[bytes | StorageError], sandbox: Sandbox
) -> MeasuredImage:
    known = image.model_dump(exclude={"change", "mask_size_bytes"})
    try:
        if not contents:
            raise _too_large(image)
        data = _check_as_listed(contents[0], image.size_bytes)
        known["sha256"] = sha256(data)
        mask = None
        if image.mask:
            mask = _check_as_listed(contents[1], image.mask_size_bytes, of="mask")
            known["mask_sha256"] = sha256(mask)
        measures = sandbox.measure(data, mask)
    except SourceError as error:
        return MeasuredImage(**known, reason=error.reason, message=error.message)
    return MeasuredImage(**known, **asdict(measures))


def _too_large(image: SourceImage) -> SourceError:
    at_most = f"at most {MAX_BYTES >> 20} are read: export it smaller."
    if image.size_bytes > MAX_BYTES:
        megabytes = image.size_bytes / 2**20
        return SourceError("too_large", f"A file of {megabytes:.0f} MB; {at_most}")
    megabytes = image.mask_size_bytes / 2**20
    return SourceError(BAD_MASK, f"Its mask is a file of {megabytes:.0f} MB; {at_most}")


def _check_as_listed(content: bytes | StorageError, size_bytes: int, *, of: str = "file") -> bytes:
    if isinstance(content, NotFoundError):
        # Of a picture that lost its mask the next run sees another identity and takes it.
        raise SourceError("vanished", f"The {of} was removed while the run was under way.")
    if isinstance(content, StorageError):
        raise content
    # One of equal length goes on as what it is now: its hash is recorded with the etag of the
    # listing, so the next run sees another etag and works on it again.
    if len(content) != size_bytes:
        raise SourceError(
            "replaced", f"The {of} was replaced while the run was under way: the next run takes it."
        )
    return content
