"""Storage in a folder: `file:///folder`."""

import contextlib
import errno
import logging
import os
import stat
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from transforms.errors import ConflictError, NotFoundError, StorageError
from transforms.storage import durable
from transforms.storage.keys import check_key, check_new_key, key_of, name_of
from transforms.storage.protocol import LISTING, StoredObject

log = logging.getLogger(__name__)

LOCK_WAIT_S = 30.0
_ATTEMPTS = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_GONE = (FileNotFoundError, NotADirectoryError)
_ADVICE = {
    errno.ENOSPC: "the disk is full; free some space or choose another folder",
    errno.EDQUOT: "the disk quota is used up; free some space or choose another folder",
    errno.EFBIG: "the file is larger than this user or file system may write (ulimit -f)",
    errno.EACCES: "not permitted; check owner and mode of it and of the folders above it",
    errno.EPERM: "not permitted; check owner and mode of it and of the folders above it",
    errno.EROFS: "the file system is mounted read-only",
    errno.ENAMETOOLONG: "the name is too long for this file system",
    errno.EISDIR: "a folder stands where the key needs a file",
    errno.ENOTDIR: "a file stands where the key needs a folder",
    errno.EOPNOTSUPP: "this file system has no hard links; use another, or S3",
    errno.EMFILE: "too many open files; raise ulimit -n",
    errno.EBADF: "this file system has no locks on folders (NFS?); use a local disk or S3",
    errno.ETIMEDOUT: f"another process held the folder's lock for {LOCK_WAIT_S:g} s",
}


