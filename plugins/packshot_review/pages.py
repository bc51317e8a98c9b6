"""Routes of pages: runs, the gallery of a run, one picture."""

from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from packshot_review import answers
from packshot_review.access import AskedPicture, FirstPicture, InRun, Looking, Person, Reviewer
from packshot_review.choices import read_choices
from packshot_review.comparison import compare
from packshot_review.filters import Filter, Gallery, filter_pictures, parse_filter
from packshot_review.overview import draw_trend, find_hold, list_waiting
from packshot_review.picture import read_details
from packshot_review.runs import EndedRun
from packshot_review.shop import Shop
from packshot_review.status import StatusSnapshot, list_retries
from transforms.records.layout import safe_run_id
from transforms.records.validation import read_validations
from transforms.runs.verdicts import read_verdicts

router = APIRouter()

PAGE = 120
"""Pictures that a gallery sends at once."""
AT_ONCE = 30
"""Pictures of a first screen, which do not wait for a script to ask for them."""
MOST_RUNS = 100
_MOST_CHANGES = 60


@router.get("/")
def list_runs(request: Request, person: Person, catalogue: str = "") -> Response:
    """All runs, newest first, and what waits."""
    shops = [shop for shop in request.app.state.shops.all() if person.may_look(shop.catalogue)]
    shop = next((each for each in shops if each.name == catalogue), shops[0] if shops else None)
    if shop is None:
        told = "There is no catalogue that you may see."
        return _render_nothing(request, person, "No catalogue", told)
    ended = shop.runs()
    scheduler_runs = request.app.state.scheduler_runs(shop.catalogue)
    return answers.render_page(
        request,
        "runs.html",
        person=person,
        shop=shop,
        shops=shops,
        may_decide=person.may_decide(shop.catalogue),
        waiting=list_waiting(shop, ended, scheduler_runs),
        runs=ended[:MOST_RUNS],
        left_out=max(0, len(ended) - MOST_RUNS),
        under_way=shop.under_way(),
        scheduler_runs=scheduler_runs,
        trend=draw_trend(ended),
    )


@router.get("/airflow/{dag_id}/{run_id:path}")
def show_dag_run(request: Request, person: Person, dag_id: str, run_id: str) -> Response:
    """The gallery of what a DAG run made: the tab in the scheduler's own pages.

    Whoever knows a run by the scheduler's names links this address: it stays.
    """
    del dag_id  # who may see the catalogue is asked there
    name = safe_run_id(run_id)
    base = request.scope.get("root_path", "")
    for shop in request.app.state.shops.all():
        if not person.may_look(shop.catalogue):
            continue
        if shop.run(name):
            return RedirectResponse(f"{base}/c/{shop.name}/r/{name}", 303)
        if shop.is_under_way(name):
            return _render_nothing(
                request, person, "Under way", _describe_progress(shop, name), again=True
            )
    told = "This run has made no pictures, or they are no longer kept."
    return _render_nothing(request, person, "No pictures", told)


def _describe_progress(shop: Shop, run_id: str) -> str:
    """What a run under way has judged."""
    judged = Counter(read_verdicts(shop.work, run_id)["verdict"].to_pylist())
    told = {"PASS": "passed", "REVIEW": "to review", "FAIL": "failed"}
    parts = ", ".join(f"{judged[verdict]} {word}" for verdict, word in told.items())
    far = f" So far {judged.total()} pictures are judged: {parts}." if judged else ""
    return f"This run has not ended.{far} They can be looked at when it has."


