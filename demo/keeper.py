"""Outlives the demo by a moment, to end its Airflow even when the demo itself was killed.

`python -m demo.keeper HOME TOKEN` waits until its standard input ends, which the system sees to
however the demo dies, and then ends what is left of that start.
"""

import signal
import sys
from pathlib import Path

from demo.processes import end, of_start


def main() -> None:
    """Wait for the demo's end, then end its processes."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    home, token = sys.argv[1:]
    sys.stdin.read()
    end(of_start(Path(home), token))


if __name__ == "__main__":
    main()
