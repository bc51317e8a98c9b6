"""Other attempts at a picture: what a person asked for, and what came of it."""

from dataclasses import dataclass, replace

from packshot_review.index import Picture, reports_of
from packshot_review.shop import Shop, Tried
from transforms.publishing.decisions import ReviewDecision


@dataclass(frozen=True, slots=True)
class Try:
    """One other attempt."""

    asked: ReviewDecision
    picture: Picture | None
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


def tries_of(shop: Shop, picture: Picture) -> list[Try]:
    """Other attempts at a picture, newest first, as of the last refresh of decisions."""
    asked = [each for each in shop.log.of(picture.fingerprint) if each.retry_run]
    return [_tried(shop, picture, each) for each in reversed(asked)]


def _tried(shop: Shop, picture: Picture, asked: ReviewDecision) -> Try:
    return Try(asked, _made(shop, picture, asked), tried(shop, asked.retry_run).not_made)


def attempt_at(shop: Shop, picture: Picture, run_id: str) -> Picture | None:
    """What the attempt that a run made looks like; None: no decision on the picture names it."""
    found = (each for each in tries_of(shop, picture) if each.asked.retry_run == run_id)
    first = next(found, None)
    return first.picture if first else None


def _made(shop: Shop, picture: Picture, asked: ReviewDecision) -> Picture | None:
    report = tried(shop, asked.retry_run).verdicts.get((picture.key, picture.variant))
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


def tried(shop: Shop, run_id: str) -> Tried:
    """What a run that makes other attempts has made so far, or why it could not."""
    return shop.once_there(
        run_id,
        lambda: {(each.key, each.variant): each for each in reports_of(shop.work, run_id)},
    )
