"""Routes that change something: decisions on pictures, other tries, publishing of approved ones."""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from anyio import from_thread
from fastapi import APIRouter, HTTPException
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from packshot_review import answers, words
from packshot_review.access import Deciding, InRun, Person, Reviewer, new_run_id, start
from packshot_review.choices import read_choices
from packshot_review.index import RunPicture, read_reports
from packshot_review.runs import EndedRun
from packshot_review.shop import Shop
from packshot_review.status import PictureStatus, StatusSnapshot, find_retried_picture
from transforms.errors import ConfigError, ConflictError
from transforms.presets.loading import config_folder
from transforms.presets.look import load_look
from transforms.presets.preset import Candidates, Strength
from transforms.presets.scope import Overrides
from transforms.presets.strict import Name
from transforms.publishing.decisions import LONGEST_REASON, Action, ReviewDecision, record_decision
from transforms.records.renditions import QualityReport
from transforms.storage.protocol import Storage
from transforms.storage.transfer import WINDOW

router = APIRouter()

MOST_AT_ONCE = 500
PUBLISH_DAG = "publish_reviewed"
"""Publishes what was approved."""


RETRY_DAG = "rerender"
"""Makes what the decisions that name its run ask for."""


class RetrySettings(BaseModel):
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


class RequestBody(BaseModel):
    """The body of a request; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class ChosenPicture(RequestBody):
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


class DecisionRequest(RequestBody):
    """What was decided about some pictures."""

    action: Action
    reason: Annotated[str, Field(max_length=LONGEST_REASON)] = ""
    settings: RetrySettings | None = None
    """Of `retry`."""
    pictures: Annotated[list[ChosenPicture], Field(min_length=1, max_length=MOST_AT_ONCE)]


@router.post("/c/{catalogue}/r/{run}/decisions")
def decide(shop: Deciding, run: InRun, person: Person, asked: DecisionRequest) -> Response:
    """Record a decision about one picture or many; says of each whether it was recorded.

    409 when none was, because somebody else decided meanwhile or other pixels took their place.
    """
    retry_run = _name_retry_run(shop, run, person, asked) if asked.action == "retry" else ""
    review = _Review(shop, run, person, asked, retry_run)
    allowed, refused = review.sort_out()
    reports: dict[RunPicture, QualityReport] = {}
    if asked.action == "approve":
        reports = read_reports(shop.work, [seen.picture for _, seen in allowed])
    decided: list[tuple[ChosenPicture, PictureStatus, ReviewDecision]] = []
    for chosen, seen in allowed:
        try:
            decision = review.make_decision(chosen, seen, reports.get(seen.picture))
        except ConflictError as error:
            refused.append({"id": chosen.id, "why": str(error)})
        else:
            decided.append((chosen, seen, decision))
    done: list[dict[str, Any]] = []
    recorded: list[ReviewDecision] = []
    whys = _record_each(shop.work, [decision for _, _, decision in decided])
    for (chosen, seen, decision), why in zip(decided, whys, strict=True):
        if why:
            refused.append({"id": chosen.id, "why": why})
        else:
            recorded.append(decision)
            done.append(_describe_done(chosen, asked.action, seen))
    if retry_run and recorded:
        start_retry(shop, person, retry_run, recorded)
    shop.log.refresh(at_once=True)
    return answers.send_json({"done": done, "refused": refused}, status=200 if done else 409)


def _record_each(work: Storage, decisions: list[ReviewDecision]) -> list[str]:
    """Write decisions down, several at a time; of each why it was not, or an empty text."""

    def record(decision: ReviewDecision) -> str:
        try:
            record_decision(work, decision)
        except ConflictError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(WINDOW) as threads:
        return list(threads.map(record, decisions))


def _name_retry_run(shop: Shop, run: EndedRun, person: Reviewer, asked: DecisionRequest) -> str:
    """A name for the run that makes another try; HTTPException 422 for what cannot be made."""
    index = shop.index(run)
    chosen = [index.by_id[each.id] for each in asked.pictures if each.id in index.by_id]
    check_settings(shop, asked.settings or RetrySettings(), {picture.preset for picture in chosen})
    return new_run_id("again", person)


@dataclass(frozen=True, slots=True)
class _Review:
    """One request: who decided what about some pictures of a run."""

    shop: Shop
    run: EndedRun
    person: Reviewer
    asked: DecisionRequest
    retry_run: str
    """Of `retry`: the run that makes the other try."""

    def sort_out(
        self,
    ) -> tuple[list[tuple[ChosenPicture, PictureStatus]], list[dict[str, str]]]:
        """Pictures about which this can be decided, as they stand now, and why not about others."""
        snapshot = StatusSnapshot(self.shop, at_once=True)
        allowed: list[tuple[ChosenPicture, PictureStatus]] = []
        refused: list[dict[str, str]] = []
        for chosen in self.asked.pictures:
            try:
                seen = snapshot.of(self._find_seen(chosen))
                _check_decidable(seen, self.asked.action, chosen.number)
            except ConflictError as error:
                refused.append({"id": chosen.id, "why": str(error)})
            else:
                allowed.append((chosen, seen))
        return allowed, refused

    def _find_seen(self, chosen: ChosenPicture) -> RunPicture:
        """The picture that the person saw; ConflictError where there is another one by now."""
        picture = self.shop.index(self.run).by_id.get(chosen.id)
        if chosen.attempt and self.asked.action == "retry":
            raise ConflictError(
                "Ask for another try on the first picture, not on an attempt at it."
            )
        if picture is not None and chosen.attempt:
            picture = find_retried_picture(self.shop, picture, chosen.attempt)
        if picture is None or picture.fingerprint != chosen.fingerprint:
            raise ConflictError("There are other pixels now. Reload, and look again.")
        return picture

    def make_decision(
        self, chosen: ChosenPicture, seen: PictureStatus, report: QualityReport | None
    ) -> ReviewDecision:
        """What is written down; ConflictError where an approval has no measured files."""
        picture, asked = seen.picture, self.asked
        if asked.action == "approve" and (report is None or not report.files):
            raise ConflictError(f"{picture.name}: its measured files are no longer kept.")
        first = self.shop.index(self.run).by_id[chosen.id]
        return ReviewDecision(
            fingerprint=picture.fingerprint,
            number=seen.number + 1,
            action=asked.action,
            reason=asked.reason.strip(),
            by=self.person.name,
            at=datetime.now(UTC),
            catalogue=self.shop.name,
            run_id=picture.report_run or self.run.run_id,
            key=picture.key,
            sku=picture.sku,
            view=picture.view,
            variant=picture.variant,
            files=report.digests if report else {},
            instead_of=first.fingerprint if chosen.attempt else "",
            settings=asked.settings.overrides if asked.settings else None,
            retry_run=self.retry_run,
            preset=(asked.settings.preset or "") if asked.settings else "",
            model=(asked.settings.model or "") if asked.settings else "",
        )


def _check_decidable(seen: PictureStatus, action: Action, known: int) -> None:
    """Raise ConflictError, in words for the person, where this cannot be decided."""
    name = seen.picture.name
    if seen.number != known:
        other = seen.decision
        who = f"{other.by} {words.ACTION[other.action]}" if other else "Somebody decided"
        raise ConflictError(f"{name}: {who} meanwhile. Yours was not recorded.")
    if seen.status == "published":
        raise ConflictError(f"{name} is published: nothing is left to decide.")
    if not seen.decidable:
        raise ConflictError(f"{name}: nothing was made that one could decide about.")
    if action == "undo" and seen.decision is None:
        raise ConflictError(f"{name}: there is no decision to take back.")
    if action != "undo" and seen.decision is not None:
        raise ConflictError(f"{name}: undo the decision that stands first.")
    if action == "approve" and not seen.approvable:
        raise ConflictError(f"{name} failed at the gate, so it cannot be approved. Try it again.")


def _describe_done(chosen: ChosenPicture, action: Action, seen: PictureStatus) -> dict[str, Any]:
    back = "waiting" if seen.picture.state == "review" else seen.picture.state
    status = {"approve": "approved", "reject": "rejected", "retry": "retried"}.get(action, back)
    return {
        "id": chosen.id,
        "attempt": chosen.attempt,
        "fingerprint": chosen.fingerprint,
        "number": seen.number + 1,
        "status": status,
        "said": words.STATUS[status],
    }


@router.post("/c/{catalogue}/publish")
async def publish(shop: Deciding, person: Person) -> Response:
    """Start publishing what was approved, as the person who asks."""
    run_id = new_run_id("reviewed", person)
    await start(person, PUBLISH_DAG, run_id, {"catalogue": shop.name})
    return answers.send_json({"run_id": run_id}, status=202)


def check_settings(shop: Shop, settings: RetrySettings, presets: Collection[str]) -> None:
    """Refuse, with HTTPException 422, what cannot be made of pictures with these presets."""
    if settings == RetrySettings():
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
    fitting = read_choices().presets.get(preset, ())
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
