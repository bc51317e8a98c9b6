"""The server of the tests ends with whoever started it."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[3]
START = """
import signal, sys
from pathlib import Path
from tests.support.seaweedfs import seaweedfs
with seaweedfs(Path(sys.argv[1])) as server:
    print(server.endpoint_url, flush=True)
    signal.pause()
"""


def answers(endpoint_url):
    where = urlsplit(endpoint_url)
    with socket.socket() as probe:
        return probe.connect_ex((where.hostname, where.port)) == 0


def test_the_server_dies_with_a_parent_that_is_killed(tmp_path):
    parent = subprocess.Popen(
        [sys.executable, "-c", START, tmp_path], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    endpoint_url = parent.stdout.readline().strip()
    assert answers(endpoint_url)

    os.kill(parent.pid, signal.SIGKILL)
    parent.communicate()

    until = time.monotonic() + 10
    while answers(endpoint_url) and time.monotonic() < until:
        time.sleep(0.05)
    assert not answers(endpoint_url)
