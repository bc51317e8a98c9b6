"""The app: routes, guards and headers. Knows no Airflow; it is told who asks.

create_app(catalogues, identify) -> FastAPI
    access     who may do what, what an address names    pages      first page, gallery, one picture
    shop       a catalogue: its runs and pictures         images     pictures by kind, thumbnails
    filters    which pictures a gallery shows             decisions  records them, starts DAGs
    status     where a picture stands by now              overview   what waits, held runs, trend
"""

from collections.abc import Callable

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import Response
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from packshot_review import answers, decisions, images, pages
from packshot_review.access import Identify, identify_person
from packshot_review.runs import FindSchedulerRuns, find_no_scheduler_runs
from packshot_review.shop import Shop, Shops
from transforms.errors import NotFoundError, StorageError


def create_app(
    catalogues: Callable[[], list[Shop]],
    identify: Identify,
    *,
    scheduler_runs: FindSchedulerRuns = find_no_scheduler_runs,
) -> FastAPI:
    """Build the app.

    Args:
        catalogues: All catalogues, with their storages opened.
        identify: Says who sent a request, and refuses strangers. Every route asks it.
        scheduler_runs: Who started which run, where that is known.
    """
    app = FastAPI(
        title="Packshot review",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(identify_person)],
    )
    app.state.identify = identify
    app.state.shops = Shops(catalogues)
    app.state.scheduler_runs = scheduler_runs
    app.include_router(pages.router)
    app.include_router(images.router)
    app.include_router(decisions.router)
    app.add_api_route("/assets/{build}/{name}", _send_asset)
    app.add_middleware(SafeHeaders)
    app.exception_handler(StarletteHTTPException)(_send_refusal)
    app.exception_handler(StorageError)(_send_storage_error)
    return app


def _send_asset(build: str, name: str) -> Response:
    """A script, style or drawing of the app's own; another build has other addresses."""
    del build  # its only use is that browsers may keep what they got
    kind = answers.ASSET_TYPES.get(name[name.rfind(".") :])
    if name not in answers.ASSETS or kind is None:
        raise HTTPException(404, "There is no such file.")
    return answers.send_file(answers.ASSETS[name], kind)


class SafeHeaders:
    """Puts the headers that keep answers safe on each of them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in answers.HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)


async def _send_refusal(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, StarletteHTTPException) else 500
    said = str(error.detail) if isinstance(error, StarletteHTTPException) else "Error"
    return _send_error(request, said, status)


async def _send_storage_error(request: Request, error: Exception) -> Response:
    """An object that was listed and is gone is 404; a storage that does not answer is 503."""
    if isinstance(error, NotFoundError):
        return _send_error(request, "It is no longer kept.", 404)
    return _send_error(request, f"The storage did not answer: {error}", 503)


def _send_error(request: Request, said: str, status: int) -> Response:
    if "text/html" in request.headers.get("accept", ""):
        return answers.render_page(
            request, "refused.html", status=status, title=_TITLES.get(status, "Error"), told=said
        )
    return answers.send_json({"detail": said}, status=status)


_TITLES = {401: "Please sign in", 403: "Not allowed", 404: "Not there", 503: "No answer"}
