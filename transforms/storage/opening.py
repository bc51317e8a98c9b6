"""Opens the storage that a URI names."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from transforms.errors import ConfigError, StorageError
from transforms.storage.folder import FolderStorage
from transforms.storage.keys import check_new_key
from transforms.storage.protocol import Storage

ALLOWED = "file:///folder or s3://bucket/prefix"


def open_storage(uri: str, *, session: Any = None, endpoint_url: str | None = None) -> Storage:
    """Open a folder or an S3 bucket. Looks at nothing yet: a folder or bucket may be missing.

    Args:
        uri: `file:///folder` (percent-encoded, as `Path.as_uri` gives it) or `s3://bucket/prefix`
            (taken as it stands).
        session: `boto3.Session` with credentials and region; None: a new one, which looks where
            AWS tools look (environment, profile, role of the machine). For S3 only.
        endpoint_url: S3 server other than AWS; None: what the environment or profile says.

    Raises:
        ConfigError: The URI is neither; the message names it.
        StorageError: There are no credentials.
    """
    scheme, found, rest = uri.partition("://")
    if found and scheme == "s3":
        from transforms.storage.s3 import S3Storage  # noqa: PLC0415 - boto3 takes 0.3 s to load

        bucket, _, rest = rest.partition("/")
        if not bucket or "@" in bucket or ":" in bucket:
            raise ConfigError(f"{_hide_credentials(uri)}: no bucket named; allowed: {ALLOWED}")
        try:
            prefix = rest.rstrip("/") and check_new_key(rest.rstrip("/"), "prefix")
        except StorageError as error:
            raise ConfigError(f"{_hide_credentials(uri)}: {error}; allowed: {ALLOWED}") from None
        return S3Storage(bucket, prefix, session=session, endpoint_url=endpoint_url)
    if found and scheme == "file":
        parts = urlsplit(uri)
        path = unquote(parts.path, errors="surrogateescape")
        if parts.netloc in ("", "localhost") and path.startswith("/") and "\0" not in path:
            return FolderStorage(Path(path))
    raise ConfigError(f"{_hide_credentials(uri)}: not a storage; allowed: {ALLOWED}")


def _hide_credentials(uri: str) -> str:
    """A URI without the password that somebody may have put in it."""
    head, at, tail = uri.rpartition("@")
    return f"{head.partition('://')[0]}://***@{tail}" if at else repr(uri)
