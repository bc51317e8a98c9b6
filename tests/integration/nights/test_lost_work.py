"""What is published as it would be made now is not made again, whatever else was forgotten."""

import io

import numpy as np
from PIL import Image

from tests.support.product_pictures import COLOURS, vase
from tests.support.whole_nights import SIDE
from transforms.presets.scope import Scope
from transforms.publishing.version import read_pointer


def test_a_night_after_the_work_storage_was_lost_makes_nothing_and_publishes_nothing(shop):
    _, states = shop.night()
    assert states == {"published": 2, "quarantined": 1}
    pointer, files = read_pointer(shop.places.published), shop.places.published.listing()
    shop.lose_work()

    summary, states = shop.night()

    assert states == {"unchanged": 2, "quarantined": 1}
    assert summary.ending == "unchanged"
    assert shop.made() == 0
    assert read_pointer(shop.places.published) == pointer
    assert shop.places.published.listing().equals(files)
    _, states = shop.night()
    assert states == {"unchanged": 2, "quarantined": 1}, "and the night after it compares with it"
    shop.photograph("TWIN", 0)
    summary, states = shop.night()
    assert shop.outcomes(summary)["TWIN"].reason == "duplicate_picture", "hashes are known again"


def test_a_photograph_uploaded_again_with_the_same_bytes_is_unchanged(shop):
    shop.night()
    pointer, before = read_pointer(shop.places.published), shop.made()
    shop.photograph("CUP", 1)
    shop.photograph("POT", 2)

    summary, states = shop.night()

    assert summary.changes["changed"] == 1
    assert states == {"published": 1, "unchanged": 2, "quarantined": 1}
    assert shop.outcomes(summary)["CUP"].state == "unchanged"
    assert shop.outcomes(summary)["CUP"].prepared
    assert shop.made() < 2 * before
    assert read_pointer(shop.places.published) != pointer


def test_a_mask_another_look_and_what_is_not_published_are_made_all_the_same(shop):
    shop.night()
    shop.lose_work()
    picture = vase(COLOURS[1], side=SIDE, lean=1)
    shop.put("CUP/front.mask.png", mask_of(picture))
    other = shop.configuration.looks[0].brand.model_copy(update={"background": (240, 240, 240)})
    look = shop.configuration.looks[0].model_copy(update={"brand": other})

    summary, _ = shop.night()

    states = {sku: row.state for sku, row in shop.outcomes(summary).items()}
    assert states["BALL"] == "unchanged"
    assert states["CUP"] != "unchanged"
    shop.lose_work()
    summary, states = shop.night(
        configuration=shop.configuration.model_copy(update={"looks": (look,)})
    )
    assert states["unchanged"] == 0
    assert shop.made() > 0


def test_a_run_that_is_to_leave_what_is_done_takes_any_recipe_for_done(shop):
    shop.night()
    shop.lose_work()
    other = shop.configuration.looks[0].brand.model_copy(update={"background": (240, 240, 240)})
    look = shop.configuration.looks[0].model_copy(update={"brand": other})
    restyled = shop.configuration.model_copy(update={"looks": (look,)})

    _, states = shop.night(configuration=restyled, scope=Scope(redo=False))

    assert states == {"unchanged": 2, "quarantined": 1}


def mask_of(picture) -> bytes:
    inside = np.zeros(picture.size[::-1], np.uint8)
    inside[SIDE // 5 : -SIDE // 5, SIDE // 4 : -SIDE // 4] = 255
    out = io.BytesIO()
    Image.fromarray(inside).save(out, "PNG")
    return out.getvalue()
