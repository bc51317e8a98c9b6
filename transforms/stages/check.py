"""Stage: measure renditions, encode them for every channel, and judge."""

from transforms.composition.standing import fill_of
from transforms.images.canvas import laid
from transforms.images.codec import decode, decode_png, encode
from transforms.manifest.facts import PreparedFacts, RenditionFacts
from transforms.manifest.fingerprint import sha256
from transforms.manifest.layout import encoded_key, prepared_key, rendition_key, shard_key
from transforms.manifest.parquet import read_records, write_records
from transforms.manifest.records import EncodedFile, QualityReport, Rendition
from transforms.manifest.run import Run
from transforms.presets.channel import Channel
from transforms.presets.gate import Gate
from transforms.presets.look import Look
from transforms.quality.metrics import (
    OF_REMADE,
    Pixels,
    Placed,
    applying,
    background_metrics,
    framing_metrics,
    lock_metrics,
    matte_metrics,
    product_metrics,
    recognition_metrics,
)
from transforms.quality.verdict import check_gate, judge, verdict_of, worst
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


def measure(
    master: Pixels,
    decoded: list[Pixels],
    placed: Placed,
    *,
    look: Look,
    gate: Gate,
    prepared: PreparedFacts,
    rendered: RenditionFacts,
) -> dict[str, float]:
    """Every metric that applies to one rendition; of several files the worst value counts.

    Args:
        master: (canvas, canvas, 3), before encoding.
        decoded: The channels' files, decoded.
        placed: The product as it belongs on the canvas.
        look: Preset and brand.
        gate: Says which direction of a metric is worse.
        prepared: Facts of the prepared image.
        rendered: Facts of the rendition.
    """
    measured = matte_metrics(prepared.matte) | recognition_metrics(
        prepared, overlay_text=look.preset.overlay_text
    )
    if look.preset.preserve == "product":
        measured |= _product(master, decoded, placed, look=look, gate=gate, rendered=rendered)
    else:
        kept = next((each.measured for each in rendered.attempts if each.kept), {})
        measured |= {name: kept[name] for name in applying(look.preset) & OF_REMADE}
    missing = applying(look.preset) - set(measured)
    if missing:
        raise ValueError(f"preset {look.preset.name}: not measured: {', '.join(sorted(missing))}")
    return measured


def _product(
    master: Pixels,
    decoded: list[Pixels],
    placed: Placed,
    *,
    look: Look,
    gate: Gate,
    rendered: RenditionFacts,
) -> dict[str, float]:
    """What a picture with the product's own pixels is held to."""
    boxes = [placed.box] + ([rendered.shadow] if rendered.shadow else [])
    files: dict[str, float] = {}
    for pixels in decoded:
        found = product_metrics(pixels, placed)
        if look.preset.engine == "standardise":
            found |= background_metrics(pixels, look.brand.background, boxes=boxes)
        files = worst(files, found, gate)
    measured = lock_metrics(master, placed) | files
    fill, baseline = look.brand.fill, look.brand.baseline
    backdrop = rendered.backdrop
    if backdrop:
        measured["foreground_share"] = backdrop.foreground_share
        fill = fill_of(placed.matte, look.brand.scene_fill)
        baseline = backdrop.stand
    return measured | framing_metrics(
        placed,
        rendered.placement,
        fill=fill,
        baseline=None if backdrop and backdrop.view == "overhead" else baseline,
    )


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
    measured = measure(
        master,
        [decode(data) for _, data in encoded],
        placed,
        look=run.look(row.variant),
        gate=configuration.gate,
        prepared=prepared,
        rendered=rendered,
    )
    rules = judge(measured, configuration.gate)
    return QualityReport(
        **row.model_dump(exclude={"reason", "message"}),
        verdict=verdict_of(rules),
        reasons=[rule.rule for rule in rules if rule.state != "PASS"],
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
