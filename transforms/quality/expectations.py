"""Expectation suites: rules as data, held by Great Expectations against the rows of a table.

Great Expectations takes five seconds to import, so it is imported where it runs.
"""

import logging
import os
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from transforms.errors import ConfigError
from transforms.presets.suite import Rule, Suite
from transforms.records.validation import ExpectationResult, SuiteValidation, UnexpectedValue

if TYPE_CHECKING:
    import pandas as pd

_EXAMPLES, _COMMONEST = 5, 4
"""Keys shown for an expectation, and values of words."""
_TOO_LONG = ("unexpected_list", "unexpected_index_list")
"""Parts of a result that hold every value; the library keeps twenty of them under other names."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a row does not meet."""

    rule: Rule
    value: object

    @property
    def message(self) -> str:
        """What to tell the photographer."""
        return self.rule.says(self.value)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a suite says to a table."""

    findings: dict[str, list[Finding]]
    """Of each row that does not meet every rule, by key, in the order of the suite."""
    validation: SuiteValidation
    """The record of it."""


def evaluate(table: "pd.DataFrame", suite: Suite, *, run_id: str, started: datetime) -> Evaluation:
    """Hold a table against a suite, once for all its rows.

    Args:
        table: `key`, the suite's columns, and `reason`, which says why a row has no other values
            and is empty where it has. Empty values are no concern of any rule.
        suite: The rules.
        run_id: Noted in the record.
        started: As `run_id`; the run's, so that doing it again gives the same record.

    Raises:
        ConfigError: Great Expectations does not know a rule, or not its arguments.
    """
    gx = great_expectations()
    validated = _validate(gx, table, suite)
    # The library gives results in an order of its own.
    by_rule = {each.expectation_config.meta["rule"]: each for each in validated.results}
    results, findings = [], defaultdict[str, list[Finding]](list)
    for number, rule in enumerate(suite.expectations):
        found = by_rule[number]
        if found.exception_info.get("raised_exception"):
            said = found.exception_info["exception_message"]
            raise ConfigError(f"{suite.name}.yaml: {rule.expect} {rule.kwargs!r}: {said}")
        results.append(_result(rule, found.result, table))
        for row in found.result.get("unexpected_index_list") or []:
            findings[row["key"]].append(Finding(rule, row[rule.kwargs["column"]]))
        for part in _TOO_LONG:
            found.result.pop(part, None)
    validated.results.sort(key=lambda each: each.expectation_config.meta["rule"])
    validated.meta = {
        "great_expectations_version": gx.__version__,
        "run_id": {"run_name": run_id, "run_time": started.isoformat()},
    }
    record = SuiteValidation(
        suite=suite.name,
        purpose=suite.purpose,
        rows=len(table),
        unusable=int((table["reason"] != "").sum()),
        results=tuple(results),
        great_expectations=validated.to_json_dict(),
    )
    return Evaluation(dict(findings), record)


def _validate(gx: Any, table: "pd.DataFrame", suite: Suite) -> Any:
    """The library's validation result."""
    from great_expectations.data_context.types import base  # noqa: PLC0415  # five seconds

    context = gx.get_context(
        mode="ephemeral",
        project_config=base.DataContextConfig(
            # Its own temporary site would be written as well, and left behind.
            store_backend_defaults=base.InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            progress_bars=base.ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        ),
    )
    asset = context.data_sources.add_pandas("run").add_dataframe_asset(suite.name)
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": table})
    return batch.validate(
        gx.ExpectationSuite(name=suite.name, expectations=expectations(suite)),
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": ["key"],
            "return_unexpected_index_query": False,
        },
    )


def _result(rule: Rule, found: dict[str, Any], table: "pd.DataFrame") -> ExpectationResult:
    column = str(rule.kwargs["column"])
    examples = (found.get("unexpected_index_list") or [])[:_EXAMPLES]
    return ExpectationResult(
        expect=rule.expect,
        column=column,
        limit=_limit(rule),
        severity=rule.severity,
        reason=rule.reason,
        observed=_observe(table[column]),
        checked=found["element_count"] - found["missing_count"],
        unexpected=found["unexpected_count"],
        examples=tuple(
            UnexpectedValue(key=row["key"], value=_short(row[column])) for row in examples
        ),
    )


def _limit(rule: Rule) -> str:
    """What a rule's arguments say, in words."""
    match rule.kwargs:
        case {"min_value": low, "max_value": high}:
            return f"{_short(low)} to {_short(high)}"
        case {"min_value": low}:
            return f"at least {_short(low)}"
        case {"max_value": high}:
            return f"at most {_short(high)}"
    kind = rule.expect.removeprefix("expect_column_values_to_").replace("_", " ")
    match rule.kwargs:
        case {"value_set": [*values]}:
            return f"{kind.replace('be in set', 'one of').replace('not one', 'none')} " + ", ".join(
                _short(each) for each in values
            )
        case {"regex": regex}:
            return f"{kind} {regex}"
    rest = {name: value for name, value in rule.kwargs.items() if name != "column"}
    return f"{kind} {', '.join(f'{name} {_short(value)}' for name, value in rest.items())}".strip()


def _observe(values: "pd.Series") -> str:
    """Lowest and highest number, or the commonest words with how often each is there."""
    from pandas.api.types import is_bool_dtype, is_numeric_dtype  # noqa: PLC0415  # as pandas

    known = values.dropna().infer_objects()
    if known.empty:
        return ""
    if is_numeric_dtype(known) and not is_bool_dtype(known):
        low, high = _short(known.min()), _short(known.max())
        return low if low == high else f"{low} to {high}"
    counted = known.astype(str).replace("", "none").value_counts()
    parts = [f"{value} {count}" for value, count in counted.head(_COMMONEST).items()]
    return ", ".join([*parts, *(["…"] if len(counted) > _COMMONEST else [])])


def _short(value: object) -> str:
    """A value for people: four digits of what is no whole number."""
    if isinstance(value, (bool, str)):
        return str(value)
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return str(value)
    return f"{number:.0f}" if number.is_integer() else f"{number:.4g}"


def great_expectations() -> Any:
    """Import the library, quiet and without telling anybody that it is used.

    At its import and with every context it logs some 220 lines about itself, which would stand
    in a task's log between what a person looks for there.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    import great_expectations as gx  # noqa: PLC0415  # five seconds

    return gx


def expectations(suite: Suite) -> list[Any]:
    """The suite as expectations of the library, in the same order.

    Raises:
        ConfigError: The library does not know one, or not its arguments.
    """
    gx = great_expectations()
    made = []
    for number, rule in enumerate(suite.expectations):
        where = f"{suite.name}.yaml: expectations.{number}"
        name = "".join(part.capitalize() for part in rule.expect.split("_"))
        kind = getattr(gx.expectations, name, None)
        if kind is None or not issubclass(kind, gx.expectations.expectation.ColumnMapExpectation):
            raise ConfigError(f"{where}.expect = {rule.expect!r}: not an expectation on values")
        try:
            expectation = kind(
                **rule.kwargs,
                severity="critical" if rule.severity == "refuse" else "warning",
                notes=rule.message.format(value="…"),
                meta={"reason": rule.reason, "rule": number},
            )
        except ValueError as error:  # the library's pydantic is another one than ours
            said = " ".join(str(error).split())
            raise ConfigError(f"{where}.kwargs = {rule.kwargs!r}: {said}") from error
        made.append(expectation)
    return made
