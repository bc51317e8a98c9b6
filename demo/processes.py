"""Processes that must not outlive the demo: found by a mark in their environment, and ended.

Every process of a local Airflow inherits the mark, whatever process group it moves to, so none is
missed, and no other process is ever taken for one of them.

`python -m demo.processes HOME TOKEN` is the keeper: it waits until its standard input ends, which
the system sees to however the demo dies, and then ends what is left of that start.
"""

import contextlib
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import psutil

MARK = "PACKSHOT_AIRFLOW"
PATIENCE_SECONDS = 10.0


def mark(home: Path, token: str) -> str:
    """Value of MARK for one start of an Airflow in `home`."""
    return f"{home}|{token}"


def of_start(home: Path, token: str) -> Callable[[str], bool]:
    """Choose the processes of one start."""
    return lambda value: value == mark(home, token)


def of_home(home: Path) -> Callable[[str], bool]:
    """Choose the processes of every start in `home`."""
    return lambda value: value.startswith(mark(home, ""))


def find_marked(chosen: Callable[[str], bool]) -> list[psutil.Process]:
    """Living processes whose mark is chosen."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            value = process.environ().get(MARK)
            if value is not None and chosen(value) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def end(chosen: Callable[[str], bool]) -> int:
    """End the chosen processes: ask those that lead, let them end theirs, then kill the rest.

    Returns:
        How many there were.
    """
    processes = find_marked(chosen)
    count, known = len(processes), {process.pid for process in processes}
    leading = []
    for process in processes:
        with contextlib.suppress(psutil.Error):
            if process.ppid() not in known:
                process.terminate()
                leading.append(process)
    psutil.wait_procs(leading, timeout=PATIENCE_SECONDS)
    while processes := find_marked(chosen):  # also what they started meanwhile
        for process in processes:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(processes, timeout=1)
    return count


def main() -> None:
    """Wait for the demo's end, then end its processes."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    home, token = sys.argv[1:]
    sys.stdin.read()
    end(of_start(Path(home), token))


if __name__ == "__main__":
    main()