def _render_nothing(
    request: Request, person: Reviewer, title: str, told: str, *, again: bool = False
) -> Response:
    return answers.render_page(
        request, "nothing.html", person=person, title=title, told=told, again=again
    )


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What a page of a run is asked for, and by whom."""

    person: Reviewer
    shop: Shop
    run: EndedRun
    filter: Filter

    def filter_pictures(self) -> Gallery:
        """The pictures that the filter takes, as they stand now."""
        return filter_pictures(self.shop.index(self.run), StatusSnapshot(self.shop), self.filter)

    def values(self) -> dict[str, Any]:
        """What every template of a run is given."""
        return {
            "person": self.person,
            "shop": self.shop,
            "run": self.run,
            "asked": self.filter,
            "may_decide": self.person.may_decide(self.shop.catalogue),
            "choices": read_choices(),
        }


def read_page_request(request: Request, person: Person, shop: Looking, run: InRun) -> PageRequest:
    """What the address asks for, and who asks."""
    return PageRequest(person, shop, run, parse_filter(request))


Asked = Annotated[PageRequest, Depends(read_page_request)]


@router.get("/c/{catalogue}/r/{run}")
def show_gallery(request: Request, asked: Asked) -> Response:
    """All pictures of a run that the filter takes."""
    shop, run = asked.shop, asked.run
    scheduler_run = request.app.state.scheduler_runs(shop.catalogue).get(run.run_id)
    return answers.render_page(
        request,
        "gallery.html",
        scheduler_run=scheduler_run,
        held=find_hold(shop, run, scheduler_run),
        older=shop.before(run),
        at_once=AT_ONCE,
        **_list_cards(asked, begin=0),
    )


@router.get("/c/{catalogue}/r/{run}/more")
def show_more(
    request: Request, asked: Asked, begin: Annotated[int, Query(ge=0, le=10_000_000)] = 0
) -> Response:
    """The cards after the first ones, as a part of the gallery."""
    return answers.render_page(request, "cards.html", at_once=0, **_list_cards(asked, begin=begin))


def _list_cards(asked: PageRequest, *, begin: int) -> dict[str, Any]:
    found, end = asked.filter_pictures(), begin + PAGE
    return {
        **asked.values(),
        "found": found,
        "cards": found.statuses[begin:end],
        "next": end if end < len(found.statuses) else None,
        "unlisted": asked.shop.index(asked.run).unlisted,
    }


@router.get("/c/{catalogue}/r/{run}/selection")
def list_selection(asked: Asked) -> Response:
    """All that can be decided of what the filter takes, for decisions about many."""
    listed = [
        {
            "id": each.picture.id,
            "fingerprint": each.picture.fingerprint,
            "number": each.number,
            "preset": each.picture.preset,
        }
        for each in asked.filter_pictures().statuses
        if each.decidable
    ]
    return answers.send_json({"pictures": listed})


@router.get("/c/{catalogue}/r/{run}/picture/{picture}")
def show_picture(
    request: Request, asked: Asked, picture: AskedPicture, first: FirstPicture, attempt: str = ""
) -> Response:
    """One picture with all that is known of it, or another attempt at it."""
    found = asked.filter_pictures()
    place = found.place_of(first.id)
    pictures = [each.picture for each in found.statuses]
    after = pictures[place + 1 :][:1] if place is not None else []
    shop = asked.shop
    snapshot = StatusSnapshot(shop)
    retries = list_retries(shop, first) if first.fingerprint else []
    return answers.render_page(
        request,
        "picture.html",
        **asked.values(),
        picture_status=snapshot.of(picture),
        first=first,
        attempt=attempt,
        scheduler_runs=request.app.state.scheduler_runs(shop.catalogue),
        retries=[(each, snapshot.of(each.picture) if each.picture else None) for each in retries],
        picture=picture,
        known=read_details(shop, picture),
        decisions=shop.log.about(picture.fingerprint)[::-1] if picture.fingerprint else [],
        place=place,
        count=len(pictures),
        before=pictures[place - 1] if place else None,
        after=after[0] if after else None,
    )


@router.get("/c/{catalogue}/r/{run}/compare")
def show_changes(request: Request, asked: Asked, other: str = "") -> Response:
    """What changed since another run of the same variants: the one before, or a chosen one."""
    shop, run = asked.shop, asked.run
    others = [
        each
        for each in shop.runs()
        if each.run_id != run.run_id and not each.idle and set(each.variants) & set(run.variants)
    ][:MOST_RUNS]
    chosen = next((each for each in others if each.run_id == other), None) or shop.before(run)
    return answers.render_page(
        request,
        "compare.html",
        **asked.values(),
        others=others,
        other=chosen,
        compared=compare(shop.index(chosen), shop.index(run)) if chosen else None,
        changed_settings=_list_changed_settings(chosen, run) if chosen else [],
        most=_MOST_CHANGES,
    )


@router.get("/c/{catalogue}/r/{run}/validations")
def show_validations(request: Request, asked: Asked) -> Response:
    """What expectation suites said to a run: observed values, limits, and what does not fit."""
    found = read_validations(asked.shop.work, asked.run.run_id)
    return answers.render_page(request, "validations.html", **asked.values(), validations=found)


def _list_changed_settings(before: EndedRun, after: EndedRun) -> list[str]:
    """Variants whose looks differ: by preset, or by what the preset said."""
    return sorted(
        variant
        for variant, recipe in after.recipes.items()
        if before.recipes.get(variant, recipe) != recipe
    )
