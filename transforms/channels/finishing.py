"""Finishing a file: what it says of itself, and a signature that is made once."""

from collections.abc import Callable
from dataclasses import dataclass

from transforms.errors import AuditError, NotFoundError
from transforms.images.clipping_path import ClippingPath
from transforms.images.encoding import Encoded
from transforms.presets.channel import Channel
from transforms.provenance import jpeg, photoshop
from transforms.provenance.credentials import Credentials, verified
from transforms.provenance.origin import Origin, signed_as, told
from transforms.records.fingerprint import sha256
from transforms.records.layout import encoded_key, signed_key
from transforms.storage.protocol import Storage


@dataclass(frozen=True, slots=True)
class Finisher:
    """Finishes the files of one picture."""

    work: Storage
    fingerprint: str
    """Of the picture's own rendition: files in frames lie beside its, and are kept as long."""
    origin: Origin
    title: str
    outline: Callable[[], ClippingPath | None]
    """Draws the path around the product, if there is one; asked for where a channel wants it."""
    credentials: Credentials | None = None
    """None: files are not signed."""

    def finish(self, made: Encoded, channel: Channel) -> tuple[str, bytes]:
        """A file's key in the work storage and its bytes; one that is signed is stored at once.

        Raises:
            AuditError: A signed file is not whole, just made or found there.
            ConfigError: The certificate or key is refused.
            StorageError: Storage does not answer.
        """
        encoded = self._clipped(made.data) if channel.clipping_path else made.data
        data = told(encoded, self.origin, channel.source_types)
        digest = sha256(data)
        if self.credentials is None:
            return encoded_key(self.fingerprint, channel.name, digest, made.extension), data
        named = sha256(f"{digest} {self.credentials.identity}".encode())
        key = signed_key(self.fingerprint, channel.name, named, made.extension)
        try:
            return key, self._signed_before(key, made.extension)
        except NotFoundError:
            fresh = signed_as(
                data, self.origin, self.credentials, title=self.title, extension=made.extension
            )
        if self.work.create(key, fresh):
            return key, fresh
        return key, self._signed_before(key, made.extension)

    def _clipped(self, data: bytes) -> bytes:
        path = self.outline()
        if path is None:
            return data
        resources = path.resources().items()
        return jpeg.with_paths(
            data, [photoshop.block(number, name, body) for number, (name, body) in resources]
        )

    def _signed_before(self, key: str, extension: str) -> bytes:
        data = self.work.read(key)
        found = verified(data, extension=extension)
        if found.state not in ("valid", "trusted"):
            raise AuditError(
                f"{self.work.uri}/{key}: its C2PA credentials are {found.state} "
                f"({', '.join(found.problems)}): delete the file, and run again"
            )
        return data
