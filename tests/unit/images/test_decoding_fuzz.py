"""Whatever happened to a file: it opens or is refused; it neither crashes nor hangs."""

import io

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from transforms.errors import SourceError
from transforms.images.decoding import open_image, upright
from transforms.images.measures import measure_image


def original(kind: str) -> bytes:
    levels = np.random.default_rng(2).integers(0, 256, (40, 56, 3), dtype=np.uint8)
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    options = {"compression": "tiff_lzw"} if kind == "TIFF" else {}
    Image.fromarray(levels).save(buffer, kind, exif=exif, icc_profile=b"no profile", **options)
    return buffer.getvalue()


ORIGINALS = {kind: original(kind) for kind in ("JPEG", "PNG", "WEBP", "TIFF")}

damage = st.lists(st.tuples(st.integers(0, 2**31), st.integers(0, 255)), max_size=12)


@pytest.mark.parametrize("kind", ORIGINALS)
@given(flips=damage, kept=st.floats(0, 1), header_first=st.booleans())
@settings(max_examples=150, deadline=5000, suppress_health_check=list(HealthCheck))
def test_damage_is_survived(kind, flips, kept, header_first):
    data = bytearray(ORIGINALS[kind])
    # Half of the examples change the first bytes, where the structure is.
    reach = min(len(data), 400) if header_first else len(data)
    for place, value in flips:
        data[place % reach] = value
    damaged = bytes(data[: int(len(data) * kept)] if kept < 0.5 else data)

    try:
        image = open_image(damaged, max_pixels=1_000_000)
    except SourceError:
        return
    measured = measure_image(image)
    assert (measured.width_px, measured.height_px) == upright(image).size
