"""Keys of everything that Packshot writes."""

import hashlib
import re
from typing import Literal

POINTER = "current.json"
"""In the published storage: the one object that is ever replaced."""

RUNS, REVIEWS = "runs", "reviews"
PREPARED, RENDITIONS, BACKDROPS = "prepared", "renditions", "backdrops"
"""Folders of the work storage that hold artefacts: see `transforms.records.artefact`."""
FACTS = "facts.json"
"""The file that makes an artefact: written last, it says which of the others count."""

Stage = Literal["inventory", "measured", "accepted", "prepared", "jobs", "renditions", "quality"]
"""Folders of a run that hold shards, each named after what its rows tell, in the order in which
they are written: by `ingest`, `measure`, `validate`, `prepare`, `plan`, `render` and `check`."""

RunFile = Literal[
    "inventory.parquet",
    "run.json",
    "already_published.parquet",
    "quarantined.parquet",
    "accepted.parquet",
    "publication.json",
    "outcomes.parquet",
    "verdicts.parquet",
    "report.html",
    "summary.json",
]
"""Whole files of a run beside its shards, in the order in which they are written: by `ingest` (the
plan last: with it the run has begun), `validate`, `publish` and `report` (the summary last: with it
the run has ended)."""


def run_key(run_id: str, name: RunFile | str) -> str:
    """A file of one run: `runs/<run_id>/summary.json`."""
    return f"{RUNS}/{run_id}/{name}"


def shards_folder(run_id: str, stage: Stage) -> str:
    """Where a stage's shards lie: `runs/<run_id>/prepared/`."""
    return run_key(run_id, f"{stage}/")


def shard_key(run_id: str, stage: Stage, shard: int) -> str:
    """One shard of what a stage reads or writes: `runs/<run_id>/prepared/0003.parquet`."""
    return f"{shards_folder(run_id, stage)}{shard:04d}.parquet"


def artefact_key(folder: str, fingerprint: str, name: str) -> str:
    """A file of one artefact: `prepared/<fingerprint>/facts.json`."""
    return f"{folder}/{fingerprint}/{name}"


def last_days_folder(variant: str) -> str:
    """Where decisions on a variant's last day lie, a folder for each."""
    return f"last-days/{variant}"


def last_day_key(variant: str, decided: str) -> str:
    """One decision on a variant's last day, by when it was taken: names sort by age."""
    return f"{last_days_folder(variant)}/{decided}/decision.json"


def review_key(fingerprint: str, number: int) -> str:
    """A decision about one rendition; they are counted from 1."""
    return f"{REVIEWS}/{fingerprint}/{number:04d}.json"


def encoded_folder(fingerprint: str) -> str:
    """Where the files lie that channels get of a picture, beside its own rendition's."""
    return artefact_key(RENDITIONS, fingerprint, "encoded/")


def encoded_key(fingerprint: str, channel: str, digest: str, extension: str) -> str:
    """A rendition as a channel gets it, kept until it is published or outdated."""
    return f"{encoded_folder(fingerprint)}{channel}-{digest[:16]}.{extension}"


def signed_key(fingerprint: str, channel: str, digest: str, extension: str) -> str:
    """A signed file, named by what was signed and with which certificate.

    Two signatures are never the same bytes: a retry finds the first one there.
    """
    return f"{encoded_folder(fingerprint)}{channel}-{digest[:16]}.signed.{extension}"


def published_key(
    sku: str, view: str, variant: str, *, channel: str, digest: str, extension: str
) -> str:
    """A published file; its name holds its content's hash, so it never changes."""
    return f"{sku}/{view}/{variant}/{channel}-{digest[:16]}.{extension}"


def manifest_key(version: str) -> str:
    """The list of all that a version publishes."""
    return f"manifests/{version}.parquet"


ANOTHER_TRY = "retry.json"
"""In the folder of a run that makes another attempt at some pictures: it publishes nothing."""


_LONGEST, _CUT = 120, 100
"""Readable lengths for a folder."""


def safe_run_id(run_id: str) -> str:
    """Turn an Airflow run id into one that is safe in keys, file names and URLs.

    `:` and `+` and all else that is not safe become `-`; then a short hash follows, so that two
    run ids stay two.
    """
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", run_id).strip(".-")
    if safe == run_id and len(safe) <= _LONGEST:
        return safe
    return f"{safe[:_CUT]}-{hashlib.sha256(run_id.encode()).hexdigest()[:8]}"
