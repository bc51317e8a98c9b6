"""All pictures of one run in memory, by a few columns of its manifests."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from packshot_review.runs import EndedRun
from transforms.errors import NotFoundError, StorageError
from transforms.records.outcomes import Outcome
from transforms.records.parquet import from_table, parse_table, read_lasting
from transforms.records.renditions import QualityReport
from transforms.runs.verdicts import read_verdicts
from transforms.storage.protocol import Storage
from transforms.storage.transfer import read_each

MOST_UNCHANGED = 20_000
"""Beyond it, pictures that a run did not touch are counted and not listed: a night over a million
photographs changes some hundred."""

_ATTENTION = ("failed", "review", "quarantined", "published", "unchanged", "deferred")
_OUTCOMES = ["key", "sku", "view", "variant", "state", "reason", "message", "fingerprint",
             "prepared"]  # fmt: skip
_EARLIER_RUNS = 60
"""So far back the report on a picture that still waits is looked for."""


@dataclass(frozen=True, slots=True)
class RunPicture:
    """One picture of a run, in one variant."""

    id: str
    """Of source key and variant: the same in every run."""
    key: str
    sku: str
    view: str
    variant: str
    preset: str
    engine: str
    """What made it, in words."""
    state: str
    reason: str
    message: str
    fingerprint: str
    """Of the rendition; empty where none was made."""
    prepared: str
    verdict: str
    """Empty: not judged, or the report is no longer kept."""
    objections: tuple[str, ...]
    """Rules that did not pass, worst first."""
    withheld: tuple[str, ...]
    """Channels that do not get it, whatever the gate says."""
    report: str
    """Key of the manifest that holds its QualityReport; empty: there is none."""
    report_run: str

    @property
    def name(self) -> str:
        """As people call it."""
        return f"{self.sku} {self.view}".strip() if self.sku else self.key

    @property
    def folder(self) -> str:
        """The first folder of its key, where that is not the product's own; else empty."""
        first, *below = self.key.split("/")
        return first if below and first != self.sku else ""


@dataclass(frozen=True, slots=True)
class RunIndex:
    """Pictures of a run, worst first."""

    pictures: tuple[RunPicture, ...]
    by_id: dict[str, RunPicture]
    unlisted: int
    """Unchanged pictures that were too many to list."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A verdict, without its rules."""

    key: str
    variant: str
    fingerprint: str
    verdict: str
    reasons: tuple[str, ...]
    reason: str
    """Code of what prevented rendering or checking; empty: nothing did."""
    message: str
    checkpoint: str
    """Identity of the diffusion model that ran; empty: none did."""
    withheld: tuple[str, ...]
    """Channels that do not get it."""
    report: str
    """Key of the manifest that holds it all."""
    run_id: str


def picture_id(key: str, variant: str) -> str:
    """Name of a picture in addresses: 16 hexadecimal digits."""
    return hashlib.sha256(f"{key}\x00{variant}".encode()).hexdigest()[:16]


def read_index(work: Storage, run: EndedRun, older: list[EndedRun]) -> RunIndex:
    """Read a run's pictures.

    Args:
        work: The catalogue's work storage.
        run: The run.
        older: Earlier runs, newest first: they hold the reports on pictures that still wait.

    Raises:
        StorageError: Storage does not answer, or a manifest is not readable.
    """
    if run.outcomes is None:
        return RunIndex((), {}, 0)
    outcomes = read_lasting(work, run.outcomes, Outcome, _OUTCOMES)
    outcomes = outcomes.filter(pc.is_in(outcomes["variant"], pa.array(run.variants, pa.string())))
    unchanged = pc.sum(pc.equal(outcomes["state"], "unchanged")).as_py() or 0
    if unchanged > MOST_UNCHANGED:
        outcomes = outcomes.filter(pc.not_equal(outcomes["state"], "unchanged"))
    rows = outcomes.to_pylist()
    reported = _find_reports(work, run, older, wanted=_select_judged(rows))
    pictures = sorted((_make_picture(row, run, reported) for row in rows), key=_worst_first)
    by_id = {picture.id: picture for picture in pictures}
    return RunIndex(tuple(pictures), by_id, unchanged if unchanged > MOST_UNCHANGED else 0)


