"""Each fault is caught by the metric that is there for it, and good pictures pass."""

import cv2
import numpy as np
import pytest

from transforms.images.codec import decode, encode
from transforms.manifest.facts import (
    FaceFacts,
    MatteFacts,
    Placement,
    PreparedFacts,
    TextFacts,
)
from transforms.presets.channel import Channel
from transforms.presets.gate import Gate
from transforms.presets.loading import config_folder, load
from transforms.presets.preset import Preset
from transforms.quality.metrics import (
    Placed,
    applying,
    background_metrics,
    framing_metrics,
    lock_metrics,
    matte_metrics,
    product_metrics,
    recognition_metrics,
)

SIDE = 600
BOX = (100, 60, 500, 540)
SHOP = Channel(name="shop", purpose="A channel of this test.", quality=92)


@pytest.fixture(scope="module")
def gate() -> Gate:
    return load(config_folder() / "gate.yaml", Gate)


@pytest.fixture(scope="module")
def placed() -> Placed:
    """A textured product with a label of stripes."""
    rng = np.random.default_rng(5)
    rough = cv2.resize(rng.uniform(60, 190, (24, 20, 3)).astype(np.float32), (400, 480))
    rough += cv2.GaussianBlur(rng.normal(0, 30, (480, 400, 1)).astype(np.float32), (0, 0), 1.2)[
        ..., None
    ]
    rough[200:300, 150:250] = np.where(np.arange(100) // 6 % 2, 40, 220)[None, :, None]
    product = np.clip(rough, 0, 255).astype(np.uint8)
    matte = np.full((480, 400), 255, np.uint8)
    return Placed(product, matte, BOX)


def canvas(product):
    pixels = np.full((SIDE, SIDE, 3), 255, np.uint8)
    pixels[BOX[1] : BOX[3], BOX[0] : BOX[2]] = product
    return pixels


def states(values, gate):
    return {name: gate.rules[name].state(value) for name, value in values.items()}


def turned_hue(product):
    hsv = cv2.cvtColor(product, cv2.COLOR_RGB2HSV).astype(int)
    hsv[..., 0] = (hsv[..., 0] + 6) % 180  # 12 degrees
    return cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB)


def smeared(product):
    result = product.copy()
    result[200:300, 150:250] = cv2.GaussianBlur(product[200:300, 150:250], (0, 0), 8)
    return result


def test_a_good_picture_passes_after_encoding(placed, gate):
    decoded = decode(encode(canvas(placed.product), SHOP))

    found = product_metrics(decoded, placed)
    found |= background_metrics(decoded, (255, 255, 255), boxes=[BOX])

    assert set(states(found, gate).values()) == {"PASS"}


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        pytest.param(lambda p: np.roll(p, 3, 1), "worst_tile_similarity", id="shifted 3 px"),
        pytest.param(turned_hue, "colour_difference", id="hue turned 12 degrees"),
        pytest.param(
            lambda p: cv2.GaussianBlur(p, (0, 0), 2), "worst_tile_similarity", id="blurred"
        ),
        pytest.param(smeared, "worst_tile_similarity", id="label smeared"),
        pytest.param(
            lambda p: np.clip(p * 1.2, 0, 255).astype(np.uint8), "colour_difference", id="lighter"
        ),
        pytest.param(lambda p: 0 * p, "colour_difference", id="black"),
    ],
)
def test_an_injected_fault_fails(placed, gate, fault, rule):
    decoded = decode(encode(canvas(fault(placed.product)), SHOP))

    assert states(product_metrics(decoded, placed), gate)[rule] == "FAIL"


def test_the_lock_finds_one_pixel_that_differs_by_one_level(placed):
    master = canvas(placed.product)
    assert lock_metrics(master, placed) == {"product_lock_differing_pixels": 0}

    master[300, 300, 1] ^= 1

    assert lock_metrics(master, placed) == {"product_lock_differing_pixels": 1}


def test_a_flat_product_goes_to_a_person(gate):
    flat = Placed(np.full((480, 400, 3), 90, np.uint8), np.full((480, 400), 255, np.uint8), BOX)

    found = states(product_metrics(canvas(flat.product), flat), gate)

    assert found["product_contrast"] == "REVIEW"


def test_background_that_is_not_exact_is_found(placed, gate):
    pixels = canvas(placed.product)
    pixels[20:40, 20:60] = 254
    assert states(background_metrics(pixels, (255, 255, 255), boxes=[BOX]), gate) == {
        "background_exact_share": "FAIL",
        "border_exact_share": "PASS",
    }

    pixels[0, 5] = 254

    found = background_metrics(pixels, (255, 255, 255), boxes=[BOX])
    assert states(found, gate)["border_exact_share"] == "FAIL"


