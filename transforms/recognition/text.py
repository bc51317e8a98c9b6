"""Finds text in a picture with PP-OCR: where lines are at first, then what the telling ones say."""

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from transforms.pixels import Pixels
from transforms.recognition.marks import find_marks
from transforms.recognition.overlay import TextLine, classify_overlay, is_watermark
from transforms.records.facts import TextFacts

_DETECTED = 640
"""Longer side on which lines are looked for, in pixels. Time goes with its square."""
_SHOWN = 1600
"""Longer side of the picture that lines are read from."""
_CONTRAST = 4.0
"""Clip limit of CLAHE: white letters on a white sweep are told by a few levels."""
_BULKY = 0.3
"""A box thicker than this share of the longer side is a product, not a line."""
_UPRIGHT = 1.5
_HEIGHT = 48
"""Of a line as the reader sees it."""
_LABELS = 6
"""Lines read within the product, the thickest first: what is laid over it wants to be seen. On
others only their place tells, and they are on the product."""
_WITHIN = 0.95
_PRODUCT = 128

Corners = npt.NDArray[np.float32]


def find_texts(rgb: Pixels, matte: Pixels) -> tuple[TextFacts, ...]:
    """Find lines of text, and which of them were laid over the photograph.

    Args:
        rgb: (height, width, 3), sRGB, upright. Not modified.
        matte: (height, width), 255 is product.

    Returns:
        Lines that were read, and such as look like a watermark. Small print of less than about a
        hundredth of the longer side is found only on a plain backdrop.
    """
    height, width = matte.shape
    longer = max(height, width)
    shown = np.ascontiguousarray(_reduced(rgb, _SHOWN)[..., ::-1])
    cover = _reduced(matte, _SHOWN)
    scale = max(shown.shape) / longer
    found = [(corners, _covered(corners, cover)) for corners in _everywhere(shown)]
    # On the product a line is found above already, and better, where it stands among others.
    beside = ((corners, _covered(corners, cover)) for corners in _in_marks(shown, cover))
    found += [each for each in beside if each[1] < _WITHIN and not _met(each[0], found)]
    within = [_extent(corners)[1] for corners, covered in found if covered >= _WITHIN]
    least = sorted(within, reverse=True)[:_LABELS][-1] if within else 0.0
    lines = []
    for corners, covered in found:
        told = covered < _WITHIN or _extent(corners)[1] >= least
        text, score = _read(shown, corners) if told else ("", 0.0)
        core = _covered(_core(corners), cover)
        lines.append(TextLine(corners / np.float32(scale), text, score, covered, core))
    kept = [line for line in lines if line.is_read or is_watermark(line, longer)]
    return tuple(_facts(line, height, width) for line in kept)


def find_lines(rgb: Pixels) -> list[Corners]:
    """Where lines of text are, in a picture of up to 1600 px: corners of each, the thickest first.

    Args:
        rgb: (height, width, 3), sRGB. Not modified.
    """
    return sorted(_everywhere(_bgr(rgb)), key=lambda corners: -_extent(corners)[1])


def read_line(rgb: Pixels, corners: Corners) -> tuple[str, float]:
    """What one line says, and the reader's confidence, 0-1; an empty text where it reads nothing.

    Args:
        rgb: (height, width, 3), sRGB. Not modified.
        corners: (4, 2), as `lines` gives them.
    """
    return _read(_bgr(rgb), corners)


def _bgr(rgb: Pixels) -> Pixels:
    return np.ascontiguousarray(rgb[..., ::-1])


@lru_cache(maxsize=1)
def _engine() -> Any:
    from rapidocr import RapidOCR  # noqa: PLC0415 - takes a second, and most commands read nothing

    one_thread = dict.fromkeys(("intra_op_num_threads", "inter_op_num_threads"), 1)
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            # Its own limits would enlarge a small picture and take the time of a large one.
            "Det.limit_type": "max",
            "Det.limit_side_len": _DETECTED,
        }
        | {f"EngineConfig.onnxruntime.{name}": value for name, value in one_thread.items()}
    )


