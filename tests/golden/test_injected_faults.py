"""Every known kind of damage is caught on real products, and undamaged ones pass.

`packshot bench golden` does the same with all products at full size, and prints a table.
"""

import pytest

from benchmarks.damages import DAMAGES
from benchmarks.golden import bench_golden, prepared_products
from transforms.presets.channel import Channel
from transforms.presets.gate import Gate
from transforms.presets.loading import config_folder, load, load_named
from transforms.presets.look import load_look

SAMPLES = config_folder().parent / "samples" / "source"
PRODUCTS = ("MUG-COBALT", "TEA-JASMINE", "SOAP-AMBER")
CANVAS = 1000


@pytest.fixture(scope="module")
def found():
    """Three products (one with a handle, two with labels) in every damage, on a small canvas."""
    config = config_folder()
    look = load_look("standard", "standard", config)
    brand = look.brand.model_copy(update={"canvas_px": CANVAS})
    files = {sku: (SAMPLES / sku / "front.jpg").read_bytes() for sku in PRODUCTS}
    return bench_golden(
        prepared_products(files, len(files)),
        [look.model_copy(update={"brand": brand})],
        load(config / "gate.yaml", Gate),
        load_named(config / "channels", "shop", Channel),
    )


def test_undamaged_pictures_pass(found):
    assert found["undamaged"] == {"pictures": 3, "false_alarms": 0, "rules": {}}


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damage_is_caught(found, kind):
    told = found["kinds"][kind]

    assert told["pictures"] > 0
    assert told["missed"] == []
    assert told["recall"] == told["precision"] == 1


def test_what_a_product_cannot_have_is_not_counted(found):
    assert found["kinds"]["opening filled"]["pictures"] == 1  # of the mug's handle
    assert found["kinds"]["one letter changed"]["pictures"] == 2
    assert found["damaged"] == sum(each["pictures"] for each in found["kinds"].values())
    assert found["good_enough"]
