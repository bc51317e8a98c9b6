"""The downstream DAG of the README hears of all that is published."""

import pytest

from tests.dags.downstream import EXAMPLE, ROOT, downstream_dag


@pytest.mark.usefixtures("airflow_database")
def test_it_is_started_by_every_publication_of_the_sample_catalogue(config, parse):
    heard = {asset.name for asset in downstream_dag().timetable.asset_condition.objects}

    publishing = ("nightly_standardise", "seasonal_variants", "publish_reviewed")
    dags = parse().dags
    tasks = [task for name in publishing for task in dags[name].tasks]
    assert heard == {asset.name for task in tasks for asset in task.outlets}


def test_the_readme_shows_it():
    code = EXAMPLE.read_text().partition('"""\n\n')[2].strip()

    assert code in (ROOT / "README.md").read_text()
