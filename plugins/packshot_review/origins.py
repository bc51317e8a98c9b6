"""Who started a run, where that is known: whoever builds the app can ask, the app cannot."""

from collections.abc import Callable
from dataclasses import dataclass

from transforms.presets.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a run came from."""

    who: str
    """A person's name, or `schedule`."""
    dag_id: str
    run_id: str
    """As the scheduler calls it."""
    ended: bool = False
    """Whether the scheduler's run has ended: then nothing of it waits for a person any more."""


Origins = Callable[[Catalogue], dict[str, Origin]]
"""Origin of the runs of a catalogue, by the name that a run has in the storage."""


def nothing_known(catalogue: Catalogue) -> dict[str, Origin]:
    """Origins where nobody can be asked."""
    del catalogue
    return {}
