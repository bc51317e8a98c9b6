"""Every command and every file of the documentation works, page by page, in the order told."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.blocks import blocks, commands, indented_code
from tests.docs.exceptions import NOT_RUN, STANDS_FOR
from tests.docs.story import Story, exists

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
BESIDE = [
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    ROOT / "samples" / "README.md",
    *sorted((ROOT / "transforms" / "adr").glob("*.md")),
]
"""Texts without blocks that are run."""
STORIES = [page for page in PAGES if any(b.language in ("bash", "yaml") for b in blocks(page))]
ON_S3 = {"docs/tutorial.md"}
"""Pages that work on buckets."""


@pytest.mark.parametrize("page", STORIES, ids=[str(each.relative_to(ROOT)) for each in STORIES])
def test_a_page_is_a_story_that_works(page, workspace, request):
    on_s3 = str(page.relative_to(ROOT)) in ON_S3
    story = Story(page, workspace, request.getfixturevalue("bucket") if on_s3 else "")

    story.play()


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_no_code_escapes_by_standing_in_no_fence(page):
    assert indented_code(page) == []
    assert {block.language for block in blocks(page)} <= {"bash", "yaml", "text", "python", "csv"}


@pytest.mark.parametrize("page", [*PAGES, *BESIDE], ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_within_sentences_exist(page):
    for shown in re.findall(r"`((?:packshot|make) [a-z][^`\n]*)`", page.read_text()):
        words = [word for word in shown.split() if word.isalpha() or "-" in word]
        exists(tuple(words), str(page))


@pytest.mark.parametrize("page", [PAGES[0], *BESIDE], ids=lambda page: str(page.relative_to(ROOT)))
def test_links_of_texts_outside_the_site_lead_somewhere(page):
    linked = re.findall(r"\]\(([^)#\s]+)", page.read_text())

    assert [to for to in linked if ":" not in to and not (page.parent / to).exists()] == []


def test_every_environment_variable_is_explained():
    read = {
        name
        for path in (ROOT / "transforms").rglob("*.py")
        for name in re.findall(r"\bPACKSHOT_[A-Z0-9_]+\b", path.read_text())
    }
    explained = (ROOT / "docs" / "how-to" / "operate.md").read_text()

    assert {name for name in read if f"`{name}`" not in explained} == set()


def test_every_exception_is_needed():
    every = [
        each for page in PAGES for b in blocks(page) if b.language == "bash" for each in commands(b)
    ]
    unused = [
        begin
        for begin in NOT_RUN | STANDS_FOR
        if not any(str(command).startswith(begin) for command in every)
    ]

    assert unused == []


def test_the_review_pages_keys_are_explained():
    templates = ROOT / "plugins" / "packshot_review" / "templates"
    keys = re.findall(r"<kbd>(.+?)</kbd>", (templates / "dialogs.html").read_text())
    explained = (ROOT / "docs" / "how-to" / "review.md").read_text()

    assert {key for key in keys if f"<kbd>{key}</kbd>" not in explained} == set()


def test_the_dag_that_pages_show_is_the_one_that_tests_run():
    shown = [block for page in PAGES for block in blocks(page) if block.language == "python"]
    code = (ROOT / "docs" / "examples" / "take_over_pictures.py").read_text()

    assert shown
    assert [block.line for block in shown if block.text.strip() not in code] == []


def test_airflow_has_the_commands_that_pages_name(tmp_path):
    named = [
        list(each.words[1:])
        for page in PAGES
        for block in blocks(page)
        if block.language == "bash"
        for each in commands(block)
        if each.words[0] == "airflow"
    ]
    probe = (
        "import json, sys\n"
        "from airflow.cli.cli_parser import get_parser\n"
        "for words in json.load(sys.stdin):\n"
        "    get_parser().parse_args(words)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe],
        input=json.dumps(named),
        env={"PATH": "/usr/bin:/bin", "AIRFLOW_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
