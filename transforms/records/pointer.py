"""The pointer's content: which version of the published manifest is the catalogue."""

from transforms.records.lasting import LastingRecord


class Pointer(LastingRecord):
    """`current.json`. Holds no time and no run: equal work leaves an equal pointer."""

    version: str
    """`<sequence>-<digest>`: sorts by age, and its digest is the manifest's."""
    sequence: int
    """Highest number given so far; a rollback keeps it, so numbers are never used twice."""
    manifest: str
    """Key of the manifest."""
    manifest_sha256: str
    previous: str | None
    """Version that this one replaced."""
