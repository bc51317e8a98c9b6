"""Which pictures of a run are shown: the filter in a page's address."""

from collections import Counter
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from fastapi import Request

from packshot_review.index import RunIndex
from packshot_review.status import STATUSES, PictureStatus, StatusSnapshot

LONGEST = 100
_DECIDED = ("approved", "rejected", "retried", "ready", "stuck")


@dataclass(frozen=True, slots=True)
class Filter:
    """What the address asks for; empty fields ask for nothing."""

    status: tuple[str, ...] = ()
    rule: str = ""
    product: str = ""
    """Part of sku, view or key, in any case."""
    variant: str = ""
    preset: str = ""
    folder: str = ""
    withheld: str = ""
    """A channel that does not get it."""
    decided: str = ""
    """`yes` or `no`."""

    @property
    def address(self) -> str:
        """As the query of an address, `?` included; empty where it asks for nothing."""
        asked = {
            "status": ",".join(self.status),
            "rule": self.rule,
            "product": self.product,
            "variant": self.variant,
            "preset": self.preset,
            "folder": self.folder,
            "withheld": self.withheld,
            "decided": self.decided,
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"?{query}" if query else ""

    def of_any_status(self) -> "Filter":
        """This filter, whatever the status."""
        return replace(self, status=())

    def toggle(self, status: str) -> "Filter":
        """This filter with one status more, or less."""
        chosen = set(self.status) ^ {status}
        return replace(self, status=tuple(each for each in STATUSES if each in chosen))

    def takes(self, seen: PictureStatus, *, any_status: bool = False) -> bool:
        """Whether a picture is asked for; with `any_status` but for its status."""
        picture = seen.picture
        if self.status and not any_status and seen.status not in self.status:
            return False
        if self.rule and self.rule not in (*picture.objections, picture.reason):
            return False
        same = [(self.variant, picture.variant), (self.preset, picture.preset)]
        same.append((self.folder, picture.folder))
        if any(asked not in ("", known) for asked, known in same):
            return False
        if self.decided and (seen.status in _DECIDED) != (self.decided == "yes"):
            return False
        if self.withheld and self.withheld not in picture.withheld:
            return False
        sought = self.product.casefold()
        return not sought or sought in f"{picture.sku} {picture.view} {picture.key}".casefold()


def parse_filter(request: Request) -> Filter:
    """The filter in an address; what it cannot mean is left out."""

    def text(name: str) -> str:
        return request.query_params.get(name, "")[:LONGEST]

    asked = text("status").split(",")
    decided = text("decided")
    return Filter(
        status=tuple(each for each in STATUSES if each in asked),
        rule=text("rule"),
        product=text("product").strip(),
        variant=text("variant"),
        preset=text("preset"),
        folder=text("folder"),
        withheld=text("withheld"),
        decided=decided if decided in ("yes", "no") else "",
    )


@dataclass(frozen=True, slots=True)
class Gallery:
    """The pictures of a run that a filter takes, worst first, and what there is to choose from."""

    statuses: list[PictureStatus]
    by_status: dict[str, int]
    """Of all that the filter takes whatever their status, worst first."""
    rules: list[tuple[str, int]]
    """Objections and reasons of all pictures of the run, most frequent first."""
    variants: list[str]
    presets: list[str]
    folders: list[str]
    """First folders of their keys; products' own are none."""
    withheld: list[tuple[str, int]]
    """Channels that do not get some of them, with how many, most first."""
    total: int

    def place_of(self, picture_id: str) -> int | None:
        """Position of a picture; None: the filter does not take it."""
        return next(
            (place for place, each in enumerate(self.statuses) if each.picture.id == picture_id),
            None,
        )


def filter_pictures(index: RunIndex, snapshot: StatusSnapshot, asked: Filter) -> Gallery:
    """Apply a filter to a run."""
    everything = [snapshot.of(picture) for picture in index.pictures]
    counted = Counter(each.status for each in everything if asked.takes(each, any_status=True))
    rules = Counter(
        rule
        for each in everything
        for rule in dict.fromkeys((*each.picture.objections, each.picture.reason))
        if rule
    )
    taken = [each for each in everything if asked.takes(each)]
    return Gallery(
        statuses=sorted(taken, key=lambda each: STATUSES.index(each.status)),
        by_status={status: counted[status] for status in STATUSES if counted[status]},
        rules=rules.most_common(),
        variants=sorted({picture.variant for picture in index.pictures}),
        presets=sorted({picture.preset for picture in index.pictures}),
        folders=sorted({picture.folder for picture in index.pictures} - {""}),
        withheld=Counter(name for each in index.pictures for name in each.withheld).most_common(),
        total=len(everything),
    )
