"""A channel that demands one active clipping path gets it, through the real stages."""

import io

import numpy as np
from PIL import Image, ImageDraw

from tests.integration.channels.test_delivery import (
    CANVAS,
    SOURCE,
    checked,
    configured,
    published,
    rendered,
    shop,
    signing,
)
from tests.support.authority import authority
from transforms.images.clipping_path import ACTIVE, PATH
from transforms.provenance.credentials import verify
from transforms.stages.publish import publish

__all__ = ["signing"]  # a fixture

RULES = [
    {"rule": "clipping_paths", "one_of": [1], **SOURCE},
    {"rule": "resolution_ppi", "at_least": 300, **SOURCE},
]
PRINT = {
    "name": "print",
    "clipping_path": True,
    "frame": {"longest_px": CANVAS, "shadow": "none"},
    "rules": RULES,
}
SCREEN = {"name": "screen", "rules": RULES}


def test_the_path_is_in_what_is_signed_and_published(tmp_path, signing):
    places = shop(tmp_path)
    run = rendered(places, configured(PRINT, SCREEN))
    judged = checked(run)
    publish(run)

    assert [(told.channel, told.rule, told.found) for told in judged.withheld] == [
        ("screen", "clipping_paths", "0")
    ]
    (row,) = published(places)
    data = places.published.read(row["key"])
    assert row["channel"] == "print"
    assert verify(data, extension="jpg", anchors=signing).state == "trusted"
    assert verify(data, extension="jpg", anchors=authority()[2]).state == "valid"
    with Image.open(io.BytesIO(data)) as image:
        assert {PATH, ACTIVE} <= image.info["photoshop"].keys()
        assert image.info["dpi"] == (300, 300)
        pixels = np.asarray(image.convert("L"))
        drawn = outline(image.info["photoshop"][PATH], image.size)
    product = pixels < 253
    assert np.count_nonzero(drawn & product) / np.count_nonzero(drawn | product) > 0.97


def outline(records: bytes, size: tuple[int, int]) -> np.ndarray:
    """What a path of one subpath encloses."""
    knots = [
        np.frombuffer(records, ">i4", 6, at + 2).reshape(3, 2)[:, ::-1] / 2**24 * size
        for at in range(0, len(records), 26)
        if records[at + 1] in (1, 2)
    ]
    line = []
    for knot, following in zip(knots, knots[1:] + knots[:1], strict=True):
        for t in np.linspace(0, 1, 20, endpoint=False):
            weights = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
            corners = knot[1], knot[2], following[0], following[1]
            line.append(tuple(sum(w * c for w, c in zip(weights, corners, strict=True))))
    mask = Image.new("1", size)
    ImageDraw.Draw(mask).polygon(line, fill=1)
    return np.asarray(mask)