def test_framing_that_is_not_the_brands_is_found(placed, gate):
    placement = Placement(scale=1.0, left=100, top=60, canvas_px=SIDE, product=BOX)
    right = states(framing_metrics(placed, placement, fill=0.8, baseline=0.9), gate)
    lower = Placed(placed.product, placed.matte, (100, 66, 500, 546))
    smaller = Placed(placed.product[:460], placed.matte[:460], (100, 80, 500, 540))

    assert set(right.values()) == {"PASS"}
    found = states(framing_metrics(lower, placement, fill=0.8, baseline=0.9), gate)
    assert found["baseline_deviation"] == "FAIL"
    assert (
        states(framing_metrics(smaller, placement, fill=0.8, baseline=0.9), gate)["fill_deviation"]
        == "FAIL"
    )


def test_a_product_of_one_pixel_is_measured():
    dot = Placed(np.full((1, 1, 3), 9, np.uint8), np.full((1, 1), 255, np.uint8), (5, 5, 6, 6))
    pixels = np.full((20, 20, 3), 255, np.uint8)
    pixels[5, 5] = 9

    found = product_metrics(pixels, dot)

    assert found["colour_difference"] == pytest.approx(0, abs=1e-3)
    assert found["worst_tile_similarity"] == pytest.approx(1)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"area_share": 0.01}, "matte_area_share"),
        ({"area_share": 0.95}, "matte_area_share"),
        ({"border_share": 0.02}, "matte_border_share"),
        ({"body_alpha": 0.9}, "matte_body_alpha"),
        ({"left_out": 0.4}, "matte_left_out"),
        ({"parts": 9}, "matte_parts"),
    ],
)
def test_a_doubtful_cut_out_goes_to_a_person(gate, change, rule):
    good = MatteFacts(
        origin="network", model="m", passes=2, joined=False, area_share=0.3, border_share=0,
        body_alpha=1, parts=1, left_out=0.05,
    )  # fmt: skip
    assert set(states(matte_metrics(good), gate).values()) == {"PASS"}

    doubtful = states(matte_metrics(good.model_copy(update=change)), gate)

    assert doubtful.pop(rule) == "REVIEW"
    assert set(doubtful.values()) == {"PASS"}


def test_every_metric_is_listed(placed):
    placement = Placement(scale=1.0, left=100, top=60, canvas_px=SIDE, product=BOX)
    facts = MatteFacts(
        origin="alpha", model="", passes=0, joined=False, area_share=0.3, border_share=0,
        body_alpha=1, parts=1,
    )  # fmt: skip
    pixels = canvas(placed.product)

    measured = (
        product_metrics(pixels, placed)
        | lock_metrics(pixels, placed)
        | background_metrics(pixels, (255, 255, 255), boxes=[BOX])
        | framing_metrics(placed, placement, fill=0.8, baseline=0.9)
        | matte_metrics(facts)
        | recognition_metrics(picture(), overlay_text="report")
    )

    standard = Preset(name="s", purpose="A look of this test.", brand="b")
    assert set(measured) == applying(standard)


def picture(*texts: TextFacts, faces: tuple[FaceFacts, ...] = ()) -> PreparedFacts:
    return PreparedFacts(
        source_sha256="", orientation=1, colour_profile="", width_px=100, height_px=100,
        crop=(0, 0, 100, 100), texts=texts, faces=faces, versions={},
        matte=MatteFacts(
            origin="network", model="m", passes=2, joined=False, area_share=0.3, border_share=0,
            body_alpha=1, parts=1,
        ),
    )  # fmt: skip


def text(overlay: str, *, on_product: float) -> TextFacts:
    return TextFacts(
        text="SALE", score=0.9, box=(0, 0, 9, 9), on_product=on_product, overlay=overlay
    )


LABEL = text("", on_product=1)
BESIDE, UPON = text("beside the product", on_product=0), text("promotional", on_product=0.6)


@pytest.mark.parametrize(
    ("texts", "overlay_text", "state"),
    [
        pytest.param([LABEL], "report", "PASS", id="a label is the product's own"),
        pytest.param([LABEL, BESIDE], "report", "REVIEW", id="beside the product"),
        pytest.param([BESIDE], "remove", "PASS", id="gone with the backdrop"),
        pytest.param([BESIDE, UPON], "remove", "REVIEW", id="on the product it stays"),
    ],
)
def test_overlays_send_a_picture_to_a_person(gate, texts, overlay_text, state):
    measured = recognition_metrics(picture(*texts), overlay_text=overlay_text)

    assert states(measured, gate)["overlay_texts"] == state


def test_a_face_sends_a_picture_to_a_person(gate):
    face = FaceFacts(box=(0, 0, 9, 9), score=0.9, on_product=1)
    measured = recognition_metrics(picture(faces=(face,)), overlay_text="report")

    assert states(measured, gate)["faces"] == "REVIEW"
