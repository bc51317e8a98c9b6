"""A made-up night of many renditions, for measuring what shows them."""

from pathlib import Path

import numpy as np

from benchmarks.made_up import first_plan, leave_ended, made_up_catalogue
from transforms.images.codec import encode_thumbnail
from transforms.presets.configuration import configure
from transforms.presets.loading import config_folder
from transforms.records.artefact import RENDITION, objects_of
from transforms.records.facts import Placement, RenditionFacts
from transforms.records.fingerprint import CODE_VERSIONS, fingerprint
from transforms.records.layout import shard_key
from transforms.records.outcomes import Outcome, State
from transforms.records.parquet import to_table, write_records
from transforms.records.renditions import QualityReport, RuleResult, Verdict
from transforms.runs.summary import Counts
from transforms.runs.verdicts import write_verdicts
from transforms.storage.opening import open_storage

RUN = "bench-run"
SHARD = 32
WAITING, FAILED = 0.15, 0.02
"""Shares of pictures that wait and that failed, as in a night after a new camera."""
_DIFFERENT_THUMBNAILS = 64
_FACTS = RenditionFacts(
    prepared="",
    preset="standard",
    brand="house",
    engine="standardise",
    seed=0,
    placement=Placement(scale=1, left=0, top=0, canvas_px=2000, product=(200, 200, 1800, 1800)),
    enlarged=False,
    shadow=None,
    versions=CODE_VERSIONS,
)


def write_run(root: Path, count: int) -> None:
    """Write the manifests and thumbnails of a night of `count` renditions, as a night does."""
    catalogue = made_up_catalogue(root)
    work = open_storage(catalogue.work.uri)
    (root / "work" / "renditions").mkdir(parents=True)
    (root / "published").mkdir()
    configuration = configure(catalogue, config_folder())
    rules = configuration.gate.rules
    generator = np.random.default_rng(1)
    shape = (_DIFFERENT_THUMBNAILS, 12, 12, 3)
    thumbnails = [
        encode_thumbnail(np.kron(noise, np.ones((40, 40, 1), np.uint8)))
        for noise in generator.integers(120, 255, shape, np.uint8)
    ]
    reports, outcomes = [], []
    for number in range(count):
        share = number / count
        verdict: Verdict = "FAIL" if share < FAILED else "REVIEW" if share < WAITING else "PASS"
        broken = "matte_disagreement" if verdict != "PASS" else ""
        known = {"key": f"SKU-{number:06d}/front.jpg", "sku": f"SKU-{number:06d}", "view": "front"}
        made = fingerprint("bench", number)
        small = thumbnails[number % len(thumbnails)] + b"\n%d" % number
        for key, data in objects_of(RENDITION, made, _FACTS, {"thumb.jpg": small}):
            path = root / "work" / key
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        reports.append(
            QualityReport(
                **known,
                sha256="0" * 64,
                prepared=made,
                variant="standard",
                fingerprint=made,
                verdict=verdict,
                reasons=[broken] if broken else [],
                rules=[
                    RuleResult(
                        rule=name,
                        value=0.5,
                        limit="at most 1",
                        state=verdict if name == broken else "PASS",
                        why=limit.why,
                    )
                    for name, limit in rules.items()
                ],
            )
        )
        state: State = {"FAIL": "failed", "REVIEW": "review", "PASS": "published"}[verdict]  # type: ignore[assignment]
        outcomes.append(
            Outcome(
                **known,
                etag=str(number),
                size_bytes=1,
                sha256="0" * 64,
                phash="",
                variant="standard",
                recipe="bench",
                state=state,
                reason=broken,
                message="",
                fingerprint=made,
                prepared="",
            )
        )
    for shard, begin in enumerate(range(0, count, SHARD)):
        part = reports[begin : begin + SHARD]
        write_records(work, shard_key(RUN, "quality", shard), part, QualityReport)
    write_verdicts(work, RUN)
    states = [each.state for each in outcomes]
    counts = Counts(
        listed=count,
        published=states.count("published"),
        review=states.count("review"),
        failed=states.count("failed"),
    )
    plan, table = first_plan(configuration, RUN), to_table(outcomes, Outcome)
    leave_ended(work, plan, "standard", table, counts)
