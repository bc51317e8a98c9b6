"""A small shop whose DAGs run in this process: photographs in a folder, and what was published."""

from collections import Counter
from datetime import UTC, datetime

from pipeline_wiring import safe_run_id

from transforms.publishing.version import read_pointer, read_published
from transforms.runs.summary import read_summary
from transforms.storage.opening import open_storage

FIRST, SECOND, THIRD, FOURTH = (datetime(2026, 3, day, tzinfo=UTC) for day in (1, 2, 3, 4))


class Shop:
    """A source folder, and runs of DAGs over it."""

    def __init__(self, folder, parse):
        self.source = folder / "source"
        self.work = open_storage((folder / "work").as_uri())
        self.published = open_storage((folder / "published").as_uri())
        self._parse = parse

    def photograph(self, **pictures: bytes) -> None:
        for sku, picture in pictures.items():
            (self.source / sku).mkdir(parents=True, exist_ok=True)
            path = self.source / sku / "front.jpg"
            path.unlink(missing_ok=True)  # it may be linked to another test's
            path.write_bytes(picture)

    def run_id(self, moment) -> str:
        return safe_run_id(f"manual__{moment.isoformat()}")

    def night(self, moment, *, dag_id="nightly_standardise", **conf):
        dag = self._parse().dags[dag_id]
        dag.deadline = None  # dag.test() takes it for its own record in the database, and breaks
        return dag.test(run_after=moment, logical_date=moment, run_conf=conf)

    def season(self, moment, variant="winter", **form):
        """What the form of `seasonal_variants` starts."""
        form = {"catalogue": "samples", "variant": variant, **form}
        return self.night(moment, dag_id="seasonal_variants", **form)

    def summary(self, moment):
        return read_summary(self.work, self.run_id(moment))

    def published_skus(self) -> set[str]:
        pictures = self.published.listing()["key"].to_pylist()
        return {key.split("/")[0] for key in pictures if key.endswith(".jpg")}

    def pointer(self):
        return read_pointer(self.published)[0]

    def manifest(self) -> list[dict]:
        """Rows of the version that shops see."""
        return read_published(self.published).to_pylist()

    def shown(self) -> dict[str, set[str]]:
        """Variant to the skus that shops see in it."""
        found: dict[str, set[str]] = {}
        for row in self.manifest():
            found.setdefault(row["variant"], set()).add(row["sku"])
        return found


def states(run) -> dict[str, Counter]:
    """Task to how many of its instances ended in which state."""
    found: dict[str, Counter] = {}
    for instance in run.get_task_instances():
        found.setdefault(instance.task_id, Counter())[str(instance.state)] += 1
    return found


def asset_events() -> list[dict]:
    """What the assets' events carry, oldest first."""
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        events = session.scalars(select(AssetEvent).order_by(AssetEvent.id)).all()
        return [event.extra for event in events]
