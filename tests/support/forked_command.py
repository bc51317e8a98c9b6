"""The command `packshot` in a process forked from one that has loaded everything: in a blink."""

import contextlib
import multiprocessing
import os
import signal
import sys
from pathlib import Path

LOADED = [
    "great_expectations",
    "onnxruntime",
    "pandas",
    "rapidocr.main",
    "transforms.cli.app",
    "transforms.runner",
    "transforms.stages.check",
    "transforms.stages.measure",
    "transforms.stages.prepare",
    "transforms.stages.render",
    "transforms.storage.s3",
]


def start(arguments: list[str], environment: dict[str, str]) -> multiprocessing.Process:
    """Begin the command; in its own process group, so that it can be killed with its children."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LOADED)
    process = context.Process(target=_packshot, args=(arguments, environment))
    process.start()
    return process


def _packshot(arguments: list[str], environment: dict[str, str]) -> None:
    os.setpgid(0, 0)
    os.environ.update(environment)
    sys.argv = ["packshot", *arguments]
    from transforms.cli.app import main  # noqa: PLC0415 - loaded by the server already

    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        main()


def kill(process: multiprocessing.Process) -> None:
    """Kill it and all that it started, without warning."""
    os.killpg(process.pid, signal.SIGKILL)
    process.join()