def _everywhere(bgr: Pixels) -> list[Corners]:
    small = _reduced(bgr, _DETECTED)
    shrink = np.array([bgr.shape[1] / small.shape[1], bgr.shape[0] / small.shape[0]])
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB)
    lab[..., 0] = cv2.createCLAHE(_CONTRAST, (8, 8)).apply(lab[..., 0])
    boxes = _boxes(np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2BGR), np.uint8))
    slim = (box for box in boxes if _extent(box)[1] <= _BULKY * max(small.shape))
    return [(box * shrink).astype(np.float32) for box in slim]


def _in_marks(bgr: Pixels, cover: Pixels) -> list[Corners]:
    grey = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.uint8)
    found = []
    for left, top, right, bottom in find_marks(grey, cover):
        piece = _reduced(bgr[top:bottom, left:right], _DETECTED)
        grown = (right - left) / piece.shape[1]
        corner = np.array([left, top])
        found += [(box * grown + corner).astype(np.float32) for box in _boxes(piece)]
    return found


def _met(corners: Corners, found: list[tuple[Corners, float]]) -> bool:
    """Whether the middle of a line lies in one of those."""
    x, y = (float(each) for each in corners.mean(axis=0))
    return any(cv2.pointPolygonTest(each, (x, y), measureDist=False) >= 0 for each, _ in found)


def _boxes(bgr: Pixels) -> Corners:
    found = _engine()(np.ascontiguousarray(bgr), use_det=True, use_cls=False, use_rec=False).boxes
    return np.zeros((0, 4, 2), np.float32) if found is None else np.asarray(found, np.float32)


def _read(bgr: Pixels, corners: Corners) -> tuple[str, float]:
    strip = _strip(bgr, corners)
    # A line that stands on end may run up or down, and only one of them can be read.
    turns = (0,) if strip.shape[0] < _UPRIGHT * strip.shape[1] else (1, 3)
    best = ("", 0.0)
    for turn in turns:
        turned = np.rot90(strip, turn)
        length = max(_HEIGHT, round(turned.shape[1] * _HEIGHT / turned.shape[0]))
        shrinks = turned.shape[0] > _HEIGHT
        line = cv2.resize(
            turned,
            (length, _HEIGHT),
            interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC,
        )
        answer = _engine()(line, use_det=False, use_cls=False, use_rec=True)
        if answer.txts and float(answer.scores[0]) > best[1]:
            best = (answer.txts[0].strip(), float(answer.scores[0]))
    return best


def _strip(bgr: Pixels, corners: Corners) -> Pixels:
    across, down = corners[1] - corners[0], corners[3] - corners[0]
    width, height = (max(1, round(float(np.hypot(*edge)))) for edge in (across, down))
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return np.asarray(
        cv2.warpPerspective(
            bgr,
            cv2.getPerspectiveTransform(corners, flat),
            (width, height),
            flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.uint8,
    )


def _extent(corners: Corners) -> tuple[float, float]:
    """Length and thickness."""
    edges = corners[[1, 3]] - corners[0]
    lengths = np.hypot(edges[:, 0], edges[:, 1])
    return float(lengths.max()), float(lengths.min())


def _core(corners: Corners) -> Corners:
    """The middle half of a line's thickness."""
    edges = corners[[1, 3]] - corners[0]
    other = [3, 2, 1, 0] if np.hypot(*edges[1]) < np.hypot(*edges[0]) else [1, 0, 3, 2]
    return np.asarray(0.75 * corners + 0.25 * corners[other], np.float32)


def _covered(corners: Corners, cover: Pixels) -> float:
    mask = np.zeros(cover.shape, np.uint8)
    cv2.fillPoly(mask, [np.rint(corners).astype(np.int32)], 1)
    inside = cover[mask > 0]
    return float((inside >= _PRODUCT).mean()) if inside.size else 0.0


def _reduced(picture: Pixels, side: int) -> Pixels:
    height, width = picture.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return picture
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _facts(line: TextLine, height: int, width: int) -> TextFacts:
    low = np.floor(line.corners.min(axis=0)).astype(int)
    high = np.ceil(line.corners.max(axis=0)).astype(int)
    return TextFacts(
        text=line.text if line.is_read else "",
        score=round(line.score, 3),
        box=(
            max(0, int(low[0])),
            max(0, int(low[1])),
            min(width, int(high[0])),
            min(height, int(high[1])),
        ),
        on_product=round(line.on_product, 3),
        overlay=classify_overlay(line, max(height, width)),
    )
