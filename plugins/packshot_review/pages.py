"""Routes of pages: runs, the gallery of a run, one picture."""

from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from packshot_review import answers
from packshot_review.access import FirstOfRun, InRun, Looking, OfRun, Person, Reviewer
from packshot_review.choices import choices
from packshot_review.comparison import compare
from packshot_review.docs import docs_of
from packshot_review.filters import Filter, Shown, filter_of, shown
from packshot_review.overview import held, trend, waiting
from packshot_review.picture import details
from packshot_review.runs import EndedRun
from packshot_review.shop import Shop
from packshot_review.status import Standings, tries_of
from transforms.records.layout import safe_run_id
from transforms.runs.verdicts import read_verdicts

router = APIRouter()

PAGE = 120
"""Pictures that a gallery sends at once."""
AT_ONCE = 30
"""Pictures of a first screen, which do not wait for a script to ask for them."""
MOST_RUNS = 100
_MOST_CHANGES = 60


@router.get("/")
def runs(request: Request, person: Person, catalogue: str = "") -> Response:
    """All runs, newest first, and what waits."""
    shops = [shop for shop in request.app.state.shops.all() if person.may_look(shop.catalogue)]
    shop = next((each for each in shops if each.name == catalogue), shops[0] if shops else None)
    if shop is None:
        told = "There is no catalogue that you may see."
        return _nothing(request, person, "No catalogue", told)
    ended = shop.runs()
    origins = request.app.state.origins(shop.catalogue)
    return answers.page(
        request,
        "runs.html",
        person=person,
        shop=shop,
        shops=shops,
        may_decide=person.may_decide(shop.catalogue),
        waiting=waiting(shop, ended, origins),
        runs=ended[:MOST_RUNS],
        left_out=max(0, len(ended) - MOST_RUNS),
        under_way=shop.under_way(),
        origins=origins,
        trend=trend(ended),
    )


@router.get("/airflow/{dag_id}/{run_id:path}")
def of_dag_run(request: Request, person: Person, dag_id: str, run_id: str) -> Response:
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
            return _nothing(request, person, "Under way", _so_far(shop, name), again=True)
    told = "This run has made no pictures, or they are no longer kept."
    return _nothing(request, person, "No pictures", told)


def _so_far(shop: Shop, run_id: str) -> str:
    """What a run under way has judged."""
    judged = Counter(read_verdicts(shop.work, run_id)["verdict"].to_pylist())
    told = {"PASS": "passed", "REVIEW": "to review", "FAIL": "failed"}
    parts = ", ".join(f"{judged[verdict]} {word}" for verdict, word in told.items())
    far = f" So far {judged.total()} pictures are judged: {parts}." if judged else ""
    return f"This run has not ended.{far} They can be looked at when it has."


def _nothing(
    request: Request, person: Reviewer, title: str, told: str, *, again: bool = False
) -> Response:
    return answers.page(request, "nothing.html", person=person, title=title, told=told, again=again)


@dataclass(frozen=True, slots=True)
class Asking:
    """What a page of a run is asked for, and by whom."""

    person: Reviewer
    shop: Shop
    run: EndedRun
    filter: Filter

    def shown(self) -> Shown:
        """The pictures that the filter takes, as they stand now."""
        return shown(self.shop.index(self.run), Standings(self.shop), self.filter)

    def values(self) -> dict[str, Any]:
        """What every template of a run is given."""
        return {
            "person": self.person,
            "shop": self.shop,
            "run": self.run,
            "asked": self.filter,
            "may_decide": self.person.may_decide(self.shop.catalogue),
            "choices": choices(),
        }


def asking(request: Request, person: Person, shop: Looking, run: InRun) -> Asking:
    """The same, from the address."""
    return Asking(person, shop, run, filter_of(request))


Asked = Annotated[Asking, Depends(asking)]


@router.get("/c/{catalogue}/r/{run}")
def gallery(request: Request, asked: Asked) -> Response:
    """All pictures of a run that the filter takes."""
    shop, run = asked.shop, asked.run
    origin = request.app.state.origins(shop.catalogue).get(run.run_id)
    return answers.page(
        request,
        "gallery.html",
        origin=origin,
        held=held(shop, run, origin),
        older=shop.before(run),
        docs=docs_of(shop, run),
        at_once=AT_ONCE,
        **_cards(asked, begin=0),
    )


@router.get("/c/{catalogue}/r/{run}/more")
def more(
    request: Request, asked: Asked, begin: Annotated[int, Query(ge=0, le=10_000_000)] = 0
) -> Response:
    """The cards after the first ones, as a part of the gallery."""
    return answers.page(request, "cards.html", at_once=0, **_cards(asked, begin=begin))


def _cards(asked: Asking, *, begin: int) -> dict[str, Any]:
    found, end = asked.shown(), begin + PAGE
    return {
        **asked.values(),
        "found": found,
        "cards": found.standings[begin:end],
        "next": end if end < len(found.standings) else None,
        "unlisted": asked.shop.index(asked.run).unlisted,
    }


@router.get("/c/{catalogue}/r/{run}/selection")
def selection(asked: Asked) -> Response:
    """All that can be decided of what the filter takes, for decisions about many."""
    listed = [
        {
            "id": each.picture.id,
            "fingerprint": each.picture.fingerprint,
            "number": each.number,
            "preset": each.picture.preset,
        }
        for each in asked.shown().standings
        if each.decidable
    ]
    return answers.told({"pictures": listed})


@router.get("/c/{catalogue}/r/{run}/picture/{picture}")
def one(
    request: Request, asked: Asked, picture: OfRun, first: FirstOfRun, attempt: str = ""
) -> Response:
    """One picture with all that is known of it, or another attempt at it."""
    found = asked.shown()
    place = found.place_of(first.id)
    pictures = [each.picture for each in found.standings]
    after = pictures[place + 1 :][:1] if place is not None else []
    shop = asked.shop
    standings = Standings(shop)
    tries = tries_of(shop, first) if first.fingerprint else []
    return answers.page(
        request,
        "picture.html",
        **asked.values(),
        standing=standings.of(picture),
        first=first,
        attempt=attempt,
        origins=request.app.state.origins(shop.catalogue),
        tries=[(each, standings.of(each.picture) if each.picture else None) for each in tries],
        picture=picture,
        known=details(shop, picture),
        decisions=shop.log.of(picture.fingerprint)[::-1] if picture.fingerprint else [],
        place=place,
        count=len(pictures),
        before=pictures[place - 1] if place else None,
        after=after[0] if after else None,
    )


@router.get("/c/{catalogue}/r/{run}/compare")
def changes(request: Request, asked: Asked, other: str = "") -> Response:
    """What changed since another run of the same variants: the one before, or a chosen one."""
    shop, run = asked.shop, asked.run
    others = [
        each
        for each in shop.runs()
        if each.run_id != run.run_id and not each.idle and set(each.variants) & set(run.variants)
    ][:MOST_RUNS]
    chosen = next((each for each in others if each.run_id == other), None) or shop.before(run)
    return answers.page(
        request,
        "compare.html",
        **asked.values(),
        others=others,
        other=chosen,
        compared=compare(shop.index(chosen), shop.index(run)) if chosen else None,
        changed_settings=_changed(chosen, run) if chosen else [],
        most=_MOST_CHANGES,
    )


def _changed(before: EndedRun, after: EndedRun) -> list[str]:
    """Variants whose looks differ: by preset, or by what the preset said."""
    return sorted(
        variant
        for variant, recipe in after.recipes.items()
        if before.recipes.get(variant, recipe) != recipe
    )
