"""Files that appear whole or not at all, also after kill -9 and after a power cut."""

import contextlib
import errno
import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY
_UNNAMED = getattr(os, "O_TMPFILE", 0)  # Linux only
_DESCRIPTORS = Path("/proc/self/fd")
_NO_UNNAMED = {errno.EOPNOTSUPP, errno.EISDIR, errno.ENOENT, errno.EINVAL}


def etag(found: os.stat_result) -> str:
    """Differs between any two contents that a file had."""
    return f"{found.st_ino:x}-{found.st_mtime_ns:x}-{found.st_size:x}"


@contextlib.contextmanager
def open_folder(path: Path) -> Iterator[int]:
    """Descriptor of a folder. Raises `OSError`."""
    folder = os.open(path, _FOLDER)
    try:
        yield folder
    finally:
        os.close(folder)


def make_folders(path: Path) -> None:
    """Make a folder and those above it; each new name is on the disk when this returns."""
    try:
        path.mkdir()
    except FileExistsError:
        return
    except FileNotFoundError:
        make_folders(path.parent)
        with contextlib.suppress(FileExistsError):
            path.mkdir()
    with open_folder(path.parent) as above:
        os.fsync(above)


def create(folder: int, name: str, data: bytes) -> None:
    """Write a new file into an open folder.

    Raises:
        FileExistsError: The name is taken.
        FileNotFoundError: The folder itself was removed after it was opened.
    """
    try:
        with _write_unnamed(folder, name, data, newer_than_ns=0) as source:
            os.link(source, name, dst_dir_fd=folder, src_dir_fd=folder, follow_symlinks=True)
    except PermissionError:
        if os.fstat(folder).st_nlink == 0:  # what ext4 says of a folder that is going away
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)) from None
        raise
    os.fsync(folder)


def replace(folder: int, name: str, data: bytes, *, newer_than_ns: int) -> str:
    """Put new content in a file's place, with a later time of change, and give its etag.

    The caller holds the lock of the folder, so a hidden file found here is of a dead writer.
    """
    hidden = hidden_name(name)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(hidden, dir_fd=folder)
    with _write_unnamed(folder, name, data, newer_than_ns=newer_than_ns) as source:
        os.link(source, hidden, dst_dir_fd=folder, src_dir_fd=folder, follow_symlinks=True)
    found = os.stat(hidden, dir_fd=folder, follow_symlinks=False)
    os.replace(hidden, name, src_dir_fd=folder, dst_dir_fd=folder)
    os.fsync(folder)
    return etag(found)


def hidden_name(name: str) -> str:
    """Where the next content of a file waits; short, however long the name is."""
    return f".next-{hashlib.sha256(os.fsencode(name)).hexdigest()[:24]}"


@contextlib.contextmanager
def lock_folder(folder: int, *, wait_s: float) -> Iterator[None]:
    """Hold the lock of an open folder. The kernel lets go of it when its holder dies.

    Raises:
        TimeoutError: Somebody else held it for `wait_s` seconds.
    """
    until = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() > until:
                raise TimeoutError(errno.ETIMEDOUT, f"locked for {wait_s:g} s") from None
            time.sleep(0.005)
    try:
        yield
    finally:
        fcntl.flock(folder, fcntl.LOCK_UN)


@contextlib.contextmanager
def _write_unnamed(folder: int, name: str, data: bytes, *, newer_than_ns: int) -> Iterator[str]:
    """A path, to be linked, of a file that has no name yet and is whole on the disk.

    Its time of change is set: the kernel's clock ticks too slowly to tell two writes apart.
    """
    handle, path = _open_unnamed(folder)
    temporary = (
        "" if path else f".new-{os.getpid()}-{time.monotonic_ns()}-{hidden_name(name)[6:14]}"
    )
    if temporary:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666, dir_fd=folder)
    try:
        with os.fdopen(handle, "wb", buffering=0, closefd=True) as file:
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
            now_ns = max(time.time_ns(), newer_than_ns + 1)
            os.utime(handle, ns=(now_ns, now_ns))
            os.fsync(handle)
            yield path or temporary
    finally:
        if temporary:
            os.unlink(temporary, dir_fd=folder)


def _open_unnamed(folder: int) -> tuple[int, str]:
    """A file without a name and its path in /proc; `(-1, "")` where there is no such thing."""
    if _UNNAMED and _DESCRIPTORS.is_dir():
        try:
            handle = os.open(".", os.O_WRONLY | _UNNAMED, 0o666, dir_fd=folder)
        except OSError as error:
            if error.errno not in _NO_UNNAMED:
                raise
        else:
            return handle, str(_DESCRIPTORS / str(handle))
    return -1, ""
