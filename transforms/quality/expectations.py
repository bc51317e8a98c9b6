"""Expectation suites: rules for source pictures as data, and what Great Expectations says to them.

Great Expectations takes five seconds to import, so it is imported where it runs.
"""

import os
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, JsonValue, field_validator

from transforms.errors import ConfigError
from transforms.manifest.records import MeasuredImage
from transforms.presets.loading import load_named
from transforms.presets.strict import Name, Strict
from transforms.quality import data_docs

if TYPE_CHECKING:
    import pandas as pd

SOURCE_IMAGES = "source-images"

COLUMNS = (*MeasuredImage.model_fields, "longer_side_px", "shorter_side_px")
"""What rules may look at."""


class Rule(Strict):
    """One expectation, and what it means for a picture that does not meet it."""

    expect: Annotated[str, Field(pattern=r"^expect_column_values_to_[a-z_]+$")]
    """An expectation on single values, by its name in Great Expectations."""
    kwargs: dict[str, JsonValue]
    """Its arguments: the column, and bounds or values."""
    severity: Literal["refuse", "warn"]
    reason: Annotated[str, Field(pattern=r"^[a-z][a-z_]*$", max_length=40)]
    """Code that is counted and shown: `too_small`."""
    message: Annotated[str, Field(min_length=10)]
    """What is wrong and what to do, for a photographer. `{value}` is what was measured."""

    @field_validator("kwargs")
    @classmethod
    def names_a_column(cls, kwargs: dict[str, JsonValue]) -> dict[str, JsonValue]:
        """Every rule looks at one column that there is."""
        if kwargs.get("column") not in COLUMNS:
            raise ValueError(f"column must be one of {', '.join(COLUMNS)}")
        return kwargs

    @field_validator("message")
    @classmethod
    def fills_only_the_value(cls, message: str) -> str:
        """A message has no field but `{value}`."""
        try:
            message.format(value="")
        except (LookupError, ValueError) as error:
            raise ValueError("may hold no other field than {value}") from error
        return message

    def says(self, value: object) -> str:
        """The message about one value."""
        if isinstance(value, float):
            short = f"{value:.3g}"
            return self.message.format(value=f"{value:.0f}" if "e" in short else short)
        return self.message.format(value=value)


class Suite(Strict):
    """`config/expectations/<name>.yaml`."""

    name: Name
    purpose: Annotated[str, Field(min_length=10)]
    expectations: Annotated[tuple[Rule, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a picture does not meet."""

    rule: Rule
    value: object

    @property
    def message(self) -> str:
        """What to tell the photographer."""
        return self.rule.says(self.value)


def load_suite(config: Path, name: str = SOURCE_IMAGES) -> Suite:
    """Read a suite.

    Raises:
        ConfigError: Naming file, field, value and what is allowed.
    """
    return load_named(config / "expectations", name, Suite)


def evaluate(
    measured: "pd.DataFrame", suite: Suite, *, docs: Path, run_id: str, started: datetime
) -> dict[str, list[Finding]]:
    """Hold pictures against a suite, once for all of them, and write Data Docs.

    Args:
        measured: `key`, `reason` and COLUMNS; empty values are no concern of any rule.
        suite: The rules.
        docs: Folder for the Data Docs; see `transforms.quality.data_docs`.
        run_id: Shown in the Data Docs.
        started: As `run_id`; the run's, so that doing it again gives the same pages.

    Returns:
        What was found on each picture that does not meet every rule, by key, in the order of
        the suite.

    Raises:
        ConfigError: Great Expectations does not know a rule, or not its arguments.
    """
    gx = great_expectations()
    context = gx.get_context(mode="ephemeral", project_config=data_docs.project(docs))
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
        run_id=gx.core.RunIdentifier(run_name=run_id, run_time=started),
    )
    (validated,) = outcome.run_results.values()
    return _findings(validated.results, suite)


def _findings(results: list[Any], suite: Suite) -> dict[str, list[Finding]]:
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
            found[row["key"]].append(Finding(rule, row[column]))
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
