"""Where each picture stands: what its run said, what people decided, what other tries made."""

from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from packshot_review.index import RunPicture
from packshot_review.shop import Published, Shop
from transforms.publishing.decisions import ReviewDecision

STATUSES = (
    "failed", "stuck", "ready", "waiting", "retried", "approved", "rejected", "quarantined",
    "published", "unchanged", "deferred",
)  # fmt: skip
"""Worst first."""
DECIDABLE = ("failed", "stuck", "ready", "waiting", "retried", "approved", "rejected")

_OF_ACTION = {"approve": "approved", "reject": "rejected"}


@dataclass(frozen=True, slots=True)
class PictureStatus:
    """One picture, and where it stands."""

    picture: RunPicture
    status: str
    decision: ReviewDecision | None
    number: int
    """How many decisions there were; the next one is one more."""

    @property
    def approvable(self) -> bool:
        """Whether a person may let it out: the gate did not fail it, and it is not out already."""
        judged = self.picture.verdict in ("PASS", "REVIEW") and self.picture.state == "review"
        return judged and self.status != "published"

    @property
    def decidable(self) -> bool:
        """Whether there is anything to decide: pixels were made, and are not out."""
        return bool(self.picture.fingerprint) and self.status in DECIDABLE


class StatusSnapshot:
    """Says where pictures stand, as of one moment."""

    def __init__(self, shop: Shop, *, at_once: bool = False) -> None:
        self._shop = shop
        self._log = shop.log.refresh(at_once=at_once)
        self._published: set[str] = set()
        approved = [each for each in self._log.all_standing() if each.action == "approve"]
        self._instead = {each.instead_of: each for each in approved if each.instead_of}
        if approved:
            self._published = _find_published(
                shop.read_published(), [each.fingerprint for each in approved]
            )

    def of(self, picture: RunPicture) -> PictureStatus:
        """Where one picture stands."""
        decisions = self._log.about(picture.fingerprint) if picture.fingerprint else []
        last = decisions[-1] if decisions else None
        decision = None if last is None or last.action == "undo" else last
        status = "waiting" if picture.state == "review" else picture.state
        if decision is not None and picture.state in ("review", "failed"):
            status = self._status_after(picture, decision)
        return PictureStatus(picture, status, decision, last.number if last else 0)

    def _status_after(self, picture: RunPicture, decision: ReviewDecision) -> str:
        """Where a picture stands on which somebody decided; another attempt may stand for it."""
        if decision.action == "retry":
            instead = self._instead.get(picture.fingerprint)
            if instead is not None:
                return "published" if instead.fingerprint in self._published else "approved"
            run = self._shop.read_retry_run(decision.retry_run)
            made = run.verdicts.get((picture.key, picture.variant))
            if made is None:
                return "stuck" if run.not_made else "retried"
            return "stuck" if made.verdict == "FAIL" and made.message else "ready"
        if decision.action == "approve" and picture.fingerprint in self._published:
            return "published"
        return _OF_ACTION[decision.action]


def _find_published(published: Published, fingerprints: list[str]) -> set[str]:
    """Those of the renditions that are out."""
    column = published.manifest["rendition"]
    found = column.filter(pc.is_in(column, value_set=pa.array(fingerprints, pa.string())))
    return set(found.to_pylist())


@dataclass(frozen=True, slots=True)
class Retry:
    """One other attempt."""

    asked: ReviewDecision
    picture: RunPicture | None
    """As it would go out in place of the first; None: it is not made, or not yet."""
    not_made: str = ""
    """Why its run could not begin; empty: it could, or nothing is told."""

    @property
    def failure(self) -> str:
        """Why there is no picture to look at; empty: there is one, or it is not made yet."""
        made = self.picture
        if made is None:
            return self.not_made
        return made.message if made.verdict == "FAIL" else ""

    @property
    def settings(self) -> str:
        """What was asked for, in words."""
        told = [f"preset {self.asked.preset}"] if self.asked.preset else []
        told += [f"model {self.asked.model}"] if self.asked.model else []
        if self.asked.settings:
            chosen = self.asked.settings.model_dump(exclude_none=True)
            told += [f"{name} {value:g}" for name, value in chosen.items()]
        return ", ".join(told)


def list_retries(shop: Shop, picture: RunPicture) -> list[Retry]:
    """Other attempts at a picture, newest first, as of the last refresh of decisions."""
    asked = [each for each in shop.log.about(picture.fingerprint) if each.retry_run]
    return [_describe_retry(shop, picture, each) for each in reversed(asked)]


def _describe_retry(shop: Shop, picture: RunPicture, asked: ReviewDecision) -> Retry:
    return Retry(
        asked, _read_made(shop, picture, asked), shop.read_retry_run(asked.retry_run).not_made
    )


def find_retried_picture(shop: Shop, picture: RunPicture, run_id: str) -> RunPicture | None:
    """What the attempt that a run made looks like; None: no decision on the picture names it."""
    found = (each for each in list_retries(shop, picture) if each.asked.retry_run == run_id)
    first = next(found, None)
    return first.picture if first else None


def _read_made(shop: Shop, picture: RunPicture, asked: ReviewDecision) -> RunPicture | None:
    report = shop.read_retry_run(asked.retry_run).verdicts.get((picture.key, picture.variant))
    if report is None:
        return None
    return replace(
        picture,
        fingerprint=report.fingerprint,
        preset=asked.preset or picture.preset,
        state="failed" if report.verdict == "FAIL" or report.reason else "review",
        verdict=report.verdict,
        objections=report.reasons,
        withheld=report.withheld,
        reason=report.reason or (report.reasons[0] if report.reasons else ""),
        message=report.message,
        report=report.report,
        report_run=asked.retry_run,
    )
