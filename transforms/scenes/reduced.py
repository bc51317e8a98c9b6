"""A backdrop at a smaller size: one is made for many pictures, of which some have fewer pixels."""

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from transforms.scenes.scene import Foreground, Scene


def reduced(scene: Scene, size: tuple[int, int]) -> Scene:
    """The same place at a smaller size, each pixel the mean of those that it covers.

    Args:
        scene: Not modified. What is told in shares of its height stays.
        size: Width and height in pixels, of the scene's aspect and no larger; its own: `scene`.
    """
    height, width = scene.pixels.shape[:2]
    if size == (width, height):
        return scene
    return replace(
        scene,
        pixels=np.asarray(cv2.resize(scene.pixels, size, interpolation=cv2.INTER_AREA), np.uint8),
        foreground=None if scene.foreground is None else _thinned(scene.foreground, size),
    )


def _thinned(foreground: Foreground, size: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """With straight alpha, colours count as much as they are seen."""
    alpha = foreground[..., 3:].astype(np.float32)
    weighted = np.concatenate([foreground[..., :3] * (alpha / 255), alpha], axis=2)
    small = np.asarray(cv2.resize(weighted, size, interpolation=cv2.INTER_AREA), np.float32)
    small[..., :3] *= 255 / np.maximum(small[..., 3:], 1)
    return np.clip(np.rint(small), 0, 255).astype(np.uint8)
