"""One tiny checkpoint of each family for a session."""

from pathlib import Path

import pytest
import torch

from tests.integration.diffusion.tiny_families import tiny_checkpoint

_OF_DIFFUSERS = (
    "ignore:__array__ implementation doesn't:DeprecationWarning",
    "ignore:`torch.jit.script` is deprecated:DeprecationWarning",
)


def pytest_collection_modifyitems(items):
    """What diffusers warns of itself is no fault of what is tested here."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            for words in _OF_DIFFUSERS:
                item.add_marker(pytest.mark.filterwarnings(words))


@pytest.fixture(scope="session")
def checkpoint_of(tmp_path_factory):
    """From a family's name to its checkpoint, which is built when it is first wanted."""
    built = {}

    def find(family):
        if family not in built:
            built[family] = tiny_checkpoint(family, tmp_path_factory.mktemp(family) / "checkpoint")
        return built[family]

    return find


@pytest.fixture(scope="package", autouse=True)
def _one_thread():
    """Tiny models lose more by waiting for a second one than they gain."""
    usual = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(usual)
