"""Ports on 127.0.0.1 that nobody else takes between finding one and listening on it."""

import contextlib
import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

from demo.errors import AirflowServerError


def free_port(wanted: int = 0) -> int:
    """Find a free port on 127.0.0.1: `wanted`, or another where that is taken."""
    for port in (wanted, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise AirflowServerError("no free port on 127.0.0.1")


@contextlib.contextmanager
def reserve_port(wanted: int) -> Iterator[int]:
    """A free port that no other of this user's Airflows is given meanwhile.

    Airflow listens half a minute after it was told where: two that begin together would both find
    the port free, and the second would answer for nobody.

    Args:
        wanted: Taken where it is free.
    """
    folder = Path(tempfile.gettempdir()) / f"packshot-ports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / str(wanted)).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield free_port()
        else:
            yield free_port(wanted)
