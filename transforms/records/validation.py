"""What a suite of expectations said to a run: `runs/<run_id>/validations/<suite>.json`."""

from typing import Literal

from pydantic import JsonValue

from transforms.errors import StorageError
from transforms.presets.strict import Strict
from transforms.presets.suite import RENDITIONS, RUN
from transforms.records.lasting import LastingRecord
from transforms.records.layout import run_key
from transforms.storage.protocol import Storage
from transforms.storage.transfer import read_each

FOLDER = "validations/"
"""In the run's folder: one record for each suite."""
_OUTPUTS = (RENDITIONS, RUN)


class UnexpectedValue(Strict):
    """A value that does not meet an expectation."""

    key: str
    """Of the photograph, or of the picture with its variant, or a variant."""
    value: str


class ExpectationResult(Strict):
    """One expectation, and what the values were that were held against it."""

    expect: str
    """Its name in Great Expectations."""
    column: str
    limit: str
    """In words: `at least 256`."""
    severity: Literal["refuse", "warn"]
    reason: str
    """Code of what does not meet it."""
    observed: str
    """The values that there are: `180 to 4000`, or the commonest with their numbers."""
    checked: int
    """Values held against it: those that are known."""
    unexpected: int
    """Of them, those that do not meet it."""
    examples: tuple[UnexpectedValue, ...]
    """A few of those."""


class SuiteValidation(LastingRecord):
    """All expectations of one suite, held against all rows of its table."""

    suite: str
    purpose: str
    """What the suite is for, in a sentence."""
    rows: int
    """Photographs, pictures or variants."""
    unusable: int
    """Rows without any value: photographs that cannot be decoded, pictures that were not made."""
    results: tuple[ExpectationResult, ...]
    """In the order of the suite."""
    great_expectations: dict[str, JsonValue]
    """Its own validation result, cut to a few examples: what `packshot data-docs` renders."""

    @property
    def unmet(self) -> int:
        """How many expectations some value does not meet."""
        return sum(result.unexpected > 0 for result in self.results)


def write_validation(work: Storage, run_id: str, validation: SuiteValidation) -> None:
    """Write what a suite said, unless it is there already."""
    key = run_key(run_id, f"{FOLDER}{validation.suite}.json")
    work.create(key, validation.model_dump_json(indent=1).encode())


def read_validations(work: Storage, run_id: str) -> list[SuiteValidation]:
    """Read what every suite said to a run: photographs, pictures, the run; empty where none did.

    Raises:
        StorageError: Storage does not answer, or another version wrote what cannot be read.
    """
    keys = sorted(work.listing(run_key(run_id, FOLDER))["key"].to_pylist())
    found = []
    for key, data in read_each(work, keys):
        if isinstance(data, StorageError):
            raise data
        found.append(SuiteValidation.parse(data, f"{work.uri}/{key}"))
    return sorted(
        found, key=lambda each: _OUTPUTS.index(each.suite) if each.suite in _OUTPUTS else -1
    )
