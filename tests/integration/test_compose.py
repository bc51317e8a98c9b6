"""The compose stack is valid, hides its secrets and shows no port to the network."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"


@pytest.fixture(scope="module")
def stack():
    return yaml.safe_load(COMPOSE.read_text())


@pytest.fixture(scope="module")
def explained() -> dict[str, str]:
    """Variables of .env.example with their values."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]\w*=", line))


def test_it_keeps_the_compose_specification():
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec",
         str(COMPOSE)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout


def test_every_variable_is_demanded_and_explained(explained):
    used = re.findall(r"(?<!\$)\$\{(\w+)([^}]*)\}", COMPOSE.read_text())

    assert {rest for _, rest in used} == {":?set in .env"}
    assert {name for name, _ in used} == set(explained) - {"COMPOSE_PROFILES"}


def test_no_secret_has_a_usable_default(explained):
    secret = {n for n in explained if re.search("PASSWORD|KEY|SECRET", n)}

    assert len(secret) == 8
    assert {explained[name] for name in secret} == {""}


def test_ports_are_published_on_this_machine_only(stack):
    ports = [port for service in stack["services"].values() for port in service.get("ports", [])]

    assert len(ports) == 2
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_every_lasting_service_has_a_healthcheck_and_starts_again(stack):
    services = {name: s for name, s in stack["services"].items() if name != "init"}

    assert [name for name, service in services.items() if "healthcheck" not in service] == []
    assert {service["restart"] for service in services.values()} == {"unless-stopped"}


def test_workers_listen_to_the_queues_that_the_dags_use(stack):
    def queues(service):
        command = stack["services"][service]["command"]
        return command[command.index("--queues") + 1]

    assert queues("gpu-worker") == "gpu"
    assert queues("cpu-worker").startswith("${CPU_WORKER_QUEUES")


@pytest.mark.parametrize("path", sorted((ROOT / "config" / "containers").glob("*.Dockerfile")))
def test_images_are_pinned_and_do_not_run_as_root(path):
    lines = path.read_text().splitlines()

    (base,) = [line for line in lines if line.startswith("FROM ")]
    assert re.fullmatch(r"FROM \w+:\d+\.\d+\.\d+[\w.-]*", base)
    assert [line for line in lines if line.startswith("USER ")][-1] != "USER root"
    assert any("--constraint constraints.txt" in line for line in lines)
