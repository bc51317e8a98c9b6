"""What changed between two runs of the same variants."""

from dataclasses import dataclass

from packshot_review.index import RunIndex, RunPicture

KINDS = ("worse", "other_reasons", "better", "remade", "new", "gone")
"""Most urgent first."""

_RANK = {
    "failed": 0, "quarantined": 1, "review": 2, "deferred": 3, "unchanged": 4, "published": 4,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One picture that is not as it was."""

    kind: str
    before: RunPicture | None
    after: RunPicture | None

    @property
    def picture(self) -> RunPicture:
        """The picture as it is, or as it was where it is gone."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a change is of a picture")
        return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """Changes by kind, and what was compared."""

    changes: dict[str, list[Change]]
    """Kinds in the order of KINDS; those without a change are left out."""
    alike: int


def compare(before: RunIndex, after: RunIndex) -> Comparison:
    """Tell which pictures changed, by what became of them and by their pixels."""
    found: dict[str, list[Change]] = {kind: [] for kind in KINDS}
    alike = 0
    for name in {**before.by_id, **after.by_id}:
        old, new = before.by_id.get(name), after.by_id.get(name)
        kind = _kind(old, new)
        if kind:
            found[kind].append(Change(kind, old, new))
        else:
            alike += 1
    ordered = {
        kind: sorted(changes, key=lambda each: (each.picture.key, each.picture.variant))
        for kind, changes in found.items()
        if changes
    }
    return Comparison(ordered, alike)


def _kind(old: RunPicture | None, new: RunPicture | None) -> str:
    if old is None or new is None:
        return "new" if old is None else "gone"
    ranks = _RANK[old.state], _RANK[new.state]
    if ranks[0] != ranks[1]:
        return "worse" if ranks[1] < ranks[0] else "better"
    if set(old.objections) != set(new.objections):
        return "other_reasons"
    return "remade" if old.fingerprint != new.fingerprint else ""
