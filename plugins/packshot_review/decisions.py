"""Routes that change something: decisions about pictures, and publishing what was approved."""

import secrets
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from packshot_review import answers, words
from packshot_review.access import Deciding, Person, Reviewer, StartError
from packshot_review.images import InRun
from packshot_review.index import RunIndex, read_report
from packshot_review.runs import EndedRun
from packshot_review.shop import Shop
from packshot_review.standing import Standing, Standings
from transforms.errors import ConflictError
from transforms.manifest.reviews import (
    LONGEST_REASON,
    Action,
    ReviewDecision,
    record_decision,
)

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
    status: str = ""
    said: str = ""


class Decide(Asked):
    """What was decided about some pictures."""

    action: Literal["approve", "reject", "undo"]
    reason: Annotated[str, Field(max_length=LONGEST_REASON)] = ""
    settings: None = None
    pictures: Annotated[list[Chosen], Field(min_length=1, max_length=MOST_AT_ONCE)]


@router.post("/c/{catalogue}/r/{run}/decisions")
def decide(shop: Deciding, run: InRun, person: Person, asked: Decide) -> Response:
    """Record a decision about one picture or many; says of each whether it was recorded.

    409 when none was, because somebody else decided meanwhile or other pixels took their place.
    """
    standings = Standings(shop, at_once=True)
    index = shop.index(run)
    done: list[dict[str, Any]] = []
    refused: list[dict[str, str]] = []
    for chosen in asked.pictures:
        try:
            standing = _seen(index, standings, chosen)
            _allow(standing, asked.action, chosen.number)
            record_decision(shop.work, _decision(shop, standing, asked, person, run))
        except ConflictError as error:
            refused.append({"id": chosen.id, "why": str(error)})
        else:
            done.append(_done(chosen, asked.action, standing))
    shop.log.refresh(at_once=True)
    return answers.told({"done": done, "refused": refused}, status=200 if done else 409)


def _seen(index: RunIndex, standings: Standings, chosen: Chosen) -> Standing:
    """Where a picture stands, if it is still the one that the person saw."""
    picture = index.by_id.get(chosen.id)
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
    shop: Shop, standing: Standing, asked: Decide, person: Reviewer, run: EndedRun
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
        files={file.channel: file.sha256 for file in report.files} if report else {},
    )


def _done(chosen: Chosen, action: Action, standing: Standing) -> dict[str, Any]:
    back = "waiting" if standing.picture.state == "review" else standing.picture.state
    status = {"approve": "approved", "reject": "rejected", "retry": "retried"}.get(action, back)
    return {
        "id": chosen.id,
        "fingerprint": chosen.fingerprint,
        "number": standing.number + 1,
        "status": status,
        "said": words.STATUS[status],
    }


@router.post("/c/{catalogue}/publish")
async def publish(shop: Deciding, person: Person) -> Response:
    """Start publishing what was approved, as the person who asks."""
    run_id = new_run_id("reviewed", person)
    await _start(person, PUBLISH_DAG, run_id, {"catalogue": shop.name})
    return answers.told({"run_id": run_id}, status=202)


def new_run_id(what: str, person: Reviewer) -> str:
    """A name for a DAG run that says what, when and who."""
    who = "".join(letter for letter in person.name if letter.isalnum())[:20]
    return f"{what}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{who}-{secrets.token_hex(2)}"


async def _start(person: Reviewer, dag_id: str, run_id: str, conf: dict[str, Any]) -> None:
    try:
        await person.start(dag_id, run_id, conf)
    except StartError as error:
        raise HTTPException(502, str(error)) from error