class FolderStorage:
    """Files below one folder; a key is a path relative to it.

    * A write is on the disk (fsync) before its name appears. A killed writer leaves nothing; on
      file systems without O_TMPFILE it may leave a hidden file.
    * The folder is made by the first write. Until then `listing` raises, since a source that is
      not there is a mistake, and all else finds nothing.
    * Hidden files are not listed. Nor are links and what is neither file nor folder; a warning
      in the log counts them. No key leads out of the folder through a link.
    * A file name that is not UTF-8 is listed under the key that `keys.key_of` gives.
    * `swap` and `delete` need flock on folders, which NFS lacks.
    """

    def __init__(self, folder: Path) -> None:
        self._root = folder.resolve()
        self._uri = self._root.as_uri().rstrip("/")

    @property
    def uri(self) -> str:
        """`file:///folder`."""
        return self._uri

    def listing(self, prefix: str = "") -> pa.Table:
        """Every file whose key begins with `prefix`. Raises where the folder does not exist."""
        if not self._root.is_dir():
            raise StorageError(f"{self._uri}: no such folder; make it, or check the spelling")
        above = prefix.rpartition("/")[0]
        cut = len(str(self._root).rstrip("/")) + 1
        keys: list[str] = []
        sizes: list[int] = []
        etags: list[str] = []
        modified: list[int] = []
        odd: list[str] = []
        with self._explaining(above):
            for path, found in _files(self._path(above), odd):
                key = key_of(path[cut:])
                if key.startswith(prefix):
                    keys.append(key)
                    sizes.append(found.st_size)
                    etags.append(durable.etag(found))
                    modified.append(found.st_mtime_ns // 1000)
        if odd:
            log.warning("%s: %d links or special files left out: %s", self._uri, len(odd), odd[0])
        times = pa.array(modified, pa.int64()).cast(pa.timestamp("us", tz="UTC"))
        return pa.table([keys, sizes, etags, times], schema=LISTING).sort_by("key")

    def folders(self, prefix: str) -> list[str]:
        """Names of the folders in the folder `prefix` that hold a file, at any depth."""
        above = prefix.rstrip("/") or prefix
        with (
            self._explaining(above),
            contextlib.suppress(*_GONE),
            os.scandir(self._path(above)) as entries,
        ):
            return sorted(
                key_of(entry.name)
                for entry in entries
                if entry.is_dir(follow_symlinks=False)
                and not entry.name.startswith(".")
                and any(_files(entry.path, []))
            )
        return []

    def stat(self, key: str) -> StoredObject:
        """Look at one file. Raises `NotFoundError`."""
        with self._explaining(key), self._opened(key) as handle:
            found = os.fstat(handle)
        return StoredObject(
            key=key,
            size_bytes=found.st_size,
            etag=durable.etag(found),
            modified=_EPOCH + timedelta(microseconds=found.st_mtime_ns // 1000),
        )

    def read(self, key: str) -> bytes:
        """Read one file. Raises `NotFoundError`."""
        with (
            self._explaining(key),
            self._opened(key) as handle,
            os.fdopen(handle, "rb", closefd=False) as file,
        ):
            return file.read()

    def create(self, key: str, data: bytes) -> bool:
        """Write a file that does not exist yet; True when this call made it."""
        parent, name = self._place(check_new_key(key, self._uri))
        with self._explaining(key):
            if (parent / name).is_dir():
                raise IsADirectoryError(errno.EISDIR, None)
            if os.path.lexists(parent / name):
                return False  # saves writing it all to learn this
            for attempt in range(_ATTEMPTS):
                try:
                    durable.make_folders(parent)
                    with durable.open_folder(parent) as folder:
                        durable.create(folder, name, data)
                        break
                except FileExistsError:
                    return False
                except FileNotFoundError:  # `delete` took the empty folder away meanwhile
                    if attempt == _ATTEMPTS - 1:
                        raise
            return True

    def swap(self, key: str, data: bytes, *, expected_etag: str | None) -> str:
        """Replace a file that is still the one with `expected_etag`. Raises `ConflictError`."""
        if expected_etag is None:
            if not self.create(key, data):
                raise ConflictError(f"{self._uri}/{key}: exists already")
            return self.stat(key).etag
        parent, name = self._place(check_new_key(key, self._uri))
        with self._explaining(key):
            try:
                with (
                    durable.open_folder(parent) as folder,
                    durable.lock_folder(folder, wait_s=LOCK_WAIT_S),
                ):
                    found = os.stat(name, dir_fd=folder, follow_symlinks=False)
                    if durable.etag(found) != expected_etag:
                        raise ConflictError(f"{self._uri}/{key}: was replaced meanwhile")
                    return durable.replace(folder, name, data, newer_than_ns=found.st_mtime_ns)
            except _GONE:
                raise ConflictError(f"{self._uri}/{key}: was deleted meanwhile") from None

    def delete(self, keys: Iterable[str]) -> None:
        """Remove files, and the folders that are empty after it."""
        for key in keys:
            parent, name = self._place(key)
            with (
                self._explaining(key),
                contextlib.suppress(*_GONE),
                durable.open_folder(parent) as folder,
                durable.lock_folder(folder, wait_s=LOCK_WAIT_S),
            ):
                for each in (name, durable.hidden_name(name)):
                    with contextlib.suppress(FileNotFoundError, IsADirectoryError):
                        os.unlink(each, dir_fd=folder)
            self._prune(parent)

    def _prune(self, folder: Path) -> None:
        with contextlib.suppress(OSError):  # not empty, or already gone
            while folder != self._root:
                folder.rmdir()
                folder = folder.parent

    def _path(self, key: str) -> Path:
        """Where a key lies. Raises when that is outside, also through a link."""
        path = self._root / name_of(check_key(key, self._uri)) if key else self._root
        if key and not path.parent.resolve().is_relative_to(self._root):
            raise StorageError(f"{self._uri}/{key}: a link leads out of the folder")
        return path

    def _place(self, key: str) -> tuple[Path, str]:
        path = self._path(check_key(key, self._uri))
        return path.parent, path.name

    @contextlib.contextmanager
    def _opened(self, key: str) -> Iterator[int]:
        """Descriptor of a file. Never waits, as a pipe would have it."""
        flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW
        try:
            handle = os.open(self._path(check_key(key, self._uri)), flags)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
                raise NotFoundError(f"{self._uri}/{key}: no such file") from None
            raise
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise NotFoundError(f"{self._uri}/{key}: not a file")
            yield handle
        finally:
            os.close(handle)

    @contextlib.contextmanager
    def _explaining(self, key: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            said = _ADVICE.get(error.errno or 0, error.strerror or str(error))
            where = f"{self._uri}/{key}" if key else self._uri
            raise StorageError(f"{where}: {said}") from error


def _files(folder: Path | str, odd: list[str]) -> Iterator[tuple[str, os.stat_result]]:
    """Path and state of every file at any depth; what is listed by nobody goes to `odd`."""
    waiting: list[Path | str] = [folder]
    while waiting:
        try:
            entries = os.scandir(waiting.pop())
        except _GONE:
            continue
        with entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    with contextlib.suppress(FileNotFoundError):
                        yield entry.path, entry.stat(follow_symlinks=False)
                else:
                    odd.append(entry.path)
