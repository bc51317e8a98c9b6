"""Every sample, good or bad, gets what `samples/expected.yaml` says."""

from pathlib import Path

import pytest
import yaml

from transforms.presets.configuration import load_configuration
from transforms.records.parquet import read_table
from transforms.runs.outcomes import UNFINISHED, settle
from transforms.runs.run import Places, open_run
from transforms.stages.ingest import ingest
from transforms.stages.measure import measure_shard
from transforms.stages.validate import validate
from transforms.storage.folder import FolderStorage

ROOT = Path(__file__).resolve().parents[3]
EXPECTED = yaml.safe_load((ROOT / "samples" / "expected.yaml").read_text())


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """Key to outcome of a night over the samples that stops after validation."""
    folder = tmp_path_factory.mktemp("samples")
    configuration = load_configuration(ROOT / "config/catalogues/samples.yaml", ROOT / "config")
    source = FolderStorage(ROOT / "samples" / "source")
    places = Places(source, FolderStorage(folder / "work"), FolderStorage(folder / "published"))
    shards = ingest(places, configuration, run_id="night")
    run = open_run(places, "night")
    for shard in shards:
        measure_shard(run, shard)
    validate(run)
    inventory = read_table(places.work, run.key("inventory.parquet"))
    return {outcome.key: outcome for outcome in settle(run, inventory)}


def test_every_sample_is_expected(outcomes):
    assert set(outcomes) == set(EXPECTED)


@pytest.mark.parametrize("key", sorted(EXPECTED))
def test_a_sample_gets_its_decision(outcomes, key):
    outcome, expected = outcomes[key], EXPECTED[key]

    if expected["outcome"] == "quarantined":
        assert (outcome.state, outcome.reason) == ("quarantined", expected["reason"])
        assert len(outcome.message) > 15  # a sentence for a photographer
    else:
        assert outcome.reason == UNFINISHED  # accepted, and not rendered here
