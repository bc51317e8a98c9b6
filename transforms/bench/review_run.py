"""A made-up night of many renditions, for measuring what shows them."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from transforms.images.codec import encode_thumbnail
from transforms.manifest.fingerprint import fingerprint
from transforms.manifest.layout import rendition_key, run_key, shard_key
from transforms.manifest.parquet import to_bytes, to_table, write_records
from transforms.manifest.records import Outcome, QualityReport, RuleResult, State, Verdict
from transforms.manifest.run import RunPlan
from transforms.manifest.summary import Counts, Summary
from transforms.manifest.verdicts import write_verdicts
from transforms.presets.catalogue import Catalogue, Place
from transforms.presets.configuration import configure
from transforms.presets.loading import config_folder
from transforms.storage.opening import open_storage

RUN = "bench-run"
SHARD = 32
WAITING, FAILED = 0.15, 0.02
"""Shares of pictures that wait and that failed, as in a night after a new camera."""
_DIFFERENT_THUMBNAILS = 64


def made_up_catalogue(root: Path) -> Catalogue:
    """One with a standard look, whose storages are folders in `root`."""
    return Catalogue(
        name="bench",
        source=Place(uri=(root / "source").as_uri()),
        work=Place(uri=(root / "work").as_uri()),
        published=Place(uri=(root / "published").as_uri()),
        variants={"standard": "standard"},
        channels=("shop",),
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
        path = root / "work" / rendition_key(made, "thumb.jpg")
        path.write_bytes(thumbnails[number % len(thumbnails)] + b"\n%d" % number)
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
    work.create(run_key(RUN, "outcomes.parquet"), to_bytes(to_table(outcomes, Outcome)))
    now = datetime.now(UTC)
    states = [each.state for each in outcomes]
    summary = Summary(
        run_id=RUN,
        catalogue="bench",
        variants=("standard",),
        ending="published",
        message="A made-up run.",
        counts=Counts(
            listed=count,
            published=states.count("published"),
            review=states.count("review"),
            failed=states.count("failed"),
        ),
        changes={},
        reasons={},
        warnings={},
        version=None,
        manifest=None,
        report=None,
        outcomes=run_key(RUN, "outcomes.parquet"),
        started=now,
        ended=now,
        seconds=0.0,
        plan=RunPlan(
            run_id=RUN,
            started=now,
            configuration=configuration,
            base=None,
            base_etag=None,
            previous_outcomes=None,
        ),
    )
    work.create(run_key(RUN, "summary.json"), summary.model_dump_json().encode())
