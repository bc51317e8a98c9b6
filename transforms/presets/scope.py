"""Which of a catalogue's pictures a run takes up."""

from datetime import date
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import Field

from transforms.presets.preset import Candidates, Strength
from transforms.presets.strict import Strict


class Scope(Strict):
    """What one run is asked to do, of all that there would be."""

    products: Annotated[tuple[str, ...], Field(min_length=1)] = ("*",)
    """Skus, or patterns as in a shell (`MUG-*`). Pictures of others keep what they have."""
    limit: Annotated[int, Field(ge=1)] | None = None
    """At most so many pictures; the rest waits for a later run. None: all."""
    ends: date | None = None
    """Last day of what is made; None: the season's."""
    redo: bool = True
    """Whether pictures that are done are made again because their preset, brand or gate changed.
    False: new and changed photographs alone."""

    @property
    def all_products(self) -> bool:
        """Whether no product is left out."""
        return "*" in self.products

    def takes(self, sku: str) -> bool:
        """Whether a product is among those asked for."""
        return any(fnmatchcase(sku, pattern) for pattern in self.products)


EVERYTHING = Scope()


class Overrides(Strict):
    """What a person changed on a preset for one run."""

    strength: Strength | None = None
    candidates: Candidates | None = None
    seed: Annotated[int, Field(ge=0, lt=2**32)] | None = None


UNCHANGED = Overrides()
