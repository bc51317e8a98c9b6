"""The question about a run that is held: an approval that is asked for only where there is one."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from airflow.providers.standard.operators.hitl import ApprovalOperator, HITLOperator
from airflow.sdk import conf
from airflow.sdk.exceptions import AirflowSkipException
from held_question import word_question
from pipeline_wiring import open_night

if TYPE_CHECKING:
    from airflow.sdk import Context

SHOWN = "shown"
"""XCom: fingerprint of what the person was told."""
PICTURES_TAB = "packshot-run"
"""The review page's tab on a run; see `plugins/packshot_review_plugin.py`."""
_LONGEST = timedelta(hours=12)
"""Until the catalogue has said how long it waits."""


class ReleaseOperator(ApprovalOperator):
    """Asks whether a run that is held goes out all the same. Skipped where it is not held.

    Who may answer is Airflow's to say: whoever may change the task's `hitlDetails`. The answer is
    this task's output, also a no and none in time: what follows says that the run stays held.
    """

    template_fields: Sequence[str] = ("catalogue",)
    """Not subject and body: names of files are in them, and may look like a template."""

    def __init__(self, *, catalogue: str, **kwargs: Any) -> None:
        super().__init__(
            subject="", body="", defaults=self.REJECT, response_timeout=_LONGEST, **kwargs
        )
        self.catalogue = catalogue

    def execute(self, context: "Context") -> Any:
        """Ask, and wait without a worker; or skip."""
        from transforms.publishing.release import read_held_run

        run = open_night(self.catalogue)
        held = read_held_run(run.places.work, run.plan.run_id)
        if held is None:
            raise AirflowSkipException("the run is not held: nobody has to release it")
        self.response_timeout = timedelta(hours=run.plan.configuration.catalogue.release_hours)
        until = datetime.now(UTC) + self.response_timeout
        self.subject, self.body = word_question(held, page=address_pictures(context), until=until)
        context["ti"].xcom_push(key=SHOWN, value=held.shown)
        return super().execute(context)

    def execute_complete(self, context: "Context", event: dict[str, Any]) -> dict[str, Any]:
        """The answer: `approved`, `by` (empty: nobody in time), `at`, and what they were told."""
        # Not ApprovalOperator's own, which skips what follows after a no: then no task were red.
        answer = HITLOperator.execute_complete(self, context, event)
        responder = answer["responded_by_user"]
        return {
            "approved": answer["chosen_options"] == [self.APPROVE],
            "by": responder["name"] if responder else "",
            "at": answer["responded_at"].isoformat(),
            SHOWN: context["ti"].xcom_pull(task_ids=self.task_id, key=SHOWN),
        }


def address_pictures(context: "Context") -> str:
    """Address of the review page's tab on this run."""
    base = conf.get("api", "base_url", fallback="").rstrip("/")
    run = context["dag_run"]
    return (
        f"{base}/dags/{quote(run.dag_id)}/runs/{quote(run.run_id, safe='')}/plugin/{PICTURES_TAB}"
    )
