"""A shard that fails takes its own pictures with it, and no others; the next night takes them."""

import re

import pytest

from transforms.errors import ConfigError


@pytest.fixture
def shards_of_one(shop):
    """Three pictures, a shard each."""
    shop.photograph("DISH", 2)
    catalogue = shop.configuration.catalogue.model_copy(update={"shard_size": 1})
    shop.configuration = shop.configuration.model_copy(update={"catalogue": catalogue})
    return shop


@pytest.mark.parametrize("workers", [1, 2])
def test_a_shard_that_fails_ends_neither_the_others_nor_the_night(shards_of_one, workers, caplog):
    shop = shards_of_one
    shop.places.work.create("runs/night-1/inventory/0002.parquet", b"not a manifest")

    _, states = shop.night(run_id="night-1", workers=workers)

    assert states == {"published": 2, "quarantined": 1, "failed": 1}
    (told,) = [record for record in caplog.records if record.name == "transforms.runner"]
    assert {"measure", "2", "night-1"} <= set(re.findall(r"[\w-]+", told.getMessage()))
    assert "0002.parquet" in str(told.exc_info[1])
    _, states = shop.night()
    assert states == {"published": 1, "unchanged": 2, "quarantined": 1}


def test_what_a_person_has_to_mend_stops_the_night_before_more_is_begun(shards_of_one):
    shop = shards_of_one
    models = {
        "preparation": shop.configuration.catalogue.preparation.model_copy(
            update={"cutout": "no-such-network"}
        )
    }
    catalogue = shop.configuration.catalogue.model_copy(update=models)
    configuration = shop.configuration.model_copy(update={"catalogue": catalogue})

    with pytest.raises(ConfigError, match="no model 'no-such-network'"):
        shop.night(configuration=configuration, run_id="night-1")

    assert shop.made() == 0
    assert len(shop.places.work.listing("runs/night-1/prepared/")) == 0
