"""The DAGs that the review page starts."""

from datetime import UTC, datetime

import pytest
import yaml

from tests.dags.shop import FIRST, SECOND, THIRD, Shop, asset_events, states
from tests.support.product_pictures import products
from transforms.publishing.decisions import ReviewDecision, record_decision
from transforms.records.parquet import read_records
from transforms.records.renditions import QualityReport


@pytest.fixture
def shop(config, parse, tmp_path) -> Shop:
    """One after a night in which every picture waits for a person."""
    gate = yaml.safe_load((config / "gate.yaml").read_text())
    gate["rules"]["enlargement"]["review_above"] = 0.01
    (config / "gate.yaml").write_text(yaml.safe_dump(gate))
    shop = Shop(tmp_path, parse)
    shop.photograph(**products(2))
    shop.night(FIRST)
    return shop


def decide(shop: Shop, sku: str, **more) -> None:
    run_id = shop.run_id(FIRST)
    (report,) = (
        each
        for key in shop.work.listing(f"runs/{run_id}/quality/")["key"].to_pylist()
        for each in read_records(shop.work, key, QualityReport)
        if each.sku == sku
    )
    if more["action"] == "approve":
        more["files"] = {file.channel: file.sha256 for file in report.files}
    decision = ReviewDecision(
        **report.model_dump(include={"fingerprint", "key", "sku", "view", "variant"}),
        number=1,
        by="anna",
        at=datetime.now(UTC),
        catalogue="samples",
        run_id=run_id,
        **more,
    )
    record_decision(shop.work, decision)


def test_it_publishes_what_was_approved_and_tells_so(shop):
    assert shop.published_skus() == set()
    decide(shop, "VASE-1", action="approve")

    run = shop.night(SECOND, dag_id="publish_reviewed", catalogue="samples")

    assert run.state == "success"
    assert shop.published_skus() == {"VASE-1"}
    assert asset_events()[-1]["counts"]["published"] == 1

    again = shop.night(THIRD, dag_id="publish_reviewed", catalogue="samples")

    assert again.state == "success"
    assert states(again) == {"publish": {"skipped": 1}, "announce": {"skipped": 1}}


def test_another_try_is_made_and_measured_and_published_by_nobody(shop):
    run_id = shop.run_id(SECOND)
    decide(shop, "VASE-0", action="retry", preset="standard-grounded", retry_run=run_id)

    run = shop.night(SECOND, dag_id="rerender", catalogue="samples")

    assert run.state == "success"
    assert states(run) == {name: {"success": 1} for name in ("begin", "models", "render", "check")}
    (key,) = shop.work.listing(f"runs/{run_id}/quality/")["key"].to_pylist()
    (report,) = read_records(shop.work, key, QualityReport)
    assert (report.sku, report.reason) == ("VASE-0", "")
    assert report.files
    assert shop.published_skus() == set()
