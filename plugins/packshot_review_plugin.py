"""Shows the review page in Airflow. Wiring only: the page, `packshot_review`, knows no Airflow.

Every part of Airflow imports this file, tasks as well, so it imports next to nothing: the page is
built by its first request.
"""

import logging
import sys
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any

from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from packshot_review.access import Reviewer
    from packshot_review.runs import SchedulerRun
    from packshot_review.shop import Shop

    from transforms.presets.catalogue import Catalogue, Place
    from transforms.storage.protocol import Storage

PREFIX = "/packshot"
SHARED_DAGS = ("seasonal_variants", "publish_reviewed", "rerender")
"""DAGs whose runs make or publish pictures, beside each catalogue's night."""
_MOST_RUNS = 500
_WARM_AFTER_S = 3
"""The server starts first."""

log = logging.getLogger(__name__)


class AirflowReviewer:
    """A person who is signed in to Airflow, with the rights that Airflow gives them."""

    def __init__(self, user: Any, request: "Request") -> None:
        self._user = user
        self._request = request

    @property
    def name(self) -> str:
        """The user's name in Airflow."""
        return str(self._user.get_name())

    def may_look(self, catalogue: "Catalogue") -> bool:
        """Who may see the night's runs sees its pictures."""
        return self._may("GET", catalogue)

    def may_decide(self, catalogue: "Catalogue") -> bool:
        """Who may trigger the night decides on its pictures."""
        return self._may("POST", catalogue)

    def _may(self, method: Any, catalogue: "Catalogue") -> bool:
        from airflow.api_fastapi.app import get_auth_manager
        from airflow.api_fastapi.auth.managers.models.resource_details import (
            DagAccessEntity,
            DagDetails,
        )
        from airflow.models.dag import DagModel

        dag_id = catalogue.nightly_dag_id
        return get_auth_manager().is_authorized_dag(
            method=method,
            access_entity=DagAccessEntity.RUN,
            details=DagDetails(id=dag_id, team_name=DagModel.get_team_name(dag_id)),
            user=self._user,
        )

    async def start(self, dag_id: str, run_id: str, conf: dict[str, Any]) -> None:
        """Trigger a DAG through the REST API, with what this person signed in with.

        It is asked within this process, so it makes no difference at which address Airflow lies.
        """
        import httpx
        from airflow.api_fastapi.main import app
        from packshot_review.access import StartError

        kept = ("cookie", "authorization")
        headers = {
            name: self._request.headers[name] for name in kept if name in self._request.headers
        }
        body = {"dag_run_id": run_id, "logical_date": None, "conf": conf}
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://airflow") as client:
            answer = await client.post(f"/api/v2/dags/{dag_id}/dagRuns", json=body, headers=headers)
        if answer.is_error:
            log.warning("%s was not started: %s: %s", dag_id, answer.status_code, answer.text)
            raise StartError(f"Airflow did not start {dag_id}: {_read_refusal(answer)}")


def _read_refusal(answer: Any) -> str:
    """Why Airflow refused."""
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"it answered {answer.status_code}"


async def identify(request: "Request") -> "Reviewer":
    """Who is signed in; HTTPException 401 or 403 for a stranger."""
    from airflow.api_fastapi.core_api.security import bearer_scheme, get_user

    return AirflowReviewer(await get_user(request, None, await bearer_scheme(request)), request)


def open_shops() -> "list[Shop]":
    """Every catalogue whose file is right, with its storages opened."""
    from packshot_review.shop import Shop

    from transforms.errors import ConfigError
    from transforms.presets.catalogue import Catalogue
    from transforms.presets.loading import config_folder, load

    found = []
    for path in sorted((config_folder() / "catalogues").glob("*.yaml")):
        try:
            catalogue = load(path, Catalogue).resolve(path.resolve().parent)
        except ConfigError as error:
            log.warning("%s", error)
            continue
        found.append(Shop(catalogue, _open(catalogue.work), _open(catalogue.published)))
    return found


def _open(place: "Place") -> "Storage":
    """Open a storage, with the credentials of its Airflow connection."""
    from transforms.storage.opening import open_storage

    if place.connection is None:
        return open_storage(place.uri)
    from airflow.providers.amazon.aws.hooks.base_aws import AwsGenericHook

    hook: Any = AwsGenericHook(aws_conn_id=place.connection, client_type="s3")
    endpoint = hook.conn_config.get_service_endpoint_url("s3")
    return open_storage(place.uri, session=hook.get_session(), endpoint_url=endpoint)


def find_scheduler_runs(catalogue: "Catalogue") -> "dict[str, SchedulerRun]":
    """Who started the last runs of a catalogue, by their names in the storage."""
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from packshot_review.runs import SchedulerRun
    from sqlalchemy import select

    from transforms.records.layout import safe_run_id

    wanted = (
        select(
            DagRun.dag_id,
            DagRun.run_id,
            DagRun.run_type,
            DagRun.triggering_user_name,
            DagRun.state,
        )
        .where(DagRun.dag_id.in_([catalogue.nightly_dag_id, *SHARED_DAGS]))
        .order_by(DagRun.id.desc())
        .limit(_MOST_RUNS)
    )
    with create_session() as session:
        rows = session.execute(wanted).all()
    return {
        safe_run_id(row.run_id): SchedulerRun(
            row.triggering_user_name
            or ("schedule" if row.run_type == "scheduled" else row.run_type),
            row.dag_id,
            row.run_id,
            ended=row.state in ("success", "failed"),
        )
        for row in rows
    }


class LazyPage:
    """The page as an ASGI app that is built by its first request, and not in tasks."""

    def __init__(self) -> None:
        self._app: FastAPI | None = None
        self._lock = Lock()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request."""
        if self._app is None:
            from anyio.to_thread import run_sync

            await run_sync(self._get_app)
        await self._get_app()(scope, receive, send)

    def _get_app(self) -> "FastAPI":
        with self._lock:
            if self._app is None:
                self._app = _build()
            return self._app

    def warm(self) -> None:
        """Build it and read the newest runs, so that the first person need not wait for that."""
        from transforms.errors import PackshotError

        try:
            self._get_app().state.shops.warm()
        except PackshotError as error:
            log.warning("the review page was not read ahead: %s", error)


def _make_page() -> LazyPage:
    """The page; read ahead where it will be asked for, which the command line alone tells."""
    page = LazyPage()
    if "api-server" in sys.argv:
        ahead = Timer(_WARM_AFTER_S, page.warm)
        ahead.daemon = True
        ahead.start()
    return page


def _build() -> "FastAPI":
    from packshot_review.app import create_app

    return create_app(open_shops, identify, scheduler_runs=find_scheduler_runs)


class PackshotReviewPlugin(AirflowPlugin):
    """An entry in the navigation, and a tab on each DAG run."""

    name = "packshot_review"
    fastapi_apps = [{"name": "Packshot", "url_prefix": PREFIX, "app": _make_page()}]  # noqa: RUF012 - Airflow's own form
    external_views = [  # noqa: RUF012 - as above
        {
            "name": "Packshot",
            "href": "packshot/",
            "url_route": "packshot",
            "destination": "nav",
            "icon": "packshot/assets/nav/nav.svg",
        },
        {
            "name": "Pictures",
            "href": "packshot/airflow/{DAG_ID}/{RUN_ID}",
            "url_route": "packshot-run",
            "destination": "dag_run",
        },
    ]
