"""The page of the gate's rules: limits and reasons from its file, measures from the functions."""

import ast
import inspect
import re
from dataclasses import dataclass
from pathlib import Path

import transforms.quality
from packshot_reference.markdown import code, heading, page, prose, table
from packshot_reference.sources import attribute_docs
from transforms.presets.gate import Gate, Limit
from transforms.presets.loading import load
from transforms.quality import metrics
from transforms.records.facts import BackdropFacts, MatteFacts

_ROOT = Path(__file__).resolve().parents[3]
_QUALITY = Path(inspect.getfile(transforms.quality)).parent
_GATHERING = {"matte_metrics", "examined"}
"""Functions that put together what others measure."""
GROUPS = {
    "The photograph and its cut-out": metrics.OF_SOURCE,
    "It is a picture": metrics.OF_PICTURE,
    "The product is its own": metrics.OF_PRODUCT,
    "On a plain background": metrics.OF_PLAIN,
    "In a scene": metrics.OF_BACKED | metrics.OF_SCENE,
    "Remade by a model": metrics.OF_REMADE
    | metrics.OF_REFINED
    | metrics.OF_RESTYLED
    | metrics.OF_PROMPT,
}
"""Rules by what they are about, as the code groups them."""


@dataclass(frozen=True, slots=True)
class _Measure:
    """A function, and the rules that it gives values for."""

    anchor: str
    title: str
    rules: tuple[str, ...]
    text: str


def pages() -> dict[str, str]:
    """Pages by address."""
    gate, notes = load(_ROOT / "config" / "gate.yaml", Gate), _notes()
    about = (
        "`config/gate.yaml` holds the limits, `transforms/quality` measures. A picture's verdict "
        "is that of its worst rule. A value on a bound passes. Of several files of a picture the "
        "worst counts. A rule that does not apply, or cannot be told for a picture, is *not "
        "measured*, which is never a PASS. Change a limit in the file: the next night judges by "
        "it. What the fields mean stands under [config/gate.yaml](configuration/gate-file.md)."
    )
    measures = _measures(frozenset(gate.rules))
    where = _where(measures)
    groups = []
    for title, names in GROUPS.items():
        ordered = [name for name in gate.rules if name in names]
        groups.append(page(heading(2, title), _rules(ordered, gate, notes, where)))
    return {
        "reference/gate.md": page(
            heading(1, "The gate's rules"),
            about,
            *groups,
            heading(2, "A picture against its batch"),
            _model_rows(gate.batch),
            heading(2, "A run as a whole"),
            "Beyond these a night is *held*: nothing of it is published until a person decides.",
            _model_rows(gate.audit),
            heading(2, "How it is measured"),
            *(page(heading(3, each.title, each.anchor), each.text) for each in measures),
        )
    }


def _rules(names: list[str], gate: Gate, notes: dict[str, str], where: dict[str, str]) -> str:
    rows = []
    for name in names:
        limit = gate.rules[name]
        anchor = where.get(name) or where.get(name.removeprefix("scene_"))
        shown = f"[`{name}`](#{anchor})" if anchor else code(name)
        bounds = (_bounds(limit, state) for state in ("review", "fail"))
        rows.append((shown, *bounds, limit.why, notes.get(name, "")))
    return table(("rule", "REVIEW", "FAIL", "what a value outside means", "note"), rows)


def _bounds(limit: Limit, state: str) -> str:
    low, high = (getattr(limit, f"{state}_{side}") for side in ("below", "above"))
    bounds = [f"below {low:g}"] if low is not None else []
    bounds += [f"above {high:g}"] if high is not None else []
    return " or ".join(bounds)


def _notes() -> dict[str, str]:
    """Comments beside the rules' names in the file: units and scope."""
    text = (_ROOT / "config" / "gate.yaml").read_text(encoding="utf-8")
    return dict(re.findall(r"^  (\w+):  # (.+)$", text, re.MULTILINE))


def _model_rows(model: object) -> str:
    docs = attribute_docs(type(model))
    values = model.model_dump()  # type: ignore[attr-defined]
    return table(
        ("limit", "value", "meaning"),
        [(code(name), code(value), docs.get(name, "")) for name, value in values.items()],
    )


def _measures(rules: frozenset[str]) -> list[_Measure]:
    """What the code says of the values that rules judge, in the order of its modules."""
    recorded = {f"matte_{name}": doc for name, doc in attribute_docs(MatteFacts).items()}
    recorded |= attribute_docs(BackdropFacts)
    rows = [(code(name), doc) for name, doc in recorded.items() if name in rules]
    told = table(("rule", "value"), rows)
    found = [_Measure("recorded", "Recorded on the way", tuple(recorded.keys() & rules), told)]
    for path in sorted(_QUALITY.glob("*.py")):
        for function in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(function, ast.FunctionDef) and function.name not in _GATHERING:
                measured = tuple(sorted(_given(function) & rules))
                if measured and not function.name.startswith("_"):
                    text = prose(ast.get_docstring(function), without=("Args", "Raises"))
                    anchor = f"{path.stem}-{function.name}"
                    title = function.name.replace("_", " ").capitalize()
                    named = "Measures " + ", ".join(map(code, measured)) + "."
                    found.append(_Measure(anchor, title, measured, f"{named}\n\n{text}"))
    return found


def _given(function: ast.FunctionDef) -> set[str]:
    """Names that a function gives a value for: its own, and those that its docstring returns."""
    returned = (ast.get_docstring(function) or "").partition("Returns:")[2]
    named = set(re.findall(r"`(\w+)`:|`(\w+)`,", returned))
    keys = {
        each.value
        for node in ast.walk(function)
        if isinstance(node, ast.Dict)
        for each in node.keys
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }
    return {function.name, *keys, *(each for pair in named for each in pair)}


def _where(measures: list[_Measure]) -> dict[str, str]:
    """Anchors by rule: of the function that measures nothing else, where there is one."""
    by_rule: dict[str, str] = {}
    for measure in sorted(measures, key=lambda each: -len(each.rules)):
        by_rule |= dict.fromkeys(measure.rules, measure.anchor)
    return by_rule
