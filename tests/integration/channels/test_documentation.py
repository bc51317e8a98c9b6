"""What docs/channels.md says is so: its commands exist, its file loads, its columns are written."""

import re
import shlex
from pathlib import Path

import click
import pytest
import typer

from transforms.cli.app import app
from transforms.export.rows import ExportedFile
from transforms.presets.channel import Channel, Making
from transforms.presets.channel_rule import ChannelRule
from transforms.presets.loading import load

TEXT = (Path(__file__).parents[3] / "docs" / "channels.md").read_text()
COMMANDS = re.findall(r"^\.venv/bin/packshot (.+)$", TEXT, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_one(command):
    arguments = shlex.split(command)
    context = click.Context(typer.main.get_command(app))
    while isinstance(context.command, click.Group):
        name, found, arguments = context.command.resolve_command(context, arguments)
        context = click.Context(found, parent=context, info_name=name)

    context.command.make_parser(context).parse_args(arguments)


def test_the_example_of_a_channel_loads(tmp_path):
    example = re.search(r"```yaml\n(.+?)```", TEXT, re.DOTALL)[1]
    (tmp_path / "my-outlet.yaml").write_text(example)

    assert len(load(tmp_path / "my-outlet.yaml", Channel).rules) == 2


def test_every_rule_column_and_term_is_described():
    union = ChannelRule.__args__[0].__args__
    rules = {name for kind in union for name in kind.model_fields["rule"].annotation.__args__}
    described = set(re.findall(r"`(\w+)`", TEXT))

    assert rules <= described
    assert set(ExportedFile.model_fields) <= described
    assert "on_generated" in Making.__args__
