"""A small catalogue in folders, for stages that work on records alone."""

import pytest

from transforms.presets.catalogue import Catalogue
from transforms.presets.configuration import configure
from transforms.presets.loading import config_folder
from transforms.runs.run import Places
from transforms.storage.folder import FolderStorage


@pytest.fixture
def places(tmp_path) -> Places:
    for name in ("source", "work", "published"):
        (tmp_path / name).mkdir()
    return Places(*(FolderStorage(tmp_path / name) for name in ("source", "work", "published")))


@pytest.fixture
def configuration(places):
    catalogue = Catalogue.model_validate(
        {
            "name": "shop",
            "source": {"uri": places.source.uri},
            "work": {"uri": places.work.uri},
            "published": {"uri": places.published.uri},
            "variants": {"standard": "standard"},
            "channels": ["shop"],
        }
    )
    return configure(catalogue, config_folder())
