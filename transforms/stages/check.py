"""Stage: measure renditions, encode them for every channel, and judge."""

from transforms.images.canvas import laid
from transforms.images.codec import decode, decode_png, encode
from transforms.manifest.facts import PreparedFacts, RenditionFacts
from transforms.manifest.fingerprint import sha256
from transforms.manifest.layout import encoded_key, prepared_key, rendition_key, shard_key
from transforms.manifest.parquet import read_records, write_records
from transforms.manifest.records import EncodedFile, QualityReport, Rendition
from transforms.manifest.run import Run
from transforms.presets.channel import Channel
from transforms.quality.alike import of_photograph, of_picture
from transforms.quality.examination import claimed, examined
from transforms.quality.placed import Placed
from transforms.quality.verdict import check_gate, judge, objections, verdict_of
from transforms.storage.protocol import Storage, exists


def check_shard(run: Run, shard: int) -> str:
    """Encode, measure and judge the renditions of one shard.

    What is published later is exactly the bytes that were judged here.

    Args:
        run: The run.
        shard: Number of the shard in `renditions/`.

    Returns:
        Key of the manifest of QualityReport: one row for every rendition.

    Raises:
        ConfigError: The gate's rules are not those that are measured.
        StorageError: Storage does not answer; to be tried again.
    """
    work = run.places.work
    key = shard_key(run.plan.run_id, "quality", shard)
    if exists(work, key):
        return key
    check_gate(run.plan.configuration.gate)
    renditions = read_records(work, shard_key(run.plan.run_id, "renditions", shard), Rendition)
    reports = [_failed(row) if row.reason else _checked(run, row) for row in renditions]
    return write_records(work, key, reports, QualityReport)


def _failed(row: Rendition) -> QualityReport:
    return QualityReport(**row.model_dump(), verdict="FAIL", reasons=[row.reason])


def _checked(run: Run, row: Rendition) -> QualityReport:
    work, configuration = run.places.work, run.plan.configuration
    prepared = PreparedFacts.model_validate_json(
        work.read(prepared_key(row.prepared, "facts.json"))
    )
    rendered = RenditionFacts.model_validate_json(work.read(rendition_key(row.fingerprint, "json")))
    master = decode_png(work.read(rendition_key(row.fingerprint, "png")))
    placed = _placed(work, row.prepared, row.fingerprint, rendered)
    encoded = [(channel, encode(master, channel)) for channel in configuration.channels]
    claim = claimed(run.look(row.variant), prepared, rendered, placed, master=master)
    files = [decode(data) for _, data in encoded]
    measured = examined(files, claim, configuration.gate)
    rules = judge(measured, configuration.gate)
    return QualityReport(
        **row.model_dump(exclude={"reason", "message"}),
        before=_photographed(work, row.prepared, prepared),
        after=of_picture(files[0], placed),
        verdict=verdict_of(rules),
        reasons=objections(rules),
        rules=rules,
        files=[
            _stored(work, row.fingerprint, channel, data, side=master.shape[0])
            for channel, data in encoded
        ],
    )


def _placed(work: Storage, prepared: str, fingerprint: str, rendered: RenditionFacts) -> Placed:
    image = decode_png(work.read(prepared_key(prepared, "image.png")))
    matte = decode_png(work.read(prepared_key(prepared, "matte.png")))
    product, box = laid(image, rendered.placement)
    nearer = None
    if rendered.backdrop and rendered.backdrop.foreground_share:
        nearer = decode_png(work.read(rendition_key(fingerprint, "nearer.png")))
    return Placed(product, laid(matte, rendered.placement)[0], box, nearer)


def _photographed(work: Storage, prepared: str, facts: PreparedFacts) -> list[float]:
    before = decode(work.read(prepared_key(prepared, "before.jpg")))
    return of_photograph(before, decode_png(work.read(prepared_key(prepared, "matte.png"))), facts)


def _stored(
    work: Storage, fingerprint: str, channel: Channel, data: bytes, *, side: int
) -> EncodedFile:
    digest = sha256(data)
    key = encoded_key(fingerprint, channel.name, digest, channel.extension)
    work.create(key, data)
    return EncodedFile(
        channel=channel.name,
        key=key,
        sha256=digest,
        size_bytes=len(data),
        width_px=side,
        height_px=side,
        extension=channel.extension,
    )
