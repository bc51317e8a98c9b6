"""A night for every channel: whether files keep the rules, what they say, what that costs."""

import os
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.encoders import bench_encoders
from tests.support.authority import authority
from transforms.channels.checking import check, has_failed
from transforms.images.codec import Metadata, decode_png, encode_as
from transforms.pixels import Pixels
from transforms.presets.catalogue import Catalogue, Place
from transforms.presets.channel import EXTENSIONS, Channel
from transforms.presets.configuration import Configuration, configure
from transforms.provenance.credentials import CERTIFICATE, KEY, Credentials, sign, verify
from transforms.provenance.lineage import OF_MODELS, Lineage
from transforms.provenance.reading import read_source_type
from transforms.provenance.xmp import write_xmp
from transforms.records.artefact import RENDITION, read_artefact
from transforms.records.facts import RenditionFacts
from transforms.records.renditions import EncodedFile, QualityReport
from transforms.runner import open_places, run_catalogue
from transforms.runs.run import Run, open_run

_MASTERS = 6
"""Pictures on which single steps are measured."""
_TRIES = 5
_QUALITY = 85


class _Clock:
    """Progress that notes this process's CPU time."""

    def __init__(self) -> None:
        self.stage, self.began = "", time.process_time()
        self.seconds: dict[str, float] = defaultdict(float)

    def begin(self, stage: str, shards: int) -> None:
        """A stage begins."""
        del shards
        now = time.process_time()
        self.seconds[self.stage] += now - self.began
        self.stage, self.began = stage, now

    def advance(self, stage: str) -> None:
        """One more shard is done."""


def bench_publishing(photographs: Path, config: Path, variants: tuple[str, ...]) -> dict[str, Any]:
    """Run a night over photographs for all channels, and look at every file that it makes.

    Args:
        photographs: A folder, by sku.
        config: The folder of channels, presets, brands.
        variants: Presets in which pictures are made.

    Returns:
        JSON-able: by channel how many pictures it gets, in how many files and bytes, why it does
        not get others; over all files how many a channel would refuse, show a product larger than
        photographed, claim what was written, and verify; costs of each step.
    """
    with tempfile.TemporaryDirectory() as folder, _certificate(Path(folder)) as credentials:
        configuration = _everywhere(photographs, config, Path(folder), variants)
        clock = _Clock()
        summary = run_catalogue(configuration, progress=clock)
        run = open_run(open_places(configuration.catalogue), summary.run_id)
        clock.begin("", 0)
        reports = list(run.rows("quality", QualityReport))
        masters = _masters(run, reports)
        files = [file for report in reports for file in report.files]
        return {
            "pictures": len(reports),
            "files": len(files),
            "bytes": sum(file.size_bytes for file in files),
            "ending": summary.ending,
            "counts": summary.counts.model_dump(),
            "cpu_seconds": {k: round(v, 1) for k, v in clock.seconds.items() if k},
            "channels": _by_channel(reports, configuration.channels, summary.withheld),
            **_looked_at(run, reports, credentials.anchors),
            "provenance_cost": _cost(masters, credentials),
            "encoders": bench_encoders(masters),
        }


@contextmanager
def _certificate(folder: Path) -> Iterator[Credentials]:
    """A certificate of an authority made for this, in the environment."""
    chain, key, root = authority()
    before = {name: os.environ.get(name) for name in (CERTIFICATE, KEY)}
    for name, content in ((CERTIFICATE, chain), (KEY, key)):
        path = folder / f"{name.lower()}.pem"
        path.write_text(content)
        os.environ[name] = str(path)
    try:
        yield Credentials(chain, key, root)
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _everywhere(
    photographs: Path, config: Path, folder: Path, variants: tuple[str, ...]
) -> Configuration:
    catalogue = Catalogue(
        name="bench",
        source=Place(uri=photographs.resolve().as_uri()),
        work=Place(uri=(folder / "work").as_uri()),
        published=Place(uri=(folder / "published").as_uri()),
        variants={name: name for name in variants},
        channels=tuple(sorted(path.stem for path in (config / "channels").glob("*.yaml"))),
    )
    return configure(catalogue, config)


