"""A small catalogue in folders, for stages that work on records alone."""

import shutil
import tempfile
from pathlib import Path

import pytest

from transforms.presets.catalogue import Catalogue
from transforms.presets.configuration import configure
from transforms.presets.loading import config_folder
from transforms.runs.run import Places
from transforms.storage.folder import FolderStorage

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of each test's own is made in it
"""Files in memory, where the machine has them: a folder on a disk waits for it at every write, and
hundreds of small nights wait for minutes. What survives a power cut is tested with the storages."""


@pytest.fixture
def places():
    folder = Path(tempfile.mkdtemp(prefix="packshot-", dir=MEMORY if MEMORY.is_dir() else None))
    for name in ("source", "work", "published"):
        (folder / name).mkdir()
    yield Places(*(FolderStorage(folder / name) for name in ("source", "work", "published")))
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def configured():
    """The configuration that makes a variant, read once: its places are nowhere.

    Without suites for what nights make: these have no pixels, and each suite costs a night more
    time than all that is tested on it.
    """
    catalogue = Catalogue.model_validate(
        {
            "name": "shop",
            **{
                place: {"uri": f"file:///nowhere/{place}"}
                for place in ("source", "work", "published")
            },
            "variants": {"standard": "standard"},
            "channels": ["shop"],
        }
    )
    return {
        variant: configure(catalogue, config_folder(), variants=(variant,)).model_copy(
            update={"outputs": ()}
        )
        for variant in ("standard", "winter")
    }


def _at(places, configuration):
    uris = {
        name: getattr(configuration.catalogue, name).model_copy(
            update={"uri": getattr(places, name).uri}
        )
        for name in ("source", "work", "published")
    }
    catalogue = configuration.catalogue.model_copy(update=uris)
    return configuration.model_copy(update={"catalogue": catalogue})


@pytest.fixture
def configuration(places, configured):
    return _at(places, configured["standard"])


@pytest.fixture
def winter(places, configured):
    """The same catalogue in its season."""
    return _at(places, configured["winter"])
