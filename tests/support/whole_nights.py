"""Whole nights over small photographs in a folder, in this process."""

import shutil
from collections import Counter
from pathlib import Path

from tests.support.product_pictures import COLOURS, jpeg, vase
from transforms.presets.configuration import Configuration
from transforms.records.outcomes import Outcome
from transforms.records.parquet import read_records
from transforms.runner import open_places, run_catalogue
from transforms.runs.summary import Summary

SIDE = 640
STATES = ("published", "unchanged", "review", "quarantined", "failed")


class Shop:
    """Two vases in a folder, and nights over them in this process."""

    def __init__(self, folder: Path, configuration: Configuration) -> None:
        self.folder, self.configuration = folder, configuration
        self.places = open_places(configuration.catalogue)

    def photograph(self, sku: str, number: int, *, name: str = "front.jpg") -> None:
        self.put(f"{sku}/{name}", jpeg(vase(COLOURS[number], side=SIDE, lean=number)))

    def put(self, key: str, data: bytes) -> None:
        path = self.folder / "source" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_bytes(data)

    def lose_work(self) -> None:
        shutil.rmtree(self.folder / "work")

    def night(self, **options) -> tuple[Summary, Counter]:
        """A night; its summary, and its pictures by state."""
        configuration = options.pop("configuration", self.configuration)
        summary = run_catalogue(configuration, progress=Silent(), **options)
        counts = summary.counts.model_dump()
        return summary, Counter({state: counts[state] for state in STATES if counts[state]})

    def made(self) -> int:
        """Files of prepared images and renditions."""
        work = self.places.work
        return sum(len(work.listing(f"{folder}/")) for folder in ("prepared", "renditions"))

    def outcomes(self, summary: Summary) -> dict[str, Outcome]:
        rows = read_records(self.places.work, summary.outcomes, Outcome)
        return {row.sku: row for row in rows}


class Silent:
    def begin(self, stage: str, shards: int) -> None:
        pass

    def advance(self, stage: str) -> None:
        pass
