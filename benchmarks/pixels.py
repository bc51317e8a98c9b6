"""What a picture costs, step by step, beside the least that any program must do for it."""

import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np

from transforms.cutout.foreground import foreground_colours
from transforms.cutout.matte import crop_box, matte_of
from transforms.cutout.network import sight_of
from transforms.images.canvas import MID_GREY, compose_over, extent, lay_on_canvas, over
from transforms.images.codec import decode, decode_png, encode_as, encode_png, encode_thumbnail
from transforms.images.colour import to_srgb
from transforms.images.decoding import open_image, upright
from transforms.images.measures import (
    blockiness,
    grey_tiles,
    jpeg_quality,
    measure_image,
    noise_sigma,
    over_white,
)
from transforms.images.placing import place
from transforms.images.shadow import darken_by_shade, shade_of
from transforms.models.networks import load_session
from transforms.pixels import Pixels
from transforms.preparation.blocking import deblock
from transforms.preparation.noise import denoise
from transforms.preparation.tilt import straighten
from transforms.preparation.tone import correct_tone
from transforms.presets.catalogue import Tone
from transforms.presets.channel import Channel
from transforms.presets.gate import Gate
from transforms.presets.loading import config_folder, load, load_named
from transforms.presets.look import Look, load_look
from transforms.quality.examination import examine, make_claim
from transforms.quality.label import label_text_kept
from transforms.quality.placed import Placed
from transforms.recognition.faces import find_faces
from transforms.recognition.text import find_texts
from transforms.records.facts import PreparedFacts, RenditionFacts

MODEL = "u2netp"


class Setting(NamedTuple):
    """In what look, for which channel and by which limits."""

    look: Look
    channel: Channel
    gate: Gate


