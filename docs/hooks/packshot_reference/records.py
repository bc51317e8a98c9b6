"""Pages of what Packshot writes: columns, keys, the summary; and of the reasons that it gives."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from pydantic import BaseModel

from packshot_reference.markdown import code, heading, page, prose, table
from packshot_reference.sources import attribute_docs, attribute_types, below, docstring
from transforms import errors
from transforms.export.rows import ChangedFile, ExportedFile
from transforms.presets.loading import load
from transforms.presets.suite import Rule, Suite
from transforms.records import layout, pictures, renditions
from transforms.records import outcomes as outcome_rows
from transforms.records.outcomes import Outcome, PublishedFile
from transforms.records.pointer import Pointer
from transforms.runs import inventory, outcomes
from transforms.runs.summary import Counts, Summary
from transforms.stages import check, publish, publish_held

_WAITING: dict[ModuleType, tuple[str, ...]] = {
    inventory: ("RUN_HELD",),
    publish: ("STALE",),
    publish_held: ("KEPT_BACK",),
    check: ("NO_CHANNEL",),
    outcomes: ("UNLIKE", "UNFINISHED"),
}
_ROOT = Path(__file__).resolve().parents[3]
_PHRASES = {
    r"(?:tuple|list)\[([^\[\],]+)(?:, \.\.\.)?\]": r"list of \1",
    r"dict\[([^\[\],]+), ([^\[\]]+)\]": r"map: \1 to \2",
    r" \| None": ", may be missing",
}
_WORDS = {"str": "text", "int": "integer", "float": "number", "bool": "true or false"}


def pages() -> dict[str, str]:
    """Pages by address."""
    return {"reference/manifest.md": _written(), "reference/reasons.md": _reasons()}


def _written() -> str:
    return page(
        heading(1, "What Packshot writes"),
        heading(2, "Rows of an export", "export"),
        "Of `packshot export manifest`: CSV, TSV, JSON Lines or Parquet. "
        + docstring(ExportedFile),
        _columns(ExportedFile),
        heading(2, "Rows of a delta", "delta"),
        "Of `packshot export delta`, besides the columns of an export. " + docstring(ChangedFile),
        _columns(ChangedFile, without=ExportedFile),
        heading(2, "The published manifest", "published"),
        "`manifests/<version>.parquet` in the published storage. " + docstring(PublishedFile),
        _columns(PublishedFile),
        heading(2, "The pointer"),
        prose(docstring(Pointer)),
        _columns(Pointer),
        heading(2, "The summary"),
        "`summary.json` of a run; also the output of the task `report`, and the `extra` of the "
        "asset's event.",
        _columns(Summary),
        heading(3, "Counts"),
        prose(docstring(Counts)),
        _columns(Counts),
        heading(2, "A picture's outcome", "outcome"),
        "`outcomes.parquet` of a run. " + docstring(Outcome),
        _columns(Outcome),
        heading(2, "Where it lies"),
        table(("function of `transforms.records.layout`", "key"), _functions(layout)),
    )


def _columns(model: type[BaseModel], without: type[BaseModel] | None = None) -> str:
    docs, types = attribute_docs(model), attribute_types(model)
    known = set(without.model_fields) if without else set()
    rows = [
        (code(name), _in_words(types[name]), docs.get(name, ""))
        for name in model.model_fields
        if name not in known
    ]
    return table(("column", "type", "holds"), rows)


def _in_words(annotation: str) -> str:
    """A type as shops' people name it; structures keep their names."""
    for written, word in _WORDS.items():
        annotation = re.sub(rf"\b{written}\b", word, annotation)
    told = ""
    while told != annotation:  # from the inside out
        told = annotation
        for written, phrase in _PHRASES.items():
            annotation = re.sub(written, phrase, annotation)
    return told


def _functions(module: ModuleType) -> Iterator[tuple[str, str]]:
    for function in ast.parse(inspect.getsource(module)).body:
        if isinstance(function, ast.FunctionDef):
            yield code(function.name), ast.get_docstring(function) or ""


