"""The plane that a product stands on, in perspective.

Coordinates on the ground are `across` and `away`, both 0 where the product stands. Their unit is
what covers the picture's height there. `depth` is the distance from the camera, 1 at the product.
Verticals stay vertical, as with a view camera, so a row of the picture is one depth.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from transforms.scenes.lens import confusion, defocus_by
from transforms.scenes.light import Light3, Plane, Values, shares
from transforms.scenes.scene import View

FOCAL = 2.2
"""Distance of the camera, in picture heights at the product: a portrait lens, which is what
products are photographed with."""

STAND: dict[View, float] = {"level": 0.86, "raised": 0.80, "overhead": 0.5}
"""Where a product's lowest pixel belongs, in shares of the height."""

_STEEPNESS: dict[View, float] = {
    "level": math.sin(math.radians(8)),
    "raised": math.sin(math.radians(30)),
    "overhead": 1.0,
}
"""Height of a circle on the ground against its width, at the product."""

HORIZON: dict[View, tuple[float, float]] = {
    "level": (0.60, 0.68),
    "raised": (0.27, 0.34),
    "overhead": (0.0, 0.0),
}
"""Between these the far edge of a ground lies."""

_CLOSEST = 1e-3
"""Rows nearer than this to the vanishing line show ground infinitely far away."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The ground of one picture. Its maps cover the rows from `top` to the picture's bottom."""

    height: int
    width: int
    view: View
    horizon: float
    """Share of the height at which the ground ends."""
    stand: float
    top: int
    """First row of ground, in pixels."""
    depth: Values
    """(rows,), from far to near."""
    away: Values
    """(rows, 1): how far behind the product; negative in front of it."""
    across: Plane
    """(rows, width): how far right of the product's middle."""

    @property
    def footprint(self) -> tuple[Values, Values]:
        """Size of a pixel on the ground, (rows,) each: across and away."""
        pixel = self.depth / np.float32(self.height)
        if self.view == "overhead":
            return pixel, pixel
        return pixel, pixel * self.depth / np.float32(_STEEPNESS[self.view])

    def radius(self, aperture: float) -> Values:
        """Radius of the discs of each row, (rows,), in pixels; `aperture`: see `confusion`."""
        return confusion(self.depth, aperture * self.height)

    def laid(
        self,
        texture: Values,
        *,
        span: float | tuple[float, float] = 1.0,
        turn: float = 0.0,
        shift: tuple[float, float] = (0.0, 0.0),
    ) -> Values:
        """`texture` spread over the ground again and again: (rows, width, channels).

        Args:
            texture: (n, m) or (n, m, channels), its rows along `away`; it should be `tiled`.
            span: Length of the texture's height on the ground; or of its width and its height,
                where its pixels are not square.
            turn: Turns the texture, in degrees.
            shift: Moves it, in units of the ground.

        Distant ground takes reductions of the texture, so that it does not flicker. Reductions go
        further along `away`, because the ground is seen at a slant.
        """
        if isinstance(span, tuple):
            dense_x, dense_y = texture.shape[1] / span[0], texture.shape[0] / span[1]
        else:
            dense_x = dense_y = texture.shape[0] / span
        cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        wide, deep = self.footprint
        along_x = np.maximum(abs(cosine) * wide, abs(sine) * deep) * np.float32(dense_x)
        along_y = np.maximum(abs(sine) * wide, abs(cosine) * deep) * np.float32(dense_y)
        level = np.log2(np.maximum(np.maximum(along_x, along_y), 1))
        result: Values | None = None
        for step in range(int(level.max()) + 2):
            share = np.clip(1 - np.abs(level - step), 0, 1).astype(np.float32)
            rows = np.flatnonzero(share > 0)
            if not rows.size:
                continue
            band = slice(int(rows[0]), int(rows[-1]) + 1)
            middle = int(rows[np.argmax(share[rows])])
            part = _reduce(texture, float(along_x[middle]), float(along_y[middle]))
            fit_x = dense_x * part.shape[1] / texture.shape[1]
            fit_y = dense_y * part.shape[0] / texture.shape[0]
            u = self.across[band] + np.float32(shift[0])
            v = self.away[band] + np.float32(shift[1])
            x = (u * np.float32(cosine) - v * np.float32(sine)) * np.float32(fit_x) - 0.5
            y = -(u * np.float32(sine) + v * np.float32(cosine)) * np.float32(fit_y) - 0.5
            x, y = np.mod(x, part.shape[1]), np.mod(y, part.shape[0])
            seen = cv2.remap(
                np.pad(part, ((0, 2), (0, 2), (0, 0))[: part.ndim], mode="wrap"),
                x.astype(np.float32),
                y.astype(np.float32),
                cv2.INTER_LINEAR,
            )
            if result is None:
                result = np.zeros((len(self.depth), *seen.shape[1:]), np.float32)
            weight = share[band].reshape(-1, *(1,) * (seen.ndim - 1))
            result[band] += seen * weight
        if result is None:
            message = "a ground has at least one row"
            raise ValueError(message)
        return result

    def joined(
        self, behind: Light3, surface: Light3, *, aperture: float, soften: float = 0.0
    ) -> Light3:
        """The picture of `surface` in front of `behind`, the surface out of focus by its depth.

        Args:
            behind: (height, width, 3), already out of focus.
            surface: (rows, width, 3), all in focus.
            aperture: See `confusion`, as a share of the height.
            soften: Least radius of the far edge, as a share of the height.
        """
        radius = self.radius(aperture)
        blurred = defocus_by(surface, radius)
        if self.top == 0:
            return blurred
        edge = max(float(radius[0]), soften * self.height, 0.7)
        # A disc laid over a straight edge covers it as a circle's segment grows: nearly a sine.
        row = np.arange(self.height, dtype=np.float32) + 0.5 - self.top
        share = np.clip(row / (2 * edge), -0.5, 0.5)
        cover = (0.5 + 0.5 * np.sin(np.pi * share)).astype(np.float32)
        result = behind.copy()
        reach = min(self.top, math.ceil(edge) + 1)
        above = np.repeat(blurred[:1], reach, axis=0)
        whole = np.concatenate((above, blurred), axis=0)
        part = cover[self.top - reach :, None, None]
        result[self.top - reach :] += (whole - result[self.top - reach :]) * part
        return result


