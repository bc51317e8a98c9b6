"""Changing configuration files of a test."""

from pathlib import Path

import yaml


def change(path: Path, **fields) -> None:
    """Change fields of a YAML file."""
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), **fields}))
