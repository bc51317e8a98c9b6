"""A run's summary: the last object that a run writes, and the sign that it ended."""

import json
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, ValidationError

from transforms.errors import NotFoundError, StorageError
from transforms.presets.advice import not_for_shops
from transforms.presets.strict import Strict
from transforms.records.facts import ToneSpread
from transforms.records.lasting import LastingRecord
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
    """Fingerprint of what they were told about it; see `transforms.publishing.release`."""
    by: Annotated[str, Field(min_length=1)]
    at: datetime


class Publication(Strict):
    """`publication.json`: what became of a run as a whole."""

    ending: Ending
    message: str
    """One sentence for a person."""
    hold: tuple[str, ...] = ()
    """Why the run is held, a sentence each; see `transforms.publishing.holding`."""
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


class LookFacts(Strict):
    """What made a variant's pictures, without its settings."""

    preset: str
    engine: Literal["standardise", "scene", "edit"]
    checkpoint: str = ""
    """Name of the diffusion model; empty: none was asked."""
    recipe: str
    """Fingerprint of all settings that decide the pictures."""


class Summary(LastingRecord):
    """`summary.json`. Holds no configuration: settings change with releases, and this stays."""

    newest: ClassVar[int] = 2
    format: int = 2
    """1 held the whole plan of the run."""
    run_id: str
    catalogue: str
    variants: tuple[str, ...]
    looks: dict[str, LookFacts] = Field(default_factory=dict)
    """By variant, what made it; without those of settings that this version cannot read."""
    licences: tuple[str, ...] = ()
    """Of the diffusion models, those that do not allow a shop to use their pictures."""
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

    @classmethod
    def from_format_before(cls, found: dict[str, Any]) -> dict[str, Any]:
        """Take out of the plan what readers need; settings of long ago may no longer be read."""
        plan = found.pop("plan")
        try:
            known = RunPlan.model_validate_json(json.dumps(plan), extra="ignore")
        except ValidationError:
            return found
        looks = {name: look.model_dump() for name, look in describe_looks(known).items()}
        return found | {"looks": looks, "licences": licences_not_for_shops(known)}

    def document(self) -> dict[str, Any]:
        """What people and other programs get of it, JSON-able."""
        key = manifest_key(self.version) if self.version else None
        return self.model_dump(mode="json") | {"manifest_key": key}

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


def describe_looks(plan: RunPlan) -> dict[str, LookFacts]:
    """What makes each variant of a run."""
    return {
        look.variant: LookFacts(
            preset=look.preset.name,
            engine=look.preset.engine,
            checkpoint=look.checkpoint.name if look.checkpoint else "",
            recipe=plan.recipe(look),
        )
        for look in plan.configuration.looks
    }


def licences_not_for_shops(plan: RunPlan) -> tuple[str, ...]:
    """A sentence for each of a run's diffusion models that a shop may not use pictures of."""
    looks = plan.configuration.looks
    return tuple(not_for_shops(each.checkpoint for each in looks if each.checkpoint))


def read_summary(work: Storage, run_id: str) -> Summary:
    """Read one run's summary.

    Raises:
        NotFoundError: The run has not ended, or there is none.
        StorageError: It cannot be read; see `LastingRecord.parse`.
    """
    key = run_key(run_id, "summary.json")
    return Summary.parse(work.read(key), f"{work.uri}/{key}")


def newest_with_outcomes(work: Storage, catalogue: str) -> Summary | None:
    """The newest run whose outcomes are its own; None: none has ended yet."""
    ended = ended_runs(work, catalogue)
    return next((each for each in ended if each.outcomes_are_its_own), None)


def ended_runs(work: Storage, catalogue: str | None = None) -> list[Summary]:
    """Summaries of the runs that ended, newest first.

    Raises:
        StorageError: One cannot be read. It is not passed over: without the last run's outcomes
            the next one would make all pictures anew.
    """
    found = []
    keys = (run_key(run_id, "summary.json") for run_id in work.folders(RUNS))
    for key, data in read_each(work, keys):
        if isinstance(data, NotFoundError):
            continue  # killed, or still under way
        if isinstance(data, StorageError):
            raise data
        summary = Summary.parse(data, f"{work.uri}/{key}")
        if catalogue in (None, summary.catalogue):
            found.append(summary)
    return sorted(found, key=lambda summary: (summary.ended, summary.run_id), reverse=True)