def _reduce(texture: Values, across: float, along: float) -> Values:
    width = max(1, round(texture.shape[1] / max(across, 1)))
    height = max(1, round(texture.shape[0] / max(along, 1)))
    if (height, width) == texture.shape[:2]:
        return texture
    return np.asarray(
        cv2.resize(texture, (width, height), interpolation=cv2.INTER_AREA), np.float32
    )


def ground(height: int, width: int, view: View, horizon: float) -> Ground:
    """The ground of a picture, which ends at `horizon`, a share of the height."""
    x, y = shares(height, width)
    stand = STAND[view]
    if view == "overhead":
        away = np.float32(stand) - y
        across = np.broadcast_to(x, (height, width)).astype(np.float32)
        flat = np.ones(height, np.float32)
        return Ground(height, width, view, 0.0, stand, 0, flat, away, across)
    top = min(height - 1, max(0, round(horizon * height)))
    rows = y[top:, 0]
    slope = _STEEPNESS[view] * FOCAL
    vanishing = stand - slope
    depth = (slope / np.maximum(rows - vanishing, _CLOSEST)).astype(np.float32)
    away = ((depth - 1) * np.float32(FOCAL))[:, None]
    across = (x * depth[:, None]).astype(np.float32)
    return Ground(height, width, view, top / height, stand, top, depth, away, across)


def row_of(view: View, away: float) -> float:
    """Where ground at `away` appears, as a share of the height from the top."""
    stand = STAND[view]
    if view == "overhead":
        return stand - away
    slope = _STEEPNESS[view] * FOCAL
    return stand - slope + slope / (1 + away / FOCAL)


def scale_of(view: View, away: float) -> float:
    """Size of a thing at `away` against its size beside the product."""
    return 1.0 if view == "overhead" else 1 / (1 + away / FOCAL)


def horizon_of(view: View, rng: np.random.Generator) -> float:
    """Where a table's far edge may lie."""
    return float(rng.uniform(*HORIZON[view]))
