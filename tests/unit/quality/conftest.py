"""The project's own limits."""

import pytest

from transforms.presets.gate import Gate
from transforms.presets.loading import config_folder, load


@pytest.fixture(scope="session")
def gate() -> Gate:
    return load(config_folder() / "gate.yaml", Gate)


@pytest.fixture(scope="session")
def states(gate):
    """What the project's limits say to values."""
    return lambda values: {name: gate.rules[name].state(value) for name, value in values.items()}