def _reasons() -> str:
    return page(
        heading(1, "Reasons and errors"),
        "Every photograph that a night does not publish has a reason: a code that is counted, and "
        "a sentence that says what to do. The code stands in the report, on the review page and in "
        "`outcomes.parquet`. Rules of the gate are reasons as well: [their page](gate.md).",
        heading(2, "States"),
        _documented(
            {
                outcome_rows: ("State",),
                pictures: ("Change",),
                renditions: ("Verdict", "RuleState"),
            }
        ),
        heading(2, "Why a photograph is quarantined", "quarantined"),
        "… stands for what was found.",
        table(
            ("reason", "said"),
            [*_refusals(), *_constants_that({inventory: ("DUPLICATE",)})],
        ),
        heading(2, "Why a picture waits or fails, besides the gate's rules", "waiting"),
        table(("reason", "means"), _constants_that(_WAITING)),
        heading(2, "What is noticed, and let through", "warnings"),
        table(
            ("warning", "said"),
            [
                *((code(rule.reason), _filled_in(rule.message)) for rule in _suite("warn")),
                *_constants_that({inventory: ("ALSO_USED", "NEAR_DUPLICATE")}),
            ],
        ),
        heading(2, "Errors of the program", "errors"),
        f"```text\n{_tree()}\n```",
        table(
            ("error", "means"),
            [
                (code(name), docstring(each).partition("\n\nArgs:")[0])
                for name, each in vars(errors).items()
                if isinstance(each, type)
            ],
        ),
    )


def _documented(types: dict[ModuleType, tuple[str, ...]]) -> str:
    """Choices of these types, with the docstring below each."""
    rows = []
    for module, names in types.items():
        docs = below(ast.parse(inspect.getsource(module)).body)
        for name in names:
            choices = ", ".join(map(code, getattr(module, name).__args__))
            rows.append((name, choices, docs.get(name, "")))
    return table(("", "is one of", ""), rows)


def _refusals() -> list[tuple[str, str]]:
    """From the suite, from what settles a run, and from every place that refuses a picture."""
    found = {(rule.reason, rule.message) for rule in _suite("refuse")}
    refused = inventory.REFUSED_MESSAGES
    found |= {(reason, refused[change]) for change, reason in inventory.REFUSED.items()}
    for path in sorted((_ROOT / "transforms").rglob("*.py")):
        if path.parent.name == "cli":
            continue  # refusals of a command, which no night gives
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = _constants(tree)
        for call in ast.walk(tree):
            match call:
                case ast.Call(func=ast.Name(id="SourceError"), args=[reason, said]):
                    known = constants.get(ast.unparse(reason)) or _text(reason)
                    if "{" not in known:  # else it is made of an error that is listed itself
                        found.add((known, constants.get(ast.unparse(said)) or _text(said)))
    return [(code(reason), _filled_in(said)) for reason, said in sorted(found)]


def _constants(tree: ast.Module) -> dict[str, str]:
    """Texts that a module names."""
    return {
        name: text
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        for name, text in [(ast.unparse(statement.targets[0]), _text(statement.value))]
        if "{" not in text
    }


def _constants_that(
    named: dict[ModuleType, tuple[str, ...]],
) -> Iterator[tuple[str, str]]:
    """Reasons that modules name, with what stands below each, or below the next that has it."""
    for module, names in named.items():
        docs = below(ast.parse(inspect.getsource(module)).body)
        for name in names:
            said = docs.get(name) or getattr(module, f"{name}_MESSAGE", "")
            yield code(getattr(module, name)), " ".join(said.split())


def _filled_in(said: str) -> str:
    """A message for readers; one that is found out on the spot is said to be."""
    shown = re.sub(r"\{[^}]*\}", "…", said)
    return shown if shown.strip(" …;.") else "What is wrong with the file, by its decoder."


def _text(said: ast.expr) -> str:
    """A message as it is written; what is filled in is `{...}`."""
    match said:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(map(_text, parts))
        case ast.BinOp(left=left, right=right):
            return _text(left) + _text(right)
        case _:
            return "{...}"


def _suite(severity: str) -> list[Rule]:
    suite = load(_ROOT / "config" / "expectations" / "source-images.yaml", Suite)
    return [rule for rule in suite.expectations if rule.severity == severity]


def _tree() -> str:
    return (errors.__doc__ or "").split("\n\n", 1)[1].strip()
