"""Which keys are allowed, and how a file's name that is not text becomes a key."""

from transforms.errors import StorageError

# A file's name is bytes. Each byte that is not UTF-8 (old archives hold Latin-1) becomes one
# character of this private range, and so does each byte of a character truly from that range.
# Both ways are exact: every file has a key, no two files share one, and a key is valid text.
_PRIVATE = 0xEF80
_SURROGATE = 0xDC80
_TO_NAME = {_PRIVATE + i: _SURROGATE + i for i in range(128)}
_TO_KEY = {_SURROGATE + i: chr(_PRIVATE + i) for i in range(128)} | {
    _PRIVATE + i: "".join(chr(_PRIVATE + byte - 128) for byte in chr(_PRIVATE + i).encode())
    for i in range(128)
}


def key_of(name: str) -> str:
    """The key of a file's name or path, given as `os.fsdecode` does."""
    return name if name.isascii() else name.translate(_TO_KEY)


def name_of(key: str) -> str:
    """A file's name or path, for functions of `os`, from its key."""
    return key if key.isascii() else key.translate(_TO_NAME)


def check_key(key: str, uri: str) -> str:
    """Give back a key that stays inside its storage.

    Raises:
        StorageError: It is empty, absolute, has a part `.` or `..`, holds a NUL or is not text.
    """
    parts = key.split("/")
    if not parts[0] or "." in parts or ".." in parts or "\0" in key or not _is_text(key):
        raise StorageError(
            f"{uri}: key {key!r} is refused: it must be relative text without the parts . and .."
        )
    return key


def check_new_key(key: str, uri: str) -> str:
    """Give back a key that every storage can write and list again.

    Raises:
        StorageError: As `check_key`, or it has an empty part, a part that begins with a dot
            (hidden files are not listed), a control character, or a backslash (some S3 servers
            take it for `/`).
    """
    check_key(key, uri)
    if any(not part or part.startswith(".") for part in key.split("/")):
        raise StorageError(
            f"{uri}: key {key!r} is refused: no part may be empty or begin with a dot"
        )
    if any(character < " " or character in "\x7f\\" for character in key):
        raise StorageError(
            f"{uri}: key {key!r} is refused: it holds a control character or a backslash"
        )
    return key


def _is_text(key: str) -> bool:
    try:
        key.encode()
    except UnicodeEncodeError:
        return False
    return True
