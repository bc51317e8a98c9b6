"""Routes that change something: decisions about pictures, and publishing what was approved."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from packshot_review import answers, words
from packshot_review.access import Deciding, Person, Reviewer, new_run_id, start
from packshot_review.images import InRun
from packshot_review.index import read_report
from packshot_review.retries import Settings, check_settings, start_retry
from packshot_review.runs import EndedRun
from packshot_review.shop import Shop
from packshot_review.standing import Standing, Standings
from packshot_review.tries import attempt_at
from transforms.errors import ConflictError
from transforms.publishing.decisions import LONGEST_REASON, Action, ReviewDecision, record_decision

router = APIRouter()

MOST_AT_ONCE = 500
PUBLISH_DAG = "publish_reviewed"
"""Publishes what was approved."""


class Asked(BaseModel):
    """The body of a request; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Chosen(Asked):
    """One picture as the person saw it."""

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    fingerprint: Annotated[str, Field(pattern=r"^[0-9a-f]{24}$")]
    """Of the rendition that was looked at: a decision on other pixels is refused."""
    number: Annotated[int, Field(ge=0)]
    """Decisions that the person knew of."""
    attempt: str = ""
    """Of another attempt: the run that made it."""
    status: str = ""
    said: str = ""


class Decide(Asked):
    """What was decided about some pictures."""

    action: Action
    reason: Annotated[str, Field(max_length=LONGEST_REASON)] = ""
    settings: Settings | None = None
    """Of `retry`."""
    pictures: Annotated[list[Chosen], Field(min_length=1, max_length=MOST_AT_ONCE)]


@router.post("/c/{catalogue}/r/{run}/decisions")
def decide(shop: Deciding, run: InRun, person: Person, asked: Decide) -> Response:
    """Record a decision about one picture or many; says of each whether it was recorded.

    409 when none was, because somebody else decided meanwhile or other pixels took their place.
    """
    retry_run = _retry_run(shop, run, person, asked) if asked.action == "retry" else ""
    standings = Standings(shop, at_once=True)
    done: list[dict[str, Any]] = []
    refused: list[dict[str, str]] = []
    recorded: list[ReviewDecision] = []
    for chosen in asked.pictures:
        try:
            standing = _seen(shop, run, standings, asked=asked, chosen=chosen)
            _allow(standing, asked.action, chosen.number)
            decision = _decision(
                shop,
                standing,
                asked=asked,
                person=person,
                run=run,
                chosen=chosen,
                retry_run=retry_run,
            )
            record_decision(shop.work, decision)
        except ConflictError as error:
            refused.append({"id": chosen.id, "why": str(error)})
        else:
            recorded.append(decision)
            done.append(_done(chosen, asked.action, standing))
    if retry_run and recorded:
        start_retry(shop, person, retry_run, recorded)
    shop.log.refresh(at_once=True)
    return answers.told({"done": done, "refused": refused}, status=200 if done else 409)


def _retry_run(shop: Shop, run: EndedRun, person: Reviewer, asked: Decide) -> str:
    index = shop.index(run)
    chosen = [index.by_id[each.id] for each in asked.pictures if each.id in index.by_id]
    check_settings(shop, asked.settings or Settings(), {picture.preset for picture in chosen})
    return new_run_id("again", person)


def _seen(
    shop: Shop, run: EndedRun, standings: Standings, *, asked: Decide, chosen: Chosen
) -> Standing:
    """Where a picture stands, if it is still the one that the person saw."""
    picture = shop.index(run).by_id.get(chosen.id)
    if chosen.attempt and asked.action == "retry":
        raise ConflictError("Ask for another try on the first picture, not on an attempt at it.")
    if picture is not None and chosen.attempt:
        picture = attempt_at(shop, picture, chosen.attempt)
    if picture is None or picture.fingerprint != chosen.fingerprint:
        raise ConflictError("There are other pixels now. Reload, and look again.")
    return standings.of(picture)


def _allow(standing: Standing, action: Action, known: int) -> None:
    """Raise ConflictError, in words for the person, where this cannot be decided."""
    name = standing.picture.name
    if standing.number != known:
        other = standing.decision
        who = f"{other.by} {words.ACTION[other.action]}" if other else "Somebody decided"
        raise ConflictError(f"{name}: {who} meanwhile. Yours was not recorded.")
    if standing.status == "published":
        raise ConflictError(f"{name} is published: nothing is left to decide.")
    if not standing.decidable:
        raise ConflictError(f"{name}: nothing was made that one could decide about.")
    if action == "undo" and standing.decision is None:
        raise ConflictError(f"{name}: there is no decision to take back.")
    if action != "undo" and standing.decision is not None:
        raise ConflictError(f"{name}: undo the decision that stands first.")
    if action == "approve" and not standing.approvable:
        raise ConflictError(f"{name} failed at the gate, so it cannot be approved. Try it again.")


def _decision(
    shop: Shop,
    standing: Standing,
    *,
    asked: Decide,
    person: Reviewer,
    run: EndedRun,
    chosen: Chosen,
    retry_run: str,
) -> ReviewDecision:
    picture = standing.picture
    report = read_report(shop.work, picture) if asked.action == "approve" else None
    if asked.action == "approve" and (report is None or not report.files):
        raise ConflictError(f"{picture.name}: its measured files are no longer kept.")
    return ReviewDecision(
        fingerprint=picture.fingerprint,
        number=standing.number + 1,
        action=asked.action,
        reason=asked.reason.strip(),
        by=person.name,
        at=datetime.now(UTC),
        catalogue=shop.name,
        run_id=picture.report_run or run.run_id,
        key=picture.key,
        sku=picture.sku,
        view=picture.view,
        variant=picture.variant,
        files=report.digests if report else {},
        instead_of=shop.index(run).by_id[chosen.id].fingerprint if chosen.attempt else "",
        settings=asked.settings.overrides if asked.settings else None,
        retry_run=retry_run,
        preset=(asked.settings.preset or "") if asked.settings else "",
        model=(asked.settings.model or "") if asked.settings else "",
    )


def _done(chosen: Chosen, action: Action, standing: Standing) -> dict[str, Any]:
    back = "waiting" if standing.picture.state == "review" else standing.picture.state
    status = {"approve": "approved", "reject": "rejected", "retry": "retried"}.get(action, back)
    return {
        "id": chosen.id,
        "attempt": chosen.attempt,
        "fingerprint": chosen.fingerprint,
        "number": standing.number + 1,
        "status": status,
        "said": words.STATUS[status],
    }


@router.post("/c/{catalogue}/publish")
async def publish(shop: Deciding, person: Person) -> Response:
    """Start publishing what was approved, as the person who asks."""
    run_id = new_run_id("reviewed", person)
    await start(person, PUBLISH_DAG, run_id, {"catalogue": shop.name})
    return answers.told({"run_id": run_id}, status=202)
