"""A run over a folder of pictures made here, without what the other stages do."""

import io
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from transforms.presets.configuration import Configuration, load_configuration
from transforms.records.layout import shard_key
from transforms.records.outcomes import Outcome
from transforms.records.parquet import to_bytes, to_table, write_records
from transforms.records.pictures import SourceImage
from transforms.runs.run import Places, Run, RunPlan
from transforms.storage.folder import FolderStorage

ROOT = Path(__file__).parents[3]


class Shop:
    """A source folder and a run over it."""

    def __init__(self, folder: Path, configuration: Configuration) -> None:
        self.folder = folder
        self.configuration = configuration
        self.source = folder / "source"
        self.source.mkdir()
        (folder / "work").mkdir()
        self.places = Places(*(FolderStorage(folder / n) for n in ("source", "work", "published")))

    @staticmethod
    def photo(seed: int, side: int = 640) -> Image.Image:
        """A sharp, clean picture that no other seed resembles."""
        levels = np.random.default_rng(seed).integers(30, 225, (7, 7, 3), dtype=np.uint8)
        return Image.fromarray(levels).resize((side, side), Image.Resampling.NEAREST)

    @staticmethod
    def jpeg(image: Image.Image, quality: int = 92, **options: object) -> bytes:
        """The file of a picture."""
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality, **options)
        return buffer.getvalue()

    def put(self, key: str, data: bytes) -> str:
        """Upload a file."""
        path = self.source / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return key

    def begin(
        self,
        *,
        shard_size: int = 4,
        run_id: str = "r1",
        previous: str | None = None,
        only: set[str] | None = None,
    ) -> tuple[Run, list[int]]:
        """Write what `ingest` would, for all files or `only` some."""
        plan = RunPlan(
            run_id=run_id,
            started=datetime(2026, 1, 1, tzinfo=UTC),
            configuration=self.configuration,
            base=None,
            base_etag=None,
            previous_outcomes=previous,
        )
        run = Run(plan, self.places)
        listed = [
            SourceImage(
                key=row["key"],
                sku=row["key"].split("/")[0],
                view=Path(row["key"]).stem,
                etag=row["etag"],
                size_bytes=row["size_bytes"],
                change="new",
            )
            for row in self.places.source.listing().to_pylist()
        ]
        self.places.work.create(
            run.key("inventory.parquet"), to_bytes(to_table(listed, SourceImage))
        )
        todo = [row for row in listed if only is None or row.key in only]
        starts = range(0, len(todo), shard_size)
        for shard, start in enumerate(starts):
            key = shard_key(run_id, "inventory", shard)
            write_records(self.places.work, key, todo[start : start + shard_size], SourceImage)
        return run, list(range(len(starts)))


@pytest.fixture
def shop(tmp_path):
    """An empty shop."""
    configuration = load_configuration(
        ROOT / "config" / "catalogues" / "samples.yaml", ROOT / "config"
    )
    return Shop(tmp_path, configuration)


@pytest.fixture
def outcomes():
    """Turn rows into the outcomes of an earlier run."""

    def make(shop: Shop, rows: list[dict[str, str]]) -> str:
        blank = dict.fromkeys(Outcome.model_fields, "") | {"size_bytes": 1}
        records = [Outcome.model_validate(blank | row) for row in rows]
        shop.places.work.create("runs/r0/outcomes.parquet", to_bytes(to_table(records, Outcome)))
        return "runs/r0/outcomes.parquet"

    return make
