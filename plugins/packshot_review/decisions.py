"""Routes that change something: decisions on pictures, other tries, publishing of approved ones."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Annotated, Any

from anyio import from_thread
from fastapi import APIRouter, HTTPException
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from packshot_review import answers, words
from packshot_review.access import Deciding, InRun, Person, Reviewer, new_run_id, start
from packshot_review.choices import choices
from packshot_review.index import Picture, read_reports
from packshot_review.runs import EndedRun
from packshot_review.shop import Shop
from packshot_review.status import Standing, Standings, attempt_at
from transforms.errors import ConfigError, ConflictError
from transforms.presets.loading import config_folder
from transforms.presets.look import load_look
from transforms.presets.preset import Candidates, Strength
from transforms.presets.scope import Overrides
from transforms.presets.strict import Name
from transforms.publishing.decisions import LONGEST_REASON, Action, ReviewDecision, record_decision
from transforms.records.renditions import QualityReport

router = APIRouter()

MOST_AT_ONCE = 500
PUBLISH_DAG = "publish_reviewed"
"""Publishes what was approved."""


RETRY_DAG = "rerender"
"""Makes what the decisions that name its run ask for."""


class Settings(BaseModel):
    """What shall be tried instead; None: as before."""

    model_config = ConfigDict(extra="forbid")

    preset: Name | None = None
    model: Name | None = None
    """Of `config/models.yaml`."""
    seed: Annotated[int, Field(ge=0, lt=2**32)] | None = None
    strength: Strength | None = None
    candidates: Candidates | None = None

    @property
    def overrides(self) -> Overrides:
        """What of it changes the preset."""
        return Overrides(**self.model_dump(exclude={"preset", "model"}))


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
    allowed: list[tuple[Chosen, Standing]] = []
    refused: list[dict[str, str]] = []
    for chosen in asked.pictures:
        try:
            standing = _seen(shop, run, standings, asked=asked, chosen=chosen)
            _allow(standing, asked.action, chosen.number)
        except ConflictError as error:
            refused.append({"id": chosen.id, "why": str(error)})
        else:
            allowed.append((chosen, standing))
    reports: dict[Picture, QualityReport] = {}
    if asked.action == "approve":
        reports = read_reports(shop.work, [standing.picture for _, standing in allowed])
    done: list[dict[str, Any]] = []
    recorded: list[ReviewDecision] = []
    for chosen, standing in allowed:
        try:
            decision = _decision(
                shop,
                standing,
                asked=asked,
                person=person,
                run=run,
                chosen=chosen,
                retry_run=retry_run,
                report=reports.get(standing.picture),
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
    report: QualityReport | None,
) -> ReviewDecision:
    picture = standing.picture
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


def check_settings(shop: Shop, settings: Settings, presets: Collection[str]) -> None:
    """Refuse, with HTTPException 422, what cannot be made of pictures with these presets."""
    if settings == Settings():
        told = "Choose what shall be different: a preset, a model, seed or strength."
        raise HTTPException(422, told)
    try:
        for preset in [settings.preset] if settings.preset else presets:
            load_look(
                "another-try",
                preset,
                config_folder(),
                scene_model=shop.catalogue.scene_model,
                model=settings.model,
                overrides=settings.overrides,
            )
            if settings.model:
                _check_fit(preset, settings.model)
    except ConfigError as error:
        raise HTTPException(422, str(error)) from error


def _check_fit(preset: str, model: str) -> None:
    fitting = choices().presets.get(preset, ())
    if model not in fitting:
        listed = ", ".join(fitting) or "none"
        raise ConfigError(f"preset {preset} cannot ask {model}; models that fit it: {listed}")


def start_retry(shop: Shop, person: Reviewer, run_id: str, recorded: list[ReviewDecision]) -> None:
    """Start the DAG that makes other attempts; takes the decisions back where it does not start."""
    try:
        from_thread.run(start, person, RETRY_DAG, run_id, {"catalogue": shop.name})
    except HTTPException:
        for each in recorded:
            back = {"number": each.number + 1, "action": "undo", "at": datetime.now(UTC)}
            record_decision(shop.work, each.model_copy(update=back))
        shop.log.refresh(at_once=True)
        raise
