"""The reference is made from the code, and nothing of it is missing."""

import re
from pathlib import Path

import pytest
from packshot_reference import commands, configuration, dags, gate, looks, outlets, records

from transforms.export.rows import ExportedFile
from transforms.presets.channel_rule import ChannelRule
from transforms.presets.gate import Gate
from transforms.presets.loading import load

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def pages():
    made = {}
    for module in (commands, configuration, gate, looks, outlets, records):
        made |= module.pages()
    return made


def test_every_option_of_every_command_is_there(pages):
    text = pages["reference/commands.md"]

    for path, command, _ in commands.walked():
        section = text.partition(f"`{path}` {{")[2].partition("\n## ")[0]
        for param in command.params:
            if param.param_type_name == "option":
                assert f"`{param.opts[0]}" in section, path


@pytest.mark.parametrize("pattern", configuration.FILES)
def test_every_field_of_every_file_is_there(pages, pattern):
    name, model = configuration.FILES[pattern]
    text = pages[f"reference/configuration/{name}.md"]

    for field in model.model_fields:
        assert f"| `{field}` |" in text


def test_every_file_of_the_configuration_has_a_model():
    files = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "config").rglob("*.yaml")
        if "containers" not in path.parts
    ]

    assert [file for file in files if configuration.model_of(file) is None] == []


def test_every_rule_of_the_gate_is_there_with_its_limit_and_its_measure(pages):
    rules = load(ROOT / "config" / "gate.yaml", Gate).rules
    text = pages["reference/gate.md"]

    for name, limit in rules.items():
        assert limit.why in text
        row = re.search(rf"^\| (\[?)`{name}`.*\| (.*) \|$", text, re.MULTILINE)
        assert row, name
        assert row[1] or row[2], f"{name}: neither a function nor a comment says what it measures"


def test_a_docstring_below_a_field_is_its_meaning(pages):
    brand = pages["reference/configuration/brand.md"]

    assert "| `fill` | number above 0.1 to 1 | `0.86` |" in brand
    assert "Appended once to every negative prompt." in brand


def test_every_dag_is_there_with_its_form_and_its_tasks():
    text = dags.pages()["reference/dags.md"]
    files = {path.stem for path in (ROOT / "dags").glob("*.py")} & {
        "nightly_standardise", "housekeeping", "publish_reviewed", "rerender", "season_calendar",
        "seasonal_variants",
    }  # fmt: skip

    assert {dag["dag_id"] for dag in dags.declared()} == files
    for dag in dags.declared():
        for task in dag["tasks"]:
            assert task["joint"] or f"| `{task['task_id']}` |" in text
        for field in dag["form"]:
            assert f"| `{field['name']}` |" in text


def test_what_a_shop_reads_and_what_an_outlet_demands_is_described(pages):
    union = ChannelRule.__args__[0].__args__
    rules = {name for kind in union for name in kind.model_fields["rule"].annotation.__args__}
    described = set(re.findall(r"`(\w+)`", (ROOT / "docs" / "channels.md").read_text()))

    assert rules <= described
    assert all(
        f"| `{field}` |" in pages["reference/manifest.md"] for field in ExportedFile.model_fields
    )


def test_every_reason_to_refuse_a_photograph_is_there(pages):
    text = pages["reference/reasons.md"]

    for reason in ("too_small", "animated", "bad_mask", "same_sku_view", "run_held", "unreadable"):
        assert f"| `{reason}` |" in text
