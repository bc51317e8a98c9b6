"""A run's summary: the last object that a run writes, and the sign that it ended."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from transforms.errors import NotFoundError, StorageError
from transforms.presets.advice import not_for_shops
from transforms.presets.strict import Strict
from transforms.records.facts import ToneSpread
from transforms.records.layout import RUNS, manifest_key, run_key
from transforms.runs.run import RunPlan
from transforms.storage.protocol import Storage
from transforms.storage.transfer import read_each

Ending = Literal["published", "unchanged", "held", "stale"]
"""`published`: a new version is current. `unchanged`: nothing new to publish. `held`: the run's
audit failed. `stale`: another run published first. In the last two nothing became visible."""


class Release(Strict):
    """A person's word that a run which is held goes out all the same."""

    run_id: str
    """The held run."""
    shown: str
    """Fingerprint of what they were told about it; see `transforms.publishing.holding`."""
    by: Annotated[str, Field(min_length=1)]
    at: datetime


class Publication(Strict):
    """`publication.json`: what became of a run as a whole."""

    ending: Ending
    message: str
    """One sentence for a person."""
    hold: tuple[str, ...] = ()
    """What the audit of the run objected to, a sentence each; see `transforms.quality.audit`."""
    released: Release | None = None
    """Who let a held run out; None: nobody had to."""


class Counts(Strict):
    """Source images by state. All but `listed` add up to `listed`."""

    listed: int
    unchanged: int = 0
    published: int = 0
    review: int = 0
    quarantined: int = 0
    failed: int = 0
    deferred: int = 0

    def adds_up(self) -> bool:
        """Whether every listed image has exactly one state."""
        states: dict[str, int] = self.model_dump()
        return states.pop("listed") == sum(states.values())


class Consistency(Strict):
    """How alike the pictures of a variant are, 0 to 100; see `transforms.quality.batch`."""

    pictures: int
    before: float
    """As photographed."""
    after: float


class Summary(Strict):
    """`summary.json`."""

    run_id: str
    catalogue: str
    variants: tuple[str, ...]
    ending: Ending
    message: str
    """One sentence for a person."""
    counts: Counts
    changes: dict[str, int]
    """Listed keys by how they compare with the last inventory, and `removed`."""
    reasons: dict[str, int]
    """How many images are not published for which reason."""
    warnings: dict[str, int]
    """What was noticed on images that were accepted all the same."""
    tone: ToneSpread | None = None
    """Of what this run prepared; None: nothing."""
    consistency: dict[str, Consistency] = Field(default_factory=dict)
    """By variant; empty: nothing was made, or one picture alone."""
    hold: tuple[str, ...] = ()
    """Why the run's audit did not let it go out, a sentence each."""
    withheld: dict[str, dict[str, int]] = Field(default_factory=dict)
    """How many of this run's pictures each channel did not take, by its rule."""
    notes: tuple[str, ...] = ()
    """What else a person should know of this run's files."""
    released: Release | None = None
    """Of a run that lets a held one out: who said so. The held one's reasons stand in `hold`."""
    version: str | None
    manifest: str | None
    """URI of the published manifest that is current after this run."""
    report: str | None
    """URI of the HTML report; None where nothing happened that it could show."""
    outcomes: str | None
    """Key of the inventory with every image's state, in the work storage."""
    started: datetime
    ended: datetime
    seconds: float
    plan: RunPlan

    def document(self) -> dict[str, Any]:
        """What people and other programs get of it: all but the plan, JSON-able."""
        key = manifest_key(self.version) if self.version else None
        told = {"licences": self.licences, "manifest_key": key}
        return self.model_dump(mode="json", exclude={"plan"}) | told

    @property
    def licences(self) -> list[str]:
        """Of the run's diffusion models, those that do not allow a shop to use their pictures."""
        looks = self.plan.configuration.looks
        return not_for_shops(each.checkpoint for each in looks if each.checkpoint)

    @property
    def outcomes_are_its_own(self) -> bool:
        """Whether this run wrote them; one that found nothing to do tells an earlier run's."""
        return self.outcomes == run_key(self.run_id, "outcomes.parquet")

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody has to look: something waits, failed, or was held."""
        counts = self.counts
        return self.ending in ("held", "stale") or bool(
            counts.review + counts.quarantined + counts.failed
        )


def read_summary(work: Storage, run_id: str) -> Summary:
    """Read one run's summary.

    Raises:
        NotFoundError: The run has not ended, or there is none.
        StorageError: It was written by another version of the code.
    """
    key = run_key(run_id, "summary.json")
    try:
        return Summary.model_validate_json(work.read(key))
    except ValidationError as error:
        raise StorageError(f"{work.uri}/{key}: written by another version of Packshot") from error


def newest_with_outcomes(work: Storage, catalogue: str) -> Summary | None:
    """The newest run whose outcomes are its own; None: none has ended yet."""
    ended = ended_runs(work, catalogue)
    return next((each for each in ended if each.outcomes_are_its_own), None)


def ended_runs(work: Storage, catalogue: str | None = None) -> list[Summary]:
    """Summaries of the runs that ended, newest first; those of other versions are left out."""
    found = []
    keys = (run_key(run_id, "summary.json") for run_id in work.folders(RUNS))
    for _, data in read_each(work, keys):
        if isinstance(data, NotFoundError):
            continue  # killed, or still under way
        if isinstance(data, StorageError):
            raise data
        try:
            summary = Summary.model_validate_json(data)
        except ValidationError:
            continue
        if catalogue in (None, summary.catalogue):
            found.append(summary)
    return sorted(found, key=lambda summary: (summary.ended, summary.run_id), reverse=True)
