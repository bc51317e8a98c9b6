"""`python -m demo run|up`: a night and two seasons of the sample catalogue, on a real Airflow here.

`run` ends Airflow when they are over; with nothing new to do it does not even start it.
`up` leaves it running until Ctrl-C. Exit codes: 0 the night succeeded, 1 it did not, 2 wrong use.
"""

import argparse
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import httpx

from demo.airflow_server import airflow_server
from demo.airflow_settings import ROOT, USER
from demo.errors import AirflowServerError
from demo.night import failures, follow, trigger
from demo.screen import Steps, console, readable, show_catalogue, show_outcomes, show_progress
from demo.server import Server
from demo.sheet import side_by_side
from transforms.errors import PackshotError
from transforms.presets.configuration import Configuration, load_configuration
from transforms.presets.loading import config_folder
from transforms.records.outcomes import Outcome
from transforms.records.parquet import read_records
from transforms.runner import nothing_to_do, open_places
from transforms.runs.run import Places
from transforms.runs.summary import Summary, ended_runs

SEASONS = ("winter", "festive")
"""Of the sample catalogue, made after the night."""
SEASONAL = "seasonal_variants"


def main() -> int:
    """Run the demo; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("what", choices=["run", "up"])
    parser.add_argument("--home", type=Path, default=ROOT / ".airflow", help="Airflow's files")
    parser.add_argument(
        "--season", action="append", metavar="NAME", help=f"none: {' and '.join(SEASONS)}"
    )
    arguments = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where a shell ignores it for us
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        seasons = list(arguments.season or SEASONS)
        return _demo(arguments.home, stay=arguments.what == "up", seasons=seasons)
    except (AirflowServerError, PackshotError, httpx.HTTPError) as error:
        console.print(f"demo: {error}", style="red", markup=False)
        return 1
    except KeyboardInterrupt:
        console.print("\nInterrupted. Airflow is stopped; run again to go on.")
        return 130


def _leave(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # signal's own form
    sys.exit(128 + number)


def _demo(home: Path, *, stay: bool, seasons: list[str]) -> int:
    config = config_folder()
    file = config / "catalogues" / "samples.yaml"
    configuration = load_configuration(file, config)
    places = open_places(configuration.catalogue)
    idle = nothing_to_do(places, configuration)
    wanted = [
        season
        for season in seasons
        if not nothing_to_do(places, load_configuration(file, config, variants=(season,)))
    ]
    if idle and not wanted:
        console.print("Nothing has changed since the last night, so there is nothing to do.")
        _tell_all(places, configuration, seasons, news=False)
        if not stay:
            console.print("\n`make up` opens Airflow; to see it all happen again: rm -r out")
            return 0
    steps = Steps()
    steps.say("Starting Airflow (API server, scheduler, DAG processor) ...")
    with airflow_server(home) as server:
        steps.say(f"Airflow runs at {server.url}")
        shown = _Shown(server, places, configuration, steps)
        code = 0 if idle else shown.night()
        for season in wanted if code == 0 else ():
            code = shown.season(season)
            if code:
                break
        if not idle or wanted:
            _tell_all(places, configuration, seasons, news=True)
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
        began, before = datetime.now(UTC), _not_published(self.places, self.configuration)
        run_id = trigger(self.server, dag_id, **form)
        asked = f" with the form {form}" if form else ""
        self.steps.say(f"{what}: {dag_id} is triggered{asked}; Airflow runs its tasks:")
        last = show_progress(follow(self.server, dag_id, run_id), self.steps)
        self.steps.say(f"{what} ended: {last.state}." if not last.asks else f"{what} is held.")
        summary = _last_run(self.places, self.configuration)
        if summary is not None and summary.started >= began:
            outcomes = _outcomes(self.places, summary)
            show_outcomes(summary, outcomes, self.configuration.gate, before=before)
        for failure in failures(self.server, dag_id, run_id):
            console.print(f"\n{failure}", style="red", markup=False)
        if last.asks:
            console.print(
                f"\nThe task {last.asks} asks a person whether it is published all the same: "
                "`make up` opens Airflow, where it waits under Required Actions."
            )
        return 0 if last.state == "success" else 1


def _last_run(places: Places, configuration: Configuration) -> Summary | None:
    return next(iter(ended_runs(places.work, configuration.catalogue.name)), None)


def _outcomes(places: Places, summary: Summary, *, all_variants: bool = False) -> list[Outcome]:
    """What became of every picture, in a run's variants or in all that there are."""
    rows = read_records(places.work, summary.outcomes, Outcome) if summary.outcomes else []
    return [each for each in rows if all_variants or each.variant in summary.variants]


def _not_published(places: Places, configuration: Configuration) -> set[str]:
    summary = _last_run(places, configuration)
    rows = _outcomes(places, summary) if summary else []
    return {each.key for each in rows if each.state not in ("published", "unchanged")}


def _tell_all(
    places: Places, configuration: Configuration, seasons: list[str], *, news: bool
) -> None:
    """Say what the catalogue holds now, and where to look; with news, show it anew."""
    summary = _last_run(places, configuration)
    if summary is None:
        return
    counted: dict[str, Counter[str]] = {}
    for each in _outcomes(places, summary, all_variants=True):
        state = "published" if each.state == "unchanged" else each.state
        counted.setdefault(each.variant, Counter())[state] += 1
    order = [*configuration.catalogue.variants, *seasons]
    variants = {name: counted[name] for name in order if name in counted}
    keys = places.published.listing()["key"].to_pylist()
    pictures = [key for key in keys if key.count("/") > 1]  # not manifests
    newest = list(variants)[-1] if variants else ""
    example = next((key for key in pictures if f"/{newest}/" in key), None)
    sheet = None
    if places.work.uri.startswith("file://"):
        sheet = Path(readable(places.work.uri)).parent / "demo.png"
        fresh = sheet.exists() and not news
        if not fresh and not side_by_side(places, sheet, list(variants)):
            sheet = None
    show_catalogue(variants, places, example, sheet)


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
