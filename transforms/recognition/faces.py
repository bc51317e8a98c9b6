"""Finds human faces, with YuNet (Wu and others, Machine Intelligence Research 2023)."""

import cv2
import numpy as np
import numpy.typing as npt

from transforms.models.networks import load_session
from transforms.pixels import Pixels
from transforms.records.facts import FaceFacts

MODEL = "yunet"
"""Entry of `config/models.yaml`."""

_SIDE = 640
"""The network sees a square of this side."""
_STRIDES = (8, 16, 32)
_LEAST = 0.7
"""100 of 100 small grey faces are above it. A candle holder reaches 0.43 and pepper shakers 0.37,
the most of 49 pictures without a face."""
_SAME = 0.3
"""Boxes that share more of their union than this show one face."""
_PRODUCT = 128

Boxes = npt.NDArray[np.float32]


def find_faces(rgb: Pixels, matte: Pixels) -> tuple[FaceFacts, ...]:
    """Find human faces, real and printed: upright, and leaning by up to about 30 degrees.

    Args:
        rgb: (height, width, 3), sRGB, upright. Not modified.
        matte: (height, width), 255 is product.

    Returns:
        The surest first. A face of less than a thirtieth of the longer side may be missed.

    Raises:
        ModelError: Weights are missing, or are not the ones we know.
    """
    height, width = matte.shape
    scale = min(1.0, _SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    square = np.zeros((_SIDE, _SIDE, 3), np.float32)
    square[: size[1], : size[0]] = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)[..., ::-1]
    network = load_session(MODEL)
    names = [output.name for output in network.get_outputs()]
    answers = network.run(names, {"input": square.transpose(2, 0, 1)[None]})
    boxes, scores = decode_faces(dict(zip(names, answers, strict=True)))
    found = []
    for box, score in zip(boxes / scale, scores, strict=True):
        left, top = (max(0, round(float(each))) for each in box[:2])
        right, bottom = min(width, round(float(box[2]))), min(height, round(float(box[3])))
        if left < right and top < bottom:
            covered = float((matte[top:bottom, left:right] >= _PRODUCT).mean())
            found.append(
                FaceFacts(
                    box=(left, top, right, bottom),
                    score=round(float(score), 3),
                    on_product=round(covered, 3),
                )
            )
    return tuple(found)


def decode_faces(answers: dict[str, npt.NDArray[np.float32]]) -> tuple[Boxes, Boxes]:
    """The faces in YuNet's answers, each once.

    Args:
        answers: For each stride s of 8, 16, 32, over a grid of cells with one row a cell:
            `cls_s` and `obj_s` (1, cells, 1), whose geometric mean is the score; `bbox_s`
            (1, cells, 4): the centre's offset from the cell in strides, and the logarithm of
            width and height in strides. As OpenCV's `FaceDetectorYN` reads them.

    Returns:
        (faces, 4): left, top, right, bottom in pixels of the network's square; (faces,): scores,
        falling.
    """
    boxes, scores = [], []
    for stride in _STRIDES:
        grid = _SIDE // stride
        rows, columns = np.divmod(np.arange(grid * grid), grid)
        parts = (np.clip(answers[f"{part}_{stride}"][0, :, 0], 0, 1) for part in ("cls", "obj"))
        score = np.sqrt(np.prod(np.stack(list(parts)), axis=0))
        sure = score >= _LEAST
        offset = answers[f"bbox_{stride}"][0][sure]
        centre = np.stack([columns[sure], rows[sure]], axis=1) + offset[:, :2]
        half = np.exp(offset[:, 2:]) / 2
        boxes.append(np.hstack([centre - half, centre + half]) * stride)
        scores.append(score[sure])
    corners, sureness = np.concatenate(boxes), np.concatenate(scores)
    sized = np.hstack([corners[:, :2], corners[:, 2:] - corners[:, :2]]).astype(np.float32)
    kept = np.asarray(
        cv2.dnn.NMSBoxes(sized.tolist(), sureness.tolist(), _LEAST, _SAME), np.intp
    ).reshape(-1)
    return corners[kept].astype(np.float32), sureness[kept].astype(np.float32)