class Stopwatch:
    """CPU time by step, so that a busy machine does not count."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._last = time.process_time()

    def start(self) -> None:
        """Forget the time since the last step."""
        self._last = time.process_time()

    def step(self, name: str) -> None:
        """Count the time since the last step for this one."""
        now = time.process_time()
        self.seconds[name] += now - self._last
        self._last = now


def bench_pixels(pictures: Sequence[bytes]) -> dict[str, Any]:
    """Prepare, standardise and check pictures in the house look, without any storage.

    Args:
        pictures: Source files, which must all decode and show a product.

    Returns:
        Means over `pictures`, in milliseconds of CPU: `steps_ms`, `steps_share`, `total_ms`,
        `network_ms` of it (two looks), `floor_ms` (pyvips: decode, fit the canvas, encode), and
        pictures a second on one core as `per_second_per_core`, with the floor's beside it.
    """
    config = config_folder()
    setting = Setting(
        load_look("standard", "standard", config),
        load_named(config / "channels", "shop", Channel),
        load(config / "gate.yaml", Gate),
    )
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        _work(pictures[0], setting, Stopwatch())  # loads libraries and weights
        watch = Stopwatch()
        for picture in pictures:
            _work(picture, setting, watch)
        looks = _network(len(pictures))
        floor = _floor(pictures, setting.look.brand.canvas_px, setting.channel.quality)
    finally:
        cv2.setNumThreads(threads)
    count = len(pictures)
    total = sum(watch.seconds.values())
    return {
        "pictures": count,
        "steps_ms": {name: round(s / count * 1e3, 1) for name, s in watch.seconds.items()},
        "steps_share": {name: round(s / total, 4) for name, s in watch.seconds.items()},
        "total_ms": round(total / count * 1e3, 1),
        "network_ms": round(2 * looks * 1e3, 1),
        "floor_ms": round(floor / count * 1e3, 1),
        "per_second_per_core": round(count / total, 3),
        "floor_per_second_per_core": round(count / floor, 3),
    }


def _prepared(data: bytes, watch: Stopwatch) -> tuple[Pixels, Pixels, PreparedFacts]:
    """As `transforms.preparation.sequence` does it, step by step: image, matte, and its facts."""
    watch.start()
    image = open_image(data)
    watch.step("decode")
    measure_image(image)
    watch.step("measure")
    colours = to_srgb(upright(image))
    watch.step("colour")
    tiles = grey_tiles(np.asarray(over_white(image).convert("L")))
    rgb, _ = deblock(colours.rgb, blockiness=blockiness(tiles), jpeg_quality=jpeg_quality(image))
    rgb, _ = denoise(rgb, noise=noise_sigma(tiles))
    watch.step("noise and blocks")
    matte = matte_of(rgb, colours.alpha, model=MODEL)
    watch.step("matte")
    read = find_texts(rgb, matte.alpha)
    watch.step("text")
    find_faces(rgb, matte.alpha)
    watch.step("faces")
    rgb, _, _ = correct_tone(rgb, matte.alpha, target=Tone())
    watch.step("tone")
    rgb, alpha, _ = straighten(rgb, matte.alpha)
    watch.step("straighten")
    left, top, right, bottom = crop_box(alpha)
    alpha = np.ascontiguousarray(alpha[top:bottom, left:right])
    front = foreground_colours(np.ascontiguousarray(rgb[top:bottom, left:right]), alpha)
    watch.step("foreground")
    encode_thumbnail(colours.rgb)
    encode_thumbnail(over(MID_GREY, front, alpha))
    watch.step("thumbnails")
    facts = PreparedFacts(
        source_sha256="", orientation=1, colour_profile=colours.profile, width_px=rgb.shape[1],
        height_px=rgb.shape[0], crop=(left, top, right, bottom), matte=matte.facts, texts=read,
        versions={},
    )  # fmt: skip
    return front, alpha, facts


def _work(data: bytes, setting: Setting, watch: Stopwatch) -> None:
    look, channel, gate = setting.look, setting.channel, setting.gate
    front, alpha, facts = _prepared(data, watch)
    files = encode_png(front), encode_png(alpha)
    watch.step("encode prepared")
    for each in files:
        decode_png(each)
    watch.step("decode prepared")
    placement = place(extent(alpha), look.brand)
    product, box = lay_on_canvas(front, placement)
    cover = lay_on_canvas(alpha, placement)[0]
    watch.step("resample")
    side = look.brand.canvas_px
    on_canvas = np.zeros((side, side), np.uint8)
    on_canvas[box[1] : box[3], box[0] : box[2]] = cover
    shade = shade_of(on_canvas, look.preset.shadow)
    backdrop = darken_by_shade(np.full((side, side, 3), look.brand.background, np.uint8), shade)
    watch.step("shadow")
    pixels = compose_over(backdrop, product, cover, box)
    watch.step("compose")
    master = encode_png(pixels)
    encode_thumbnail(pixels)
    watch.step("encode master")

    for each in (*files, master):
        decode_png(each)
    watch.step("decode master")
    placed = Placed(lay_on_canvas(front, placement)[0], lay_on_canvas(alpha, placement)[0], box)
    watch.step("resample again")
    kind = channel.written[0]
    published = encode_as(pixels, kind, channel.quality_of(kind))
    watch.step("encode channel")
    decoded = decode(published)
    watch.step("decode channel")
    label_text_kept(decoded, placed, facts)
    watch.step("read label")
    rendered = RenditionFacts(
        prepared="", preset="standard", brand=look.brand.name, engine="standardise", seed=0,
        placement=placement, enlarged=placement.enlarged, shadow=shade.box if shade else None,
        versions={},
    )  # fmt: skip
    unread = facts.model_copy(update={"texts": ()})
    examine([decoded], make_claim(look, unread, rendered, placed, master=pixels), gate)
    watch.step("metrics")


def _network(times: int) -> float:
    """Seconds of CPU of one look, without anything around it."""
    network, side = load_session(MODEL), sight_of(MODEL).input_px
    inputs = {network.get_inputs()[0].name: np.zeros((1, 3, side, side), np.float32)}
    begin = time.process_time()
    for _ in range(times):
        network.run(None, inputs)
    return (time.process_time() - begin) / times


def _floor(pictures: Sequence[bytes], side: int, quality: int) -> float:
    """Seconds of CPU to decode, fit the canvas and encode, by the quickest library there is."""
    import pyvips  # noqa: PLC0415 - of the extra `bench`

    pyvips.cache_set_max(0)
    begin = time.process_time()
    for picture in pictures:
        image = pyvips.Image.thumbnail_buffer(picture, side, height=side)
        image.jpegsave_buffer(Q=quality, subsample_mode="off", optimize_coding=True)
    return time.process_time() - begin
