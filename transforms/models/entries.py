"""Entries of `config/models.yaml`: while a run is worked on, those that its plan began with."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from transforms.presets.loading import config_folder
from transforms.presets.model import Model, Task, load_model

_planned: dict[str, Model] = {}


@contextmanager
def use_entries(models: Mapping[str, Model]) -> Iterator[None]:
    """Within it, these entries count, and the file is not read for them.

    A night that has begun ends with the networks that it began with, whatever becomes of the file.

    Args:
        models: By name; see `Configuration.models`. Holds for all threads of this process.
    """
    before = dict(_planned)
    _planned.update(models)
    try:
        yield
    finally:
        _planned.clear()
        _planned.update(before)


def model_entry(name: str, *, task: Task | None = None) -> Model:
    """A network's entry.

    Args:
        name: Of the entry.
        task: What the model must be for; None: anything.

    Raises:
        ConfigError: There is none for that task, or the file is wrong.
    """
    planned = _planned.get(name)
    if planned is not None and task in (None, planned.task):
        return planned
    config = config_folder()
    file = config / "models.yaml"
    changed = file.stat().st_mtime_ns if file.is_file() else 0
    return _read(name, config, task, changed)


@lru_cache(maxsize=32)  # reading YAML takes 7 ms, and a network is asked for each picture
def _read(name: str, config: Path, task: Task | None, _changed: int) -> Model:
    return load_model(name, config, task=task)
