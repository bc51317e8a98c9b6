"""The HTML report of a run: one file that a person opens from the run's folder."""

from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from transforms.presets.strict import Strict
from transforms.records.outcomes import Outcome
from transforms.records.renditions import QualityReport, RuleResult, Withheld
from transforms.records.validation import SuiteValidation
from transforms.runs.summary import Summary

MAX_PICTURES = 1000
"""A browser shows this many quickly; the review page shows all."""

_ATTENTION = ("failed", "review", "quarantined", "published", "unchanged", "deferred")


class ReportedPicture(Strict):
    """One picture as the report shows it. Links are relative to the run's folder."""

    outcome: Outcome
    before: str
    """Thumbnail of the source as it came; empty where it could not be decoded."""
    cutout: str
    """Thumbnail of the prepared product on mid grey; empty where none was prepared."""
    after: str
    """Thumbnail of the rendition; empty where none was made."""
    rules: tuple[RuleResult, ...]
    withheld: tuple[Withheld, ...]
    """Why channels do not get it."""
    noticed: tuple[str, ...]
    """By validation: codes, with the picture that this one resembles."""
    steps: tuple[str, ...]
    """What preparation did."""


def sort_worst_first(outcomes: list[Outcome]) -> list[Outcome]:
    """Those that need a person first, then by key."""
    return sorted(outcomes, key=lambda each: (_ATTENTION.index(each.state), each.key))


def collect_pictures(
    outcomes: list[Outcome],
    quality: list[QualityReport],
    *,
    pictures_at: Mapping[tuple[str, str], str],
    noticed: dict[str, tuple[str, ...]],
    steps: dict[str, tuple[str, ...]],
) -> list[ReportedPicture]:
    """Join what a run knows about its pictures, in the order of `outcomes`.

    Args:
        outcomes: Those to show.
        quality: Reports of theirs.
        pictures_at: Keys in the work storage of `before.jpg`, `cutout.jpg` and `thumb.jpg`, by
            fingerprint and name.
        noticed: What validation noticed, by key.
        steps: What preparation did, by key.
    """
    reports = {(report.key, report.variant): report for report in quality}
    pictures = []
    for outcome in outcomes:
        report = reports.get((outcome.key, outcome.variant))
        pictures.append(
            ReportedPicture(
                outcome=outcome,
                before=_link(pictures_at.get((outcome.prepared, "before.jpg"))),
                cutout=_link(pictures_at.get((outcome.prepared, "cutout.jpg"))),
                after=_link(pictures_at.get((outcome.fingerprint, "thumb.jpg"))),
                rules=tuple(report.rules) if report else (),
                withheld=tuple(report.withheld) if report else (),
                noticed=noticed.get(outcome.key, ()),
                steps=steps.get(outcome.key, ()),
            )
        )
    return pictures


def _link(key: str | None) -> str:
    return f"../../{key}" if key else ""


def render_report(
    summary: Summary,
    pictures: list[ReportedPicture],
    total: int,
    *,
    validations: Sequence[SuiteValidation],
) -> str:
    """The page, with everything escaped that came from a file or a key.

    Args:
        summary: The run's.
        pictures: Those to show.
        total: How many there are.
        validations: What expectation suites said to the run.
    """
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = files("transforms.quality").joinpath("templates/report.html").read_text("utf-8")
    return environment.from_string(template).render(
        summary=summary,
        pictures=pictures,
        states=Counter(picture.outcome.state for picture in pictures),
        left_out=total - len(pictures),
        validations=validations,
        zip=zip,
    )
