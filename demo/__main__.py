"""`python -m demo run|up`: a night and two seasons of the sample catalogue, on a real Airflow here.

`run` ends Airflow when they are over; with nothing new to do it does not even start it.
`up` leaves it running until Ctrl-C. Exit codes: 0 the night succeeded, 1 it did not, 2 wrong use.
"""

import argparse
import signal
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import httpx

from demo.airflow_server import ROOT, USER, AirflowServerError, Server, airflow_server
from demo.night import failures, follow, trigger
from demo.screen import Steps, console, show_outcomes, show_progress
from transforms.errors import PackshotError
from transforms.manifest.parquet import read_records
from transforms.manifest.records import Outcome
from transforms.manifest.run import Places
from transforms.manifest.summary import ended_runs
from transforms.presets.configuration import Configuration, load_configuration
from transforms.presets.loading import config_folder
from transforms.runner import nothing_to_do, open_places

SEASONS = ("winter", "festive")
"""Of the sample catalogue, made after the night."""
SEASONAL = "seasonal_variants"


def main() -> int:
    """Run the demo; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("what", choices=["run", "up"])
    parser.add_argument("--home", type=Path, default=ROOT / ".airflow", help="Airflow's files")
    arguments = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where a shell ignores it for us
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        return _demo(arguments.home, stay=arguments.what == "up")
    except (AirflowServerError, PackshotError, httpx.HTTPError) as error:
        console.print(f"demo: {error}", style="red", markup=False)
        return 1
    except KeyboardInterrupt:
        console.print("\nInterrupted. Airflow is stopped; run again to go on.")
        return 130


def _leave(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # signal's own form
    sys.exit(128 + number)


def _demo(home: Path, *, stay: bool) -> int:
    config = config_folder()
    file = config / "catalogues" / "samples.yaml"
    configuration = load_configuration(file, config)
    places = open_places(configuration.catalogue)
    idle = nothing_to_do(places, configuration)
    seasons = [
        season
        for season in SEASONS
        if not nothing_to_do(places, load_configuration(file, config, variants=(season,)))
    ]
    if idle and not seasons:
        console.print("Nothing has changed since the last night, so there is nothing to do.")
        _tell(places, configuration, None)
        if not stay:
            console.print("\n`make up` opens Airflow; to see a whole night again: rm -r out")
            return 0
    steps = Steps()
    steps.say("Starting Airflow (API server, scheduler, DAG processor) ...")
    with airflow_server(home) as server:
        steps.say(f"Airflow runs at {server.url}")
        shown = _Shown(server, places, configuration, steps)
        code = 0 if idle else shown.night()
        for season in seasons if code == 0 else ():
            code = shown.season(season)
            if code:
                break
        if stay:
            _stay(server)
        else:
            steps.say("Stopping Airflow ...")
    return code


@dataclass(frozen=True, slots=True)
class _Shown:
    """Runs of DAGs, shown while they go and told when they are over."""

    server: Server
    places: Places
    configuration: Configuration
    steps: Steps

    def night(self) -> int:
        """The catalogue's night; gives the exit code."""
        return self._run(self.configuration.catalogue.nightly_dag_id, "The night", {})

    def season(self, name: str) -> int:
        """One season, as the form would start it; gives the exit code."""
        form = {"catalogue": self.configuration.catalogue.name, "variant": name}
        return self._run(SEASONAL, f"The season {name}", form)

    def _run(self, dag_id: str, what: str, form: dict[str, str]) -> int:
        self.server.wait_for_dag(dag_id)
        began = datetime.now(UTC)
        run_id = trigger(self.server, dag_id, **form)
        self.steps.say(f"{dag_id} is triggered; Airflow runs its tasks:")
        last = show_progress(follow(self.server, dag_id, run_id), self.steps)
        self.steps.say(f"{what} ended: {last.state}.")
        _tell(self.places, self.configuration, began)
        for failure in failures(self.server, dag_id, run_id):
            console.print(f"\n{failure}", style="red", markup=False)
        return 0 if last.state == "success" else 1


def _tell(places: Places, configuration: Configuration, began: datetime | None) -> None:
    """Show the last run's outcomes; with `began`, only of a run that is not older."""
    summary = next(iter(ended_runs(places.work, configuration.catalogue.name)), None)
    if summary is None or (began and summary.started < began):
        return
    outcomes = read_records(places.work, summary.outcomes, Outcome) if summary.outcomes else []
    outcomes = [each for each in outcomes if each.variant in summary.variants]
    show_outcomes(summary, outcomes, places, all_rows=began is not None)


def _stay(server: Server) -> None:
    """Wait for Ctrl-C while Airflow runs.

    Raises:
        AirflowServerError: One of its components died.
    """
    console.print(f"\nOpen      {server.url}", soft_wrap=True)
    console.print(f"Sign in   {USER} / {server.password}", markup=False)
    console.print("Stop      Ctrl-C")
    try:
        while True:
            time.sleep(2)
            server.watch()
    except KeyboardInterrupt:
        console.print("\nStopping Airflow ...")


if __name__ == "__main__":
    sys.exit(main())
