"""A page as a story: its files are written and its commands run, in order, in one workspace."""

import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path

import typer
import yaml
from packshot_reference.configuration import model_of

from tests.docs.blocks import Block, Command, blocks, commands
from tests.docs.exceptions import NOT_RUN, STANDS_FOR
from transforms.cli.app import app, main
from transforms.presets.loading import load

ROOT = Path(__file__).resolve().parents[2]
CHANGED = ", changed"
_SHELL = ("ls", "cp", "mkdir", "cat")
_VERSION = re.compile(r"(\d{6})-0123456789ab\b")
_DIGEST = re.compile(r"[\w./-]+-0123456789abcdef\.\w+")


class Story:
    """One page in one workspace."""

    def __init__(self, page: Path, workspace: Path, bucket: str = "") -> None:
        self.page, self.workspace, self.bucket = page, workspace, bucket
        self.told = ""
        """What the last command printed."""
        self.passed_over: list[str] = []

    def play(self) -> None:
        """Write and run all that the page says."""
        for block in blocks(self.page):
            match block.language:
                case "bash":
                    self.told = "".join(self._run(each) for each in commands(block))
                case "yaml":
                    self._write(block)
                case "text" if block.follows == "bash":
                    self._compare(block)
                case "text" | "python" | "csv":
                    pass  # a picture of something, or code that has a test of its own
                case _:
                    raise AssertionError(f"{self._at(block.line)}: say what language it is")

    def _run(self, command: Command) -> str:
        where = self._at(command.line)
        if reason_not_to_run(command):
            self.passed_over.append(str(command))
            parse(command, where)
            return ""
        wanted = 1 if "exit code 1" in command.remark else 0
        words = [self._real(word) for word in command.words]
        if words[0] in _SHELL:
            done = subprocess.run(
                words, cwd=self.workspace, capture_output=True, text=True, check=False
            )
            code, told = done.returncode, done.stdout + done.stderr
        else:
            words[0] = Path(words[0]).name  # as `.venv/bin/packshot`
            assert words[0] == "packshot", f"{where}: neither run nor named in exceptions.py"
            code, told = packshot(words[1:])

        assert code == wanted, f"{where}: {command}\nexit code {code}, not {wanted}:\n{told}"
        return told

    def _write(self, block: Block) -> None:
        """Write a file of the configuration, whole or changed, and hold it against its model."""
        where = self._at(block.line)
        title = block.title.removesuffix(CHANGED)
        model = model_of(title)
        assert model is not None, f"{where}: no file of the configuration is called {title!r}"
        path = self.workspace / title
        said = yaml.safe_load(block.text)
        if block.title.endswith(CHANGED):
            said = merged(yaml.safe_load(path.read_text()), said)
        elif path.exists():
            raise AssertionError(f"{where}: {title} is there already; title it as changed")
        path.write_text(yaml.safe_dump(self._placed(said), sort_keys=False))

        load(path, model)

    def _placed(self, said: object) -> object:
        """Addresses of buckets in the one that this test has."""
        if isinstance(said, dict):
            return {name: self._placed(each) for name, each in said.items()}
        if isinstance(said, str) and self.bucket:
            return said.replace("s3://", self.bucket)
        return said

    def _real(self, word: str) -> str:
        """A word with its made-up version, or made-up file, in place of which a real one is."""
        version = _VERSION.search(word)
        if version:
            (path,) = (self.workspace / "out/published/manifests").glob(f"{version[1]}-*")
            return word.replace(version[0], path.stem)
        if _DIGEST.fullmatch(word):
            (path,) = self.workspace.glob(word.replace("0123456789abcdef", "*"))
            return str(path.relative_to(self.workspace))
        return word

    def _compare(self, block: Block) -> None:
        """Every line that is shown was printed, in that order; numbers may differ."""
        left = alike(self.told)
        for line in filter(None, map(alike, block.text.splitlines())):
            _, found, left = left.partition(line)
            assert found, f"{self._at(block.line)}: not printed: {line}\n{self.told}"

    def _at(self, line: int) -> str:
        return f"{self.page.relative_to(ROOT)}:{line}"


def merged(old: object, new: object) -> object:
    """`old` with what `new` says."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old | {name: merged(old.get(name), each) for name, each in new.items()}
    return new


def alike(text: str) -> str:
    """Text in which only words count."""
    return " ".join(re.sub(r"[0-9a-f]{12}|\d+(\.\d+)?", "N", text).split())


def reason_not_to_run(command: Command) -> str:
    """Why a command is not run; empty: it is."""
    written = str(command)
    return next(
        (
            reason
            for begin, reason in (NOT_RUN | STANDS_FOR).items()
            if written == begin
            or written.startswith((f"{begin} ", begin if "=" in begin else "\0"))
        ),
        "",
    )


def packshot(words: list[str]) -> tuple[int, str]:
    """Call the command line in this process: exit code, and what it printed."""
    told = io.StringIO()
    called, sys.argv = sys.argv, ["packshot", *words]
    try:
        with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
            main()
    except SystemExit as ended:
        return int(ended.code or 0), told.getvalue()
    finally:
        sys.argv = called
    return 0, told.getvalue()


def exists(words: tuple[str, ...], where: str) -> None:
    """Find a command without running it; of `packshot` what its words and options are."""
    program, *rest = words
    if program == "make":
        made = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        assert set(rest) <= set(made), f"{where}: make has no such target: {words}"
        return
    found = typer.main.get_command(app)
    while hasattr(found, "commands") and rest:
        assert rest[0] in found.commands, f"{where}: no such command: {' '.join(words)}"
        found = found.commands[rest.pop(0)]
    known = {name for each in found.params for name in (*each.opts, *each.secondary_opts)}
    given = {word.partition("=")[0] for word in rest if word.startswith("--")}
    assert given <= known, f"{where}: no such option: {' '.join(given - known)}"


def parse(command: Command, where: str) -> None:
    """Read a command with all its options and arguments, without running it."""
    program, *words = Path(command.words[0]).name, *command.words[1:]
    if program == "packshot":
        exists((program, *words), where)
        found = typer.main.get_command(app)
        while hasattr(found, "commands"):
            found = found.commands[words.pop(0)]
        context = found.context_class(found, info_name=found.name)
        found.make_parser(context).parse_args(words)
    elif program == "make":
        exists(command.words, where)
