"""Expectation suites: rules for source pictures as data, and what Great Expectations says to them.

Great Expectations takes five seconds to import, so it is imported where it runs.
"""

import os
import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from transforms.errors import ConfigError
from transforms.presets.suite import Rule, Suite
from transforms.quality import data_docs

if TYPE_CHECKING:
    import pandas as pd

_HARMLESS = str.maketrans("<>", "\u2039\u203a")


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a picture does not meet."""

    rule: Rule
    value: object

    @property
    def message(self) -> str:
        """What to tell the photographer."""
        return self.rule.says(self.value)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a suite says to pictures."""

    findings: dict[str, list[Finding]]
    """Of each picture that does not meet every rule, by key, in the order of the suite."""
    pages: dict[str, bytes]
    """Data Docs, by path; see `transforms.quality.data_docs`."""


def evaluate(
    measured: "pd.DataFrame", suite: Suite, *, run_id: str, started: datetime
) -> Evaluation:
    """Hold pictures against a suite, once for all of them, and make Data Docs.

    Args:
        measured: `key`, `reason` and COLUMNS; empty values are no concern of any rule.
        suite: The rules.
        run_id: Shown in the Data Docs.
        started: As `run_id`; the run's, so that doing it again gives the same pages.

    Raises:
        ConfigError: Great Expectations does not know a rule, or not its arguments.
    """
    gx = great_expectations()
    from transforms.quality.page_store import close_site, open_site  # noqa: PLC0415  # as slow

    site = uuid.uuid4().hex
    pages = open_site(site)
    shown, keys = _without_markup(measured)
    try:
        results = _validated(gx, data_docs.project(site), shown, suite, (run_id, started))
    finally:
        close_site(site)
    return Evaluation(_findings(results, suite, keys), data_docs.kept(pages))


def _without_markup(measured: "pd.DataFrame") -> tuple["pd.DataFrame", dict[str, str]]:
    """The table without anything that a browser takes for a tag, and its keys as they are.

    The library writes values into its pages unescaped, and a file may be called `<script>...`.
    """
    shown = measured.map(lambda each: each.translate(_HARMLESS) if isinstance(each, str) else each)
    keys: dict[str, str] = {}
    for key in measured["key"]:
        harmless = key.translate(_HARMLESS)
        while harmless in keys:
            harmless += "\u203a"
        keys[harmless] = key
    return shown.assign(key=list(keys)), keys


def _validated(
    gx: Any, project: Any, measured: "pd.DataFrame", suite: Suite, run: tuple[str, datetime]
) -> list[Any]:
    """Results of the library for each of its expectations; its pages are written."""
    context = gx.get_context(mode="ephemeral", project_config=project)
    opens = gx.expectations.ExpectColumnValuesToBeInSet(
        column="reason", value_set=[""], notes="Every picture opens."
    )
    rules = context.suites.add(
        gx.ExpectationSuite(name=suite.name, expectations=[opens, *expectations(suite)])
    )
    batch = (
        context.data_sources.add_pandas("source")
        .add_dataframe_asset("pictures")
        .add_batch_definition_whole_dataframe("run")
    )
    checkpoint = gx.Checkpoint(
        name=suite.name,
        validation_definitions=[
            context.validation_definitions.add(
                gx.ValidationDefinition(name=suite.name, data=batch, suite=rules)
            )
        ],
        actions=[gx.checkpoint.UpdateDataDocsAction(name=data_docs.SITE)],
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": ["key"],
            "return_unexpected_index_query": False,
        },
    )
    context.checkpoints.add(checkpoint)
    outcome = checkpoint.run(
        batch_parameters={"dataframe": measured},
        # Named so that the library cannot read a time out of it: "…Z-2345" breaks its pages.
        run_id=gx.core.RunIdentifier(run_name=f"run {run[0]}", run_time=run[1]),
    )
    (validated,) = outcome.run_results.values()
    return list(validated.results)


def _findings(results: list[Any], suite: Suite, keys: dict[str, str]) -> dict[str, list[Finding]]:
    # The library gives results in an order of its own.
    by_rule = {
        result.expectation_config.meta["rule"]: result
        for result in results
        if "rule" in (result.expectation_config.meta or {})
    }
    found: dict[str, list[Finding]] = defaultdict(list)
    for number, rule in enumerate(suite.expectations):
        result = by_rule[number]
        if result.exception_info.get("raised_exception"):
            said = result.exception_info["exception_message"]
            raise ConfigError(f"{suite.name}.yaml: {rule.expect} {rule.kwargs!r}: {said}")
        column = rule.kwargs["column"]
        for row in result.result.get("unexpected_index_list") or []:
            found[keys[row["key"]]].append(Finding(rule, row[column]))
    return dict(found)


def great_expectations() -> Any:
    """Import the library, quiet and without telling anybody that it is used."""
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
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
                notes=rule.message,
                meta={"reason": rule.reason, "rule": number},
            )
        except ValueError as error:  # the library's pydantic is another one than ours
            said = " ".join(str(error).split())
            raise ConfigError(f"{where}.kwargs = {rule.kwargs!r}: {said}") from error
        made.append(expectation)
    return made
