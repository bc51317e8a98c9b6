"""A shop for whole nights."""

import pytest

from tests.support.whole_nights import Shop
from transforms.presets.configuration import load_configuration


@pytest.fixture
def shop(tmp_path, small_config) -> Shop:
    configuration = load_configuration(small_config / "catalogues" / "samples.yaml", small_config)
    places = {name: {"uri": (tmp_path / name).as_uri()} for name in ("source", "work", "published")}
    catalogue = configuration.catalogue.model_validate(
        configuration.catalogue.model_dump() | places
    )
    shop = Shop(tmp_path, configuration.model_copy(update={"catalogue": catalogue}))
    shop.photograph("BALL", 0)
    shop.photograph("CUP", 1)
    shop.put("BROKEN/front.jpg", b"<html>not a picture</html>")
    return shop
