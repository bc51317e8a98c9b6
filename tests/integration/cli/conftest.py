"""The command in this process, as its entry point runs it: most of a call is loading libraries."""

import sys
from dataclasses import dataclass

import pytest
import torch

from transforms.cli.app import main


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of a command."""

    code: int
    out: str
    err: str


@pytest.fixture
def command(monkeypatch, capsys, small_config):
    """Run `packshot` with a canvas of 400 px; `config=` names another configuration."""

    def run(*arguments: object, config=small_config) -> Ended:
        monkeypatch.setenv("PACKSHOT_CONFIG", str(config))
        monkeypatch.setattr(sys, "argv", ["packshot", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Ended(ended.value.code or 0, said.out, said.err)

    return run


@pytest.fixture(scope="session")
def _one_thread():
    """Tiny models lose more by waiting for a second thread than they gain."""
    usual = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(usual)