def read_report(work: Storage, picture: RunPicture) -> QualityReport | None:
    """The verdict on a picture with all rules and files; None: none was given, or it is gone.

    Raises:
        StorageError: Storage does not answer, or a manifest is not readable.
    """
    return read_reports(work, [picture]).get(picture)


def read_reports(work: Storage, pictures: Iterable[RunPicture]) -> dict[RunPicture, QualityReport]:
    """The verdicts on pictures with all rules and files; each manifest is read once.

    Returns:
        None of those that were not judged, or whose verdict is no longer kept.

    Raises:
        StorageError: Storage does not answer, or a manifest is not readable.
    """
    wanted: dict[str, dict[tuple[str, str], list[RunPicture]]] = {}
    for picture in pictures:
        if picture.report:
            name = (picture.fingerprint, picture.key)
            wanted.setdefault(picture.report, {}).setdefault(name, []).append(picture)
    found = {}
    for manifest, data in read_each(work, wanted):
        if isinstance(data, NotFoundError):
            continue
        if isinstance(data, StorageError):
            raise data
        table = parse_table(data, f"{work.uri}/{manifest}")
        columns = (table[name].to_pylist() for name in ("fingerprint", "key"))
        places = {name: place for place, name in enumerate(zip(*columns, strict=True))}
        known = [name for name in wanted[manifest] if name in places]
        reports = from_table(table.take([places[name] for name in known]), QualityReport)
        for name, report in zip(known, reports, strict=True):
            found.update(dict.fromkeys(wanted[manifest][name], report))
    return found


def _select_judged(rows: list[dict[str, str]]) -> set[tuple[str, str]]:
    return {
        (row["key"], row["fingerprint"])
        for row in rows
        if row["fingerprint"] and row["state"] in ("review", "failed", "published")
    }


def _find_reports(
    work: Storage, run: EndedRun, older: list[EndedRun], *, wanted: set[tuple[str, str]]
) -> dict[tuple[str, str], ReportRow]:
    found: dict[tuple[str, str], ReportRow] = {}
    for each in [run, *older[:_EARLIER_RUNS]]:
        missing = wanted - found.keys()
        if not missing:
            break
        if not set(each.variants) & set(run.variants):
            continue
        for report in read_run_reports(work, each.run_id):
            if (report.key, report.fingerprint) in missing:
                found[report.key, report.fingerprint] = report
    return found


def read_run_reports(work: Storage, run_id: str) -> Iterator[ReportRow]:
    """Verdicts of the pictures that a run made.

    Raises:
        StorageError: Storage does not answer, or a manifest is not readable.
    """
    for row in read_verdicts(work, run_id).to_pylist():
        reasons = tuple(row.pop("reasons") or ())
        withheld = tuple(row.pop("withheld") or ())
        yield ReportRow(**row, reasons=reasons, withheld=withheld, run_id=run_id)


def _make_picture(
    row: dict[str, str], run: EndedRun, reported: dict[tuple[str, str], ReportRow]
) -> RunPicture:
    report = reported.get((row["key"], row["fingerprint"]))
    return RunPicture(
        id=picture_id(row["key"], row["variant"]),
        **row,
        preset=run.presets.get(row["variant"], ""),
        engine=run.engines.get(row["variant"], ""),
        verdict=report.verdict if report else "",
        objections=_objections(row["reason"], report),
        withheld=report.withheld if report else (),
        report=report.report if report else "",
        report_run=report.run_id if report else "",
    )


def _objections(reason: str, report: ReportRow | None) -> tuple[str, ...]:
    """Rules that it broke, and why it waits where that is none of them: it is unlike its batch."""
    broken = report.reasons if report else ()
    return broken if reason in broken or not reason else (*broken, reason)


def _worst_first(picture: RunPicture) -> tuple[int, int, str, str]:
    return (
        _ATTENTION.index(picture.state),
        -len(picture.objections),
        picture.key,
        picture.variant,
    )