def _masters(run: Run, reports: list[QualityReport]) -> list[Pixels]:
    plain = [
        report
        for report in reports
        if report.verdict != "FAIL" and run.look(report.variant).preset.engine == "standardise"
    ]
    step = max(1, len(plain) // _MASTERS)
    stored = (
        read_artefact(run.places.work, RENDITION, report.fingerprint)
        for report in plain[::step][:_MASTERS]
    )
    return [decode_png(each.read("image.png")) for each in stored]


def _by_channel(
    reports: list[QualityReport],
    channels: tuple[Channel, ...],
    withheld: dict[str, dict[str, int]],
) -> dict[str, Any]:
    told = {}
    for channel in channels:
        files = [f for report in reports for f in report.files if f.channel == channel.name]
        pictures = sum(any(f.channel == channel.name for f in r.files) for r in reports)
        told[channel.name] = {
            "pictures": pictures,
            "files": len(files),
            "bytes": sum(file.size_bytes for file in files),
            "least_quality": min((file.quality for file in files if file.quality), default=0),
            "withheld": withheld.get(channel.name, {}),
        }
    return told


def _looked_at(run: Run, reports: list[QualityReport], anchors: str) -> dict[str, Any]:
    """Every file, read from the storage and held against what is said of it."""
    channels = {channel.name: channel for channel in run.plan.configuration.channels}
    counts: Counter[str] = Counter()
    refused: list[str] = []
    for report in reports:
        for file in report.files:
            channel, data = channels[file.channel], run.places.work.read(file.key)
            counts["checked"] += 1
            if has_failed(check(data, channel, generated=file.source_type in OF_MODELS)):
                refused.append(file.key)
            counts["claims_read_back"] += (read_source_type(data) or "") == file.source_type
            state = verify(data, extension=file.extension, anchors=anchors).state
            counts["signatures_trusted"] += state == "trusted"
            counts["larger_than_rendition"] += _larger(run, file)
            if channel.frame is not None and not channel.frame.enlarge:
                counts["in_frames"] += 1
                counts["product_enlarged_in_frames"] += _facts(run, file).placement.scale > 1
    return {**counts, "refused_by_their_channel": refused}


def _facts(run: Run, file: EncodedFile) -> RenditionFacts:
    return read_artefact(run.places.work, RENDITION, file.rendition).facts


def _larger(run: Run, file: EncodedFile) -> bool:
    width, height = _facts(run, file).placement.size_px
    return file.width_px > width or file.height_px > height


def _cost(masters: list[Pixels], credentials: Credentials) -> dict[str, Any]:
    """CPU milliseconds and bytes of saying and signing, on one picture."""
    told: dict[str, Any] = {}
    lineage = Lineage("on_drawn", "bench.jpg", "00" * 32)
    metadata = Metadata(xmp=write_xmp(lineage))
    for kind, extension in EXTENSIONS.items():
        encode = partial(encode_as, masters[0], kind, _QUALITY)
        data, encoding = _timed(encode)
        said, saying = _timed(partial(encode, metadata=metadata))
        made, signing = _timed(
            partial(sign, said, lineage, credentials, title="bench", extension=extension)
        )
        _, verifying = _timed(partial(verify, made, extension=extension))
        told[kind] = {
            "bytes": len(data),
            "xmp_bytes": len(said) - len(data),
            "xmp_ms": round(saying - encoding, 1),
            "c2pa_bytes": len(made) - len(said),
            "c2pa_sign_ms": signing,
            "c2pa_verify_ms": verifying,
        }
    return told


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What it gives, and its CPU milliseconds: the least of a few tries."""
    times, given = [], None
    for _ in range(_TRIES):
        began = time.process_time()
        given = work()
        times.append(time.process_time() - began)
    return given, round(1000 * min(times), 1)
