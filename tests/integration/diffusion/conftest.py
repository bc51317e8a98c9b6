"""One tiny checkpoint of each family for a session."""

import pytest
import torch

from tests.integration.diffusion.tiny_families import tiny_checkpoint


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
