"""A corner of a table seen from above, where the things lie that dress it."""

from dataclasses import dataclass

from transforms.scenes.light import Light3
from transforms.scenes.setting import Setting
from transforms.scenes.sprite import Sprite, lay


@dataclass(frozen=True, slots=True)
class Corner:
    """One corner of a picture, and which way shadows fall in it."""

    image: Light3
    setting: Setting
    left: bool
    low: bool
    lit_from_left: bool

    def put(
        self, piece: Sprite, *, x: float, y: float, size: float, angle: float, high: float
    ) -> None:
        """Lay one thing down, in place.

        Args:
            piece: What is laid.
            x: Of its middle, from the corner's side, in shares of the height.
            y: Of its middle, from the corner's top or bottom edge, in shares of the height.
            size: Its height, in shares of the picture's.
            angle: In degrees.
            high: How far it rises above the table: 1 is a board. Higher ones cast longer shadows
                and are a little out of focus.
        """
        aspect = self.setting.width / self.setting.height
        away = 0.021 if self.lit_from_left else -0.021
        lay(
            self.image,
            piece,
            x=x / aspect if self.left else 1 - x / aspect,
            y=1 - y if self.low else y,
            size=size,
            angle=angle,
            flip=self.lit_from_left,
            shadow=0.55,
            shadow_offset=(away * high, 0.012 * high),
            shadow_blur=0.009 * high,
            blur=0.0008 * high,
        )
