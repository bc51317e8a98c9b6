"""The limits between PASS, REVIEW and FAIL, for pictures and for whole runs."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from transforms.presets.strict import Strict

Share = Annotated[float, Field(ge=0, le=1)]


class Limit(Strict):
    """Bounds of one metric. A value on the bound passes."""

    review_below: float | None = None
    """A value below it waits for a person."""
    review_above: float | None = None
    """A value above it waits for a person."""
    fail_below: float | None = None
    """A value below it is not published."""
    fail_above: float | None = None
    """A value above it is not published."""
    why: Annotated[str, Field(min_length=10)]
    """One sentence in plain words: what a value outside means for the picture."""

    @model_validator(mode="after")
    def has_ordered_bounds(self) -> Self:
        """A limit bounds something, and FAIL lies beyond REVIEW."""
        if (self.review_below, self.review_above, self.fail_below, self.fail_above) == (None,) * 4:
            raise ValueError(
                "set at least one of review_below, review_above, fail_below, fail_above"
            )
        if None not in (self.review_below, self.fail_below) and self.fail_below > self.review_below:  # type: ignore[operator]
            raise ValueError("fail_below must not exceed review_below")
        if None not in (self.review_above, self.fail_above) and self.fail_above < self.review_above:  # type: ignore[operator]
            raise ValueError("fail_above must not be less than review_above")
        return self

    def state(self, value: float) -> Literal["PASS", "REVIEW", "FAIL"]:
        """Judge a value; NaN fails, since what was not measured cannot pass."""
        if value != value:  # noqa: PLR0124  # NaN
            return "FAIL"
        if _outside(value, self.fail_below, self.fail_above):
            return "FAIL"
        if _outside(value, self.review_below, self.review_above):
            return "REVIEW"
        return "PASS"

    def excess(self, value: float) -> float:
        """How far a value lies towards the side that its bounds do not like; infinite for NaN."""
        if value != value:  # noqa: PLR0124  # NaN
            return float("inf")
        low = self.fail_below if self.review_below is None else self.review_below
        high = self.fail_above if self.review_above is None else self.review_above
        return max(
            low - value if low is not None else float("-inf"),
            value - high if high is not None else float("-inf"),
        )


def _outside(value: float, below: float | None, above: float | None) -> bool:
    return (below is not None and value < below) or (above is not None and value > above)


class Audit(Strict):
    """When a run as a whole is not published."""

    max_failed_share: Share = 0.2
    """Failed pictures among those that this run worked on."""
    max_quarantined_share: Share = 0.5
    """Quarantined pictures among those that this run worked on: a broken upload, not a night."""
    max_review_share: Share = 0.6
    """Pictures that wait for a person, among those that this run worked on."""
    max_drift: Share = 0.3
    """By how much the share of pictures that pass may lie below that of the last runs."""
    max_growth: Annotated[float, Field(gt=1)] = 2.5
    """How many times as many pictures as usual may not pass, as a share; less than chance explains
    is no reason."""
    nights: Annotated[int, Field(ge=1)] = 7
    """So many earlier runs are looked at; their median counts."""
    long_nights: Annotated[int, Field(ge=1)] = 30
    """So many are looked at for what grows slowly, where each run is but a little worse than the
    last ones; the better quarter of them counts."""
    min_nights: Annotated[int, Field(ge=1)] = 3
    """Below this many earlier runs nothing is usual yet."""
    min_pictures: Annotated[int, Field(ge=1)] = 20
    """Below this many worked on, shares say little and are not applied."""


class Batch(Strict):
    """When a picture stands out from the others of its look."""

    review_above: Annotated[float, Field(gt=0)] = 6.0
    """Robust standard deviations from the median of any measure."""
    min_pictures: Annotated[int, Field(ge=3)] = 8
    """Below this many in a run there is no batch to stand out from."""


class Gate(Strict):
    """`config/gate.yaml`."""

    rules: dict[str, Limit]
    """By the metric's name."""
    audit: Audit = Audit()
    """When a whole run is held."""
    batch: Batch = Batch()
    """When a picture stands out from its batch."""
