"""A picture without fault, and what is needed to damage it."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from transforms.pixels import Mask, Pixels
from transforms.quality.label import read_label, reduce_for_reading
from transforms.quality.placed import Placed, bounds
from transforms.recognition.text import Corners

_CANVAS = 2000


@dataclass(frozen=True, slots=True)
class Good:
    """A picture without fault."""

    pixels: Pixels
    """(side, side, 3), sRGB. Not to be modified."""
    placed: Placed
    letters: tuple[tuple[Corners, str], ...]
    """Lines of the label that were surely read: where on the canvas, and what they say."""
    other: Pixels
    """As `pixels`, of another product."""
    background: tuple[int, int, int] | None
    """The brand's plain colour; None: a scene."""
    old_backdrop: tuple[int, int, int]
    """What was behind the product on the photograph."""

    @property
    def unit(self) -> float:
        """Pixels of this canvas for each of a canvas of 2000."""
        return int(self.pixels.shape[0]) / _CANVAS

    def cover(self) -> npt.NDArray[np.float32]:
        """(side, side, 1): how much of each pixel is product, 0 to 1."""
        return np.asarray(self._matte()[..., None] / 255, np.float32)

    def inside(self) -> Mask:
        """(side, side): what is more product than not."""
        return np.asarray(self._matte() >= 128, np.bool_)  # noqa: PLR2004 - half

    def _matte(self) -> Pixels:
        whole = np.zeros(self.pixels.shape[:2], np.uint8)
        left, top, right, bottom = self.placed.box
        whole[top:bottom, left:right] = self.placed.matte
        return whole

    def behind(self) -> Pixels:
        """The picture with the product taken out: what is beside it goes on behind it."""
        if self.background is not None:
            return np.where(self.cover() > 0, np.array(self.background, np.uint8), self.pixels)
        small = cv2.resize(self.pixels, (256, 256), interpolation=cv2.INTER_AREA)
        mask = cv2.dilate(
            cv2.resize(self._matte(), (256, 256), interpolation=cv2.INTER_AREA), np.ones((7, 7))
        )
        filled = cv2.inpaint(small, (mask > 0).view(np.uint8), 5, cv2.INPAINT_TELEA)
        size = self.pixels.shape[1::-1]
        whole = np.asarray(cv2.resize(filled, size, interpolation=cv2.INTER_CUBIC), np.uint8)
        return np.where(self.cover() > 0, whole, self.pixels)

    def with_product(self, product: npt.NDArray[Any]) -> Pixels:
        """The picture with other pixels where the product is."""
        cover = self.cover()
        mixed = product * cover + self.pixels * (1 - cover)
        return levels(mixed)


def find_label(placed: Placed) -> tuple[tuple[Corners, str], ...]:
    """Lines of a product's label that are surely read: corners on the canvas, letters of each."""
    wanted = reduce_for_reading(placed.product)
    grown = placed.product.shape[1] / wanted.shape[1]
    origin = np.array(placed.box[:2], np.float32)
    return tuple(
        (np.asarray(corners * grown + origin, np.float32), text)
        for corners, text in read_label(wanted, placed)
    )


def levels(values: npt.NDArray[Any]) -> Pixels:
    """Rounded, and kept within what a picture can show."""
    return np.asarray(np.rint(np.clip(values, 0, 255)), np.uint8)


def moved(good: Good, scale: float, right: float) -> Pixels:
    """The product laid on again at another size or place; what is behind it stays."""
    left, _, edge, bottom = bounds(good.inside())
    middle = (left + edge) / 2
    place = np.array(
        [[scale, 0, middle - scale * middle + right], [0, scale, bottom - scale * bottom]]
    )
    size = good.pixels.shape[1::-1]
    product, cover = (
        np.asarray(cv2.warpAffine(each, place, size, flags=cv2.INTER_CUBIC))
        for each in (good.pixels, good.cover()[..., 0])
    )
    share = np.clip(cover, 0, 1)[..., None]
    return levels(product * share + good.behind() * (1 - share))
