"""onnxruntime sessions on checked weights; nothing is ever downloaded here."""

from functools import lru_cache
from typing import Any

from transforms.models.entries import model_entry
from transforms.models.weights import model_path


def session(name: str, *, threads: int = 1) -> Any:
    """An onnxruntime session on checked weights; one a process.

    Args:
        name: Model of `config/models.yaml`.
        threads: Of one picture. Workers run one a core, so more only get in each other's way.

    Raises:
        ConfigError: No such model.
        ModelError: Weights are missing, or are not the ones we know.
    """
    return load_session(name, model_entry(name).sha256, threads)


@lru_cache(maxsize=8)
def load_session(name: str, _sha256: str | None, threads: int) -> Any:
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
