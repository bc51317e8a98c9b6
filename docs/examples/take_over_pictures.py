"""Runs when Packshot has published: tells another system what there is to take over."""

from airflow.sdk import Asset, dag, task

NIGHT, SEASON = Asset("packshot/samples/published"), Asset("packshot/seasonal/published")
REVIEWED = Asset("packshot/reviewed/published")


@dag(schedule=NIGHT | SEASON | REVIEWED)
def take_over_pictures():
    @task
    def take_over(triggering_asset_events=None):
        for event in sum(triggering_asset_events.values(), []):
            told = event.extra
            print(told["version"], told["counts"]["published"], told["manifest_key"])

    take_over()


take_over_pictures()
