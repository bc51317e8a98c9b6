"""Who may see and do what, and what an address names: catalogue, run, picture, another try.

The app asks who may; whoever builds it answers (in Airflow: its permissions). Every route depends
on `identify_person`, by the app itself; those of a catalogue on `require_viewer`, and those that
change something on `require_decider`.
"""

import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Protocol

from fastapi import Depends, HTTPException, Request

from packshot_review.index import RunPicture
from packshot_review.runs import EndedRun
from packshot_review.shop import Shop
from packshot_review.status import find_retried_picture
from transforms.presets.catalogue import Catalogue

OWN_HEADER = "x-packshot-review"
"""Every change must carry it. No other site can make a browser send it: a header of one's own
needs permission by CORS, which this app never gives. The session's cookie being SameSite=Lax, other
sites' POSTs come without it as well."""


class StartError(Exception):
    """A DAG could not be started; says why, for the person who asked."""


class Reviewer(Protocol):
    """A signed-in person."""

    @property
    def name(self) -> str:
        """As decisions record it."""
        ...

    def may_look(self, catalogue: Catalogue) -> bool:
        """Whether this person may see the catalogue's runs."""
        ...

    def may_decide(self, catalogue: Catalogue) -> bool:
        """Whether this person may start the catalogue's night, and so decide on its pictures."""
        ...

    async def start(self, dag_id: str, run_id: str, conf: dict[str, Any]) -> None:
        """Start a DAG as this person. Raises `StartError`."""
        ...


Identify = Callable[[Request], Awaitable[Reviewer]]
"""Who sent a request. Raises HTTPException 401 or 403 for those who did not sign in."""


async def identify_person(request: Request) -> Reviewer:
    """The person who asks; 401 for a stranger."""
    identify: Identify = request.app.state.identify
    return await identify(request)


Person = Annotated[Reviewer, Depends(identify_person)]


def require_viewer(request: Request, catalogue: str, person: Person) -> Shop:
    """The catalogue in the address; 404 where there is none, 403 for who may not see it."""
    shop: Shop | None = request.app.state.shops.find(catalogue)
    if shop is None:
        raise HTTPException(404, "There is no such catalogue.")
    if not person.may_look(shop.catalogue):
        raise HTTPException(403, "You may not see this catalogue's runs.")
    return shop


Looking = Annotated[Shop, Depends(require_viewer)]


def require_decider(request: Request, shop: Looking, person: Person) -> Shop:
    """The catalogue, for who may change something in it; 403 for others, and for other sites."""
    if not person.may_decide(shop.catalogue):
        raise HTTPException(403, "You may look, but not decide: that needs the right to trigger.")
    site = request.headers.get("sec-fetch-site", "same-origin")
    if OWN_HEADER not in request.headers or site != "same-origin":
        raise HTTPException(403, "This request did not come from the review page.")
    return shop


Deciding = Annotated[Shop, Depends(require_decider)]


def new_run_id(what: str, person: Reviewer) -> str:
    """A name for a DAG run that says what, when and who."""
    who = "".join(letter for letter in person.name if letter.isalnum())[:20]
    return f"{what}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{who}-{secrets.token_hex(2)}"


async def start(person: Reviewer, dag_id: str, run_id: str, conf: dict[str, Any]) -> None:
    """Start a DAG as this person; HTTPException 502 where it does not start."""
    try:
        await person.start(dag_id, run_id, conf)
    except StartError as error:
        raise HTTPException(502, str(error)) from error


def find_run(shop: Looking, run: str) -> EndedRun:
    """The run in the address; 404 where none of that name has ended."""
    found = shop.run(run)
    if found is None:
        raise HTTPException(404, "No run of this name has ended.")
    return found


InRun = Annotated[EndedRun, Depends(find_run)]


def find_picture(shop: Looking, run: InRun, picture: str) -> RunPicture:
    """The picture in the address; 404 where the run has none of that name."""
    found = shop.index(run).by_id.get(picture)
    if found is None:
        raise HTTPException(404, "The run has no such picture.")
    return found


FirstPicture = Annotated[RunPicture, Depends(find_picture)]


def find_attempt(shop: Looking, picture: FirstPicture, attempt: str = "") -> RunPicture:
    """The picture in the address, or the attempt at it that the run `attempt` made; 404."""
    if not attempt:
        return picture
    shop.log.refresh()
    found = find_retried_picture(shop, picture, attempt)
    if found is None:
        raise HTTPException(404, "There is no such attempt at this picture.")
    return found


AskedPicture = Annotated[RunPicture, Depends(find_attempt)]
