"""Finds one photograph used for two products. Pure: looks in, keys out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from transforms.images.perceptual_hash import colours, hashes

MAX_HASH_DISTANCE = 4
"""Bits of 64. The same photograph re-encoded or resized differs by 0-2, different products on
white by 16 and more (19 shop photographs)."""

MAX_COLOUR_DISTANCE = 1
"""Levels of 16, at the worst of 8 x 8 places: re-encoding changes 1 at most, another product in
the same pose 4 and more, the same product in another colour mostly 2 and more."""


@dataclass(frozen=True, slots=True)
class Photograph:
    """A picture to compare."""

    key: str
    sku: str
    sha256: str
    look: str
    """`transforms.images.perceptual_hash.hash_picture`."""
    in_run: bool = True
    """False: known from earlier, to compare with only."""
    published: bool = False
    """It holds its bytes: of equal ones, published ones come before new ones."""


@dataclass(slots=True)
class Repeats:
    """What was found. All values are keys."""

    repeated: dict[str, str] = field(default_factory=dict)
    """Picture of the run -> the same bytes under another sku, which came first."""
    also_used: dict[str, str] = field(default_factory=dict)
    """Picture -> the first that repeats it."""
    resembling: dict[str, str] = field(default_factory=dict)
    """Picture of the run -> one that looks the same, in bytes or to the eye."""


def find_repeats(pictures: Iterable[Photograph]) -> Repeats:
    """Compare every picture of the run with all others."""
    ordered = sorted(pictures, key=lambda each: (not each.published, each.key))
    found = Repeats()
    _find_equal(ordered, found)
    kept = [each for each in ordered if each.key not in found.repeated]
    for one, other in _alike(kept):
        for each, like in ((one, other), (other, one)):
            if each.in_run:
                found.resembling.setdefault(each.key, like.key)
    return found


def _find_equal(ordered: Sequence[Photograph], found: Repeats) -> None:
    first: dict[str, Photograph] = {}
    for each in ordered:
        holder = first.setdefault(each.sha256, each)
        if each.in_run and each.sku != holder.sku:
            found.repeated[each.key] = holder.key
            found.also_used.setdefault(holder.key, each.key)


def _alike(pictures: Sequence[Photograph]) -> Iterable[tuple[Photograph, Photograph]]:
    by_look: dict[str, list[Photograph]] = defaultdict(list)
    for each in pictures:
        by_look[each.look].append(each)
    for group in by_look.values():
        # Neighbours suffice: each gets one to be compared with, also among thousands.
        yield from pairwise(group)
    of_run = [look for look, group in by_look.items() if any(each.in_run for each in group)]
    others = [look for look, group in by_look.items() if not any(each.in_run for each in group)]
    for one, other in find_near_looks(of_run, others):
        yield by_look[one][0], by_look[other][0]


def find_near_looks(looks: list[str], others: list[str]) -> Iterable[tuple[str, str]]:
    """Pairs of looks that are nearly the same: among `looks`, and of `looks` with `others`.

    One vectorised pass a look: 100,000 looks take about 5 s, and 200 new ones against 100,000
    take no time.
    """
    everything = [*looks, *others]
    if not looks:
        return
    bits, places = hashes(everything), colours(everything)
    for row in range(len(looks)):
        apart = np.bitwise_count(bits[row + 1 :] ^ bits[row])
        near = np.flatnonzero(apart <= MAX_HASH_DISTANCE) + row + 1
        if near.size:
            far = np.abs(places[near].astype(np.int16) - places[row]).max(axis=1)
            for other in near[far <= MAX_COLOUR_DISTANCE]:
                yield everything[row], everything[int(other)]
