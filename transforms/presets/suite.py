"""An expectation suite as data: what a source image must be, and what to tell about it."""

from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, field_validator, model_validator

from transforms.presets.strict import Name, Strict

COLUMNS = (
    "format",
    "mode",
    "width_px",
    "height_px",
    "has_alpha",
    "bits_per_channel",
    "colour_profile",
    "mean_luma",
    "clipped_light",
    "clipped_dark",
    "sharpness",
    "noise",
    "jpeg_quality",
    "blockiness",
    "longer_side_px",
    "shorter_side_px",
)
"""What rules may look at: measurements of `manifest.records.MeasuredImage`, and its two sides."""

RENDITION_COLUMNS = (
    "verdict",
    "files",
    "shorter_side_px",
    "largest_file_bytes",
    "rules_measured",
    "size",
)
"""What rules about finished pictures may look at; see `transforms.quality.output_validation`."""
RUN_COLUMNS = ("pictures", "failed_share", "review_share", "consistency_after", "consistency_gain")
"""What rules about a run may look at, by variant."""

RENDITIONS, RUN = "renditions", "run"
_OF_SUITE = {RENDITIONS: RENDITION_COLUMNS, RUN: RUN_COLUMNS}


class Rule(Strict):
    """One expectation, and what it means for a picture that does not meet it."""

    expect: Annotated[str, Field(pattern=r"^expect_column_values_to_[a-z_]+$")]
    """An expectation on single values, by its name in Great Expectations."""
    kwargs: dict[str, JsonValue]
    """Its arguments: the column, and bounds or values."""
    severity: Literal["refuse", "warn"]
    """`refuse`: the picture is quarantined. `warn`: it goes on, with the reason noted."""
    reason: Annotated[str, Field(pattern=r"^[a-z][a-z_]*$", max_length=40)]
    """Code that is counted and shown: `too_small`."""
    message: Annotated[str, Field(min_length=10)]
    """What is wrong and what to do, for a photographer. `{value}` is what was measured."""

    @field_validator("kwargs")
    @classmethod
    def names_a_column(cls, kwargs: dict[str, JsonValue]) -> dict[str, JsonValue]:
        """Every rule looks at one column that there is."""
        every = {*COLUMNS, *RENDITION_COLUMNS, *RUN_COLUMNS}
        if kwargs.get("column") not in every:
            raise ValueError(f"column must be one of {', '.join(sorted(every))}")
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
    """As the file is called."""
    purpose: Annotated[str, Field(min_length=10)]
    """One sentence on what it is held against."""
    expectations: Annotated[tuple[Rule, ...], Field(min_length=1)]
    """In the order in which they are told."""

    @model_validator(mode="after")
    def looks_at_what_it_is_about(self) -> Self:
        """A suite looks at the columns of its own table."""
        known = _OF_SUITE.get(self.name, COLUMNS)
        strange = [rule.kwargs["column"] for rule in self.expectations]
        strange = [column for column in strange if column not in known]
        if strange:
            raise ValueError(
                f"suite {self.name} knows no column {strange[0]}; there: {', '.join(known)}"
            )
        return self
