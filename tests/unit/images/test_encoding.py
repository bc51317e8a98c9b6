"""A channel's files: sizes that fit, a ground that stays, and nothing enlarged."""

import numpy as np
import pytest

from transforms.images.codec import Metadata, decode, encode_as
from transforms.images.encoding import (
    CREDENTIALS_BYTES,
    Encoded,
    Unfit,
    encode_for,
    widths_of,
)
from transforms.images.ground import plain_ground
from transforms.presets.channel import Channel

SAID = {"source": "the outlet's page", "read": "2026-11-25"}


def channel(**more) -> Channel:
    return Channel.model_validate({"name": "c", "purpose": "A channel of this test.", **more})


def limited(at_most: int, severity: str = "fail") -> list[dict]:
    return [{"rule": "file_bytes", "at_most": at_most, "severity": severity, **SAID}]


def picture(side: int = 240, ground=(255, 255, 255)) -> np.ndarray:
    """Noise on a plain ground: as large a file as its quality allows."""
    pixels = np.full((side, side, 3), ground, np.uint8)
    inner = slice(side // 4, 3 * side // 4)
    pixels[inner, inner] = np.random.default_rng(3).integers(0, 256, (side // 2, side // 2, 3))
    return pixels


@pytest.mark.parametrize("kind", ["jpeg", "webp", "avif"])
def test_the_largest_quality_that_fits_is_taken(kind):
    whole, limit = picture(), 8192 + 14000
    (made,) = encode_for(whole, channel(format=kind, least_quality=30, rules=limited(limit)))

    assert isinstance(made, Encoded)
    assert len(made.data) <= 14000
    assert 30 <= made.quality < 92
    assert len(encode_as(whole, kind, made.quality + 8)) > 14000


def test_what_does_not_fit_at_the_floor_says_so():
    for asked in ({"format": "jpeg", "least_quality": 90}, {"format": "png"}):
        (made,) = encode_for(picture(), channel(**asked, rules=limited(8192 + 4000)))

        assert isinstance(made, Unfit)
        assert (made.rule, made.wanted) == ("file_bytes", "at most 12192")


@pytest.mark.parametrize("kind", ["jpeg", "webp", "avif"])
def test_a_packet_costs_no_quality(kind):
    asked = channel(format=kind, least_quality=30, rules=limited(8192 + 14000))
    (plain,) = encode_for(picture(), asked)
    (said,) = encode_for(picture(), asked, Metadata(xmp=b"<x/>" * 400))

    assert said.quality == plain.quality
    assert len(said.data) > len(plain.data) + 1600
    assert len(said.data) <= 8192 + 14000 - CREDENTIALS_BYTES


def test_a_long_path_is_counted_and_leaves_room_to_sign():
    limit = 8192 + 14000
    (made,) = encode_for(
        picture(),
        channel(least_quality=30, rules=limited(limit)),
        Metadata(photoshop=b"8BIM" + bytes(5000)),
    )

    assert isinstance(made, Encoded)
    assert len(made.data) <= limit - CREDENTIALS_BYTES


def test_advice_is_given_up_before_what_is_demanded():
    rules = [*limited(8192 + 4000, "warn"), *limited(8192 + 24000)]
    (made,) = encode_for(picture(), channel(least_quality=80, rules=rules))

    assert isinstance(made, Encoded)
    assert 4000 < len(made.data) <= 24000

    (made,) = encode_for(picture(), channel(least_quality=80, rules=rules[:1]))
    assert isinstance(made, Encoded)
    assert made.quality == 92


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "avif", "tiff"])
@pytest.mark.parametrize("quality", [70, 92, 94])
def test_white_comes_back_white(kind, quality):
    shown = picture(320)
    (made,) = encode_for(shown, channel(format=kind, quality=quality))

    assert isinstance(made, Encoded)
    assert plain_ground(shown, 0.9995).kept_in(decode(made.data))


@pytest.mark.parametrize("ground", [(201, 183, 160), (236, 236, 235), (240, 128, 96)])
def test_a_colour_that_a_format_cannot_hold_comes_back_even_and_next_to_it(ground):
    sand = picture(320, ground=ground)
    (lossy,) = encode_for(sand, channel(format="jpeg"))
    (exact,) = encode_for(sand, channel(format="png"))

    border = decode(lossy.data)[0]
    assert (border == border[0]).all()
    assert np.abs(border[0].astype(int) - ground).max() <= 2
    assert (decode(exact.data)[0, 0] == ground).all()


def test_a_scene_has_no_ground():
    scene = picture()
    scene[0, 7] = 250

    assert plain_ground(scene) is None
    (made,) = encode_for(scene, channel())
    assert made.quality == 92


def test_widths_come_from_the_master_and_none_is_larger():
    master = picture(240)
    sizes = [(shown.shape[1], shown is master) for shown in widths_of(master, channel(widths=[
        100, 240, 500, 160
    ]))]  # fmt: skip

    assert sizes == [(240, True), (160, False), (100, False)]
    assert [s.shape for s in widths_of(master[:120], channel(widths=[80]))] == [(40, 80, 3)]
    assert [s is master for s in widths_of(master, channel(widths=[500]))] == [True]


def test_equal_pictures_are_equal_bytes_in_every_format():
    for kind in ("jpeg", "png", "webp", "avif", "tiff"):
        first, second = (
            encode_as(picture(64), kind, 80, metadata=Metadata(ppi=300)) for _ in range(2)
        )
        assert first == second
