"""Every file and every name on the page for engineers is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "where-do-i.md").read_text()
FILES = sorted(set(re.findall(r"`((?:transforms|dags|plugins|config)/[\w/.]+)`", PAGE)))
NAMED = sorted(
    {
        (name.split(".")[-1], file)
        for names, file in re.findall(r"((?:`[\w.]+`(?:,| and)? ?)+)\(`([\w/]+\.py)`\)", PAGE)
        for name in re.findall(r"`([\w.]+)`", names)
    }
)


def test_the_page_names_much():
    assert len(FILES) > 30
    assert len(NAMED) > 30


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_there(file):
    assert (ROOT / file).exists()


@pytest.mark.parametrize(("name", "file"), NAMED)
def test_a_name_is_defined_in_its_file(name, file):
    defined = rf"^\s*(?:(?:async )?def|class) {name}\b|^{name}\b.*="
    assert re.search(defined, (ROOT / file).read_text(), re.MULTILINE)
