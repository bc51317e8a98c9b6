"""Diffusion checkpoints: where their files lie, and proof that they are the right ones."""

import hashlib
import os
from pathlib import Path

from transforms.errors import ModelError
from transforms.presets.checkpoint import Checkpoint, Companion

ONLINE = "PACKSHOT_ONLINE"
"""Environment variable: set to 1, what is missing may be fetched from the hub."""

_WEIGHTS = ".safetensors"
_DECIDES = (_WEIGHTS, ".json", ".txt", ".model")
_NCNN = (".param", ".bin")
"""Numbers and a list of layers: neither is run."""
_UNSAFE = (".bin", ".ckpt", ".pt", ".pth", ".pickle", ".pkl")
"""Formats that run code when they are read."""
_BLOCK = 1 << 20
_SHOWN = 3


def folder_sha256(folder: Path, suffixes: tuple[str, ...] = _DECIDES) -> str:
    """Hash of all that decides what a folder's model makes: weights, settings, vocabularies.

    Of the lines `<sha256>  <path>` of those files, sorted. What lies beside them does not count: a
    card, a licence, samples, what a file manager leaves.
    """
    lines = []
    for path in sorted(folder.rglob("*")):
        if path.suffix not in suffixes or not path.is_file():
            continue
        digest = hashlib.sha256()
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
        lines.append(f"{digest.hexdigest()}  {path.relative_to(folder).as_posix()}\n")
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def missing_reason(entry: Checkpoint | Companion) -> str:
    """Why weights are not at hand, in one sentence; empty: they are. Quick: hashes nothing."""
    if entry.folder is not None:
        folder = Path(entry.folder)
        if not folder.is_dir():
            return f"{folder} is not there"
        if entry.sha256:
            return ""
        enlarger = isinstance(entry, Companion) and entry.kind == "enlarger"
        found = folder_sha256(folder, _NCNN if enlarger else _DECIDES)
        return f"give `sha256` of {folder}: {found}"
    if entry.revision is None:
        return f"{entry.hub}: give `revision`, the commit that you looked at"
    return "" if _cached_folder(entry) else f"{entry.hub} is not in the hub's cache"


def locate(entry: Checkpoint | Companion, name: str) -> Path:
    """The folder of a checkpoint whose files are known to be the right ones.

    Args:
        entry: Of `config/models.yaml`.
        name: For messages.

    Raises:
        ModelError: It is missing, its hash is another, or it holds files that run code.
    """
    reason = missing_reason(entry)
    if reason and entry.folder is None and entry.revision and os.environ.get(ONLINE) == "1":
        fetch(entry)
        reason = missing_reason(entry)
    if reason:
        raise ModelError(f"checkpoint {name}: {reason}; `packshot models fetch {name}` tells how")
    folder = Path(entry.folder) if entry.folder else _cached_folder(entry)
    if folder is None:
        raise ModelError(f"checkpoint {name}: {entry.hub} is not in the hub's cache")
    if isinstance(entry, Companion) and entry.kind == "enlarger":
        return _prove(folder, entry, name, _NCNN)
    unsafe = [
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*"))
        if path.suffix in _UNSAFE and not any(path.parent.glob(f"*{_WEIGHTS}"))
    ]
    if unsafe:
        raise ModelError(
            f"checkpoint {name}: {folder} has {', '.join(unsafe[:_SHOWN])} and no safetensors "
            "beside it: such files run code when they are read; bring it as safetensors"
        )
    if not any(folder.rglob(f"*{_WEIGHTS}")):
        raise ModelError(f"checkpoint {name}: {folder} holds no safetensors")
    return _prove(folder, entry, name, _DECIDES)


def _prove(
    folder: Path, entry: Checkpoint | Companion, name: str, suffixes: tuple[str, ...]
) -> Path:
    """The folder, if its files are those of the entry; the hub proves its own by their commit."""
    if entry.folder is not None and folder_sha256(folder, suffixes) != entry.sha256:
        raise ModelError(
            f"checkpoint {name}: {folder}: its weights are not those of `sha256` in models.yaml"
        )
    return folder


def fetch(entry: Checkpoint | Companion) -> Path:
    """Bring a checkpoint of the hub into its cache: safetensors and settings only.

    Raises:
        ModelError: The hub does not answer, or has no such revision.
    """
    from huggingface_hub import snapshot_download  # noqa: PLC0415
    from huggingface_hub.errors import HfHubHTTPError  # noqa: PLC0415

    if entry.hub is None or entry.revision is None:
        raise ModelError(f"{missing_reason(entry) or 'it is here already'}, in config/models.yaml")
    weights = f"*{_WEIGHTS}"
    if isinstance(entry, Checkpoint):
        # What lies at the top is the whole checkpoint once more, in another format.
        weights = f"*/*.{entry.variant}*{_WEIGHTS}" if entry.variant else f"*/*{_WEIGHTS}"
    wanted = [*(f"*{each}" for each in _DECIDES if each != _WEIGHTS), weights]
    try:
        found = snapshot_download(entry.hub, revision=entry.revision, allow_patterns=wanted)
    except (HfHubHTTPError, OSError) as error:
        raise ModelError(f"{entry.hub}@{entry.revision}: cannot be fetched: {error}") from error
    return Path(found)


def _cached_folder(entry: Checkpoint | Companion) -> Path | None:
    """Where the hub's cache holds it, whole enough to be tried."""
    from huggingface_hub import snapshot_download  # noqa: PLC0415
    from huggingface_hub.errors import LocalEntryNotFoundError  # noqa: PLC0415

    try:
        found = snapshot_download(str(entry.hub), revision=entry.revision, local_files_only=True)
    except (LocalEntryNotFoundError, OSError):
        return None
    return Path(found)
