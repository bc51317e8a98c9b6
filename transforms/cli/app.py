"""The command `packshot`: puts the subcommands together and turns errors into exit codes.

Exit codes: 0 all good, 1 something needs a person, 2 wrong use or wrong configuration.
"""

import importlib.util
import logging
import os
import sys
from pathlib import Path

import typer

from transforms.cli import (
    channels,
    cutout,
    data_docs,
    doctor,
    export,
    inspect,
    models,
    plates,
    presets,
    render,
    run,
    runs,
    sweep,
)
from transforms.errors import ConfigError, PackshotError

app = typer.Typer(
    name="packshot",
    help="Turns a shop's uneven product photographs into one catalogue.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("run")(run.run)
app.command("plan")(run.plan)
app.command("cutout")(cutout.cutout)
app.command("render")(render.render)
app.command("sweep")(sweep.sweep)
app.command("inspect")(inspect.inspect)
app.command("data-docs")(data_docs.data_docs)
app.command("plates")(plates.plates)
app.command("doctor")(doctor.doctor)
app.add_typer(presets.app, name="presets")
app.add_typer(channels.app, name="channels")
app.add_typer(export.app, name="export")
app.add_typer(models.app, name="models")
app.add_typer(runs.app, name="runs")


def _add_benchmarks() -> None:
    """Add `packshot bench` in a checkout, where `benchmarks/` lies beside this package.

    A wheel holds none, and another distribution's top-level `benchmarks` is not ours.
    """
    beside = str(Path(__file__).resolve().parents[2] / "benchmarks")
    found = importlib.util.find_spec("benchmarks")
    if found is not None and beside in (found.submodule_search_locations or ()):
        from benchmarks.commands import app as bench

        app.add_typer(bench, name="bench")


_add_benchmarks()


def main() -> None:
    """Entry point: an expected error is one clear message on stderr, never a traceback."""
    logging.basicConfig(level=os.environ.get("PACKSHOT_LOG", "WARNING"), format="%(message)s")
    try:
        app()
    except PackshotError as error:
        sys.stderr.write(f"packshot: {error}\n")
        sys.exit(2 if isinstance(error, ConfigError) else 1)
    except KeyboardInterrupt:
        sys.stderr.write("packshot: interrupted; run again, what is finished is not made twice\n")
        sys.exit(130)
