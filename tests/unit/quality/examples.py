"""A product on its canvas, and how pictures of it are encoded."""

import cv2
import numpy as np

from transforms.images.codec import decode, encode_as
from transforms.presets.brand import Brand
from transforms.presets.channel import Channel
from transforms.presets.look import Look
from transforms.presets.preset import Preset, Shadow
from transforms.quality.placed import Placed
from transforms.quality.surround import PlainBackdrop, make_plain_backdrop
from transforms.records.facts import MatteFacts, PreparedFacts, TextFacts

SIDE = 600
BOX = (100, 60, 500, 540)
SHOP = Channel(name="shop", purpose="A channel of this test.", quality=92)
WHITE = Look(
    variant="v",
    preset=Preset(name="p", purpose="A look of this test.", brand="b", shadow=Shadow(kind="none")),
    brand=Brand(name="b", canvas_px=SIDE),
)

MATTE = MatteFacts(
    origin="network", model="m", passes=2, joined=False, area_share=0.3, border_share=0,
    body_alpha=1, parts=1, left_out=0.05,
)  # fmt: skip


def textured() -> Placed:
    """A textured product that fills its box, with a label of stripes."""
    rng = np.random.default_rng(5)
    rough = cv2.resize(rng.uniform(60, 190, (24, 20, 3)).astype(np.float32), (400, 480))
    grain = cv2.GaussianBlur(rng.normal(0, 30, (480, 400, 1)).astype(np.float32), (0, 0), 1.2)
    rough += grain[..., None]
    rough[200:300, 150:250] = np.where(np.arange(100) // 6 % 2, 40, 220)[None, :, None]
    product = np.clip(rough, 0, 255).astype(np.uint8)
    return Placed(product, np.full((480, 400), 255, np.uint8), BOX)


def ring(*, side: int = SIDE, colour: tuple[int, int, int] = (60, 90, 160)) -> Placed:
    """A flat ring with an opening in its middle."""
    matte = np.zeros((400, 400), np.uint8)
    cv2.circle(matte, (200, 200), 180, 255, -1)
    cv2.circle(matte, (200, 200), 90, 0, -1)
    product = np.full((400, 400, 3), colour, np.uint8)
    left = (side - 400) // 2
    return Placed(product, matte, (left, left, left + 400, left + 400))


def canvas(placed: Placed, *, side: int = SIDE, backdrop=(255, 255, 255)) -> np.ndarray:
    """The product laid on one colour."""
    pixels = np.full((side, side, 3), backdrop, np.uint8)
    left, top, right, bottom = placed.box
    solid = placed.matte[..., None] >= 128
    part = pixels[top:bottom, left:right]
    part[...] = np.where(solid, placed.product, part)
    return pixels


def through_jpeg(pixels: np.ndarray) -> np.ndarray:
    """Encoded as for the shop, and decoded."""
    return decode(encode_as(pixels, "jpeg", SHOP.quality_of("jpeg")))


def facts(*texts: TextFacts, **changes: object) -> PreparedFacts:
    """Of a prepared image with these texts."""
    known = {
        "source_sha256": "", "orientation": 1, "colour_profile": "", "width_px": 100,
        "height_px": 100, "crop": (0, 0, 100, 100), "texts": texts, "versions": {}, "matte": MATTE,
    }  # fmt: skip
    return PreparedFacts(**known | changes)


def text(overlay: str, *, on_product: float, said: str = "SALE") -> TextFacts:
    """A line of text."""
    return TextFacts(
        text=said, score=0.99, box=(0, 0, 9, 9), on_product=on_product, overlay=overlay
    )


def expected(placed: Placed) -> PlainBackdrop:
    """The plain white backdrop."""
    return make_plain_backdrop(placed, WHITE, size=(SIDE, SIDE))


def wall() -> np.ndarray:
    """A soft gradient with grain, as a wall out of focus."""
    rows = np.linspace(120, 190, SIDE)[:, None, None] + np.zeros((SIDE, SIDE, 3))
    grain = np.random.default_rng(2).normal(0, 2, rows.shape)
    return np.clip(rows + grain + (14, 4, -10), 0, 255).astype(np.uint8)
