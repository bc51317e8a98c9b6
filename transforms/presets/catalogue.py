"""A catalogue: where pictures come from and go to, and which variants are made of them."""

import re
from calendar import isleap
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from transforms.presets.model import Task
from transforms.presets.strict import Name, Strict

EXTENSIONS = (
    *("jpg", "jpeg", "jpe", "jfif", "png", "webp", "tif", "tiff"),
    *("gif", "bmp", "heic", "heif", "avif", "psd", "dng", "cr2", "nef", "arw"),
)
"""Endings of keys that are taken for pictures. Whether they can be used is found out by decoding:
a photographer is told more about a `.heic` that way than by its name."""

MASK_ENDING = ".mask.png"
"""Ending, in any case, of keys that are masks: `MUG/front.mask.png` is that of `MUG/front.jpg`."""

RESERVED_SKUS = frozenset({"manifests", "current.json"})
"""Names that Packshot's own objects have in the published storage."""

FACES = "yunet"
"""Entry of `config/models.yaml` that finds faces."""

_DAY = r"^\d\d-\d\d$"
_LEAP_DAY = "02-29"

_FIELDS = {"sku": r"[^/]+?", "view": r"[^/.]+?", "any": r"[^/]*?", "ext": r"[^/.]+"}


class Place(Strict):
    """One storage location."""

    uri: Annotated[str, Field(min_length=1)]
    """`s3://bucket/prefix`, `file:///folder`, or a path relative to the catalogue's file."""
    connection: str | None = None
    """Airflow connection with endpoint, region and credentials; None: the usual AWS environment."""


class Tone(Strict):
    """The tone that all pictures of a catalogue are brought to."""

    white_lightness: Annotated[float, Field(ge=80, le=97)] = 91.0
    """CIE L* of a white backdrop: between white paper (92.6) and the lightest grey ones (88), which
    nothing but their lightness tells apart."""
    tolerance_stops: Annotated[float, Field(ge=0, le=1)] = 0.22
    """Backdrops that are no further from it are left alone."""
    largest_stops: Annotated[float, Field(ge=0, le=2)] = 1.1
    """Exposure is changed by no more."""
    largest_cast: Annotated[float, Field(ge=0, le=1)] = 0.52
    """In log chromaticity (`transforms.preparation.backdrop`); a bulb taken for daylight: 0.47.
    0: casts stay."""


class Preparation(Strict):
    """How every picture of a catalogue is prepared, before any preset."""

    cutout: Name = "u2netp"
    """Cut-out model, by its name in `config/models.yaml`."""
    second_opinion: Name | None = None
    """Another model that is asked too, to know where the first is not sure; None: both looks of
    the first are compared."""
    tone: Tone | None = Tone()
    """None: colours and exposure stay as they came."""
    deblock: bool = True
    """Smooth block borders of strong JPEG compression, where they show."""
    denoise: bool = True
    """Smooth noise that a shopper would see, where it was measured."""
    straighten: bool = True
    """Turn back a lean of 0.7 to 8 degrees, where the product surely leans."""
    find_text: bool = True
    """Read text beside and on the product: the gate asks about overlays and labels."""
    find_faces: bool = True
    """Look for faces: the gate sends such pictures to a person."""

    @property
    def models(self) -> dict[str, Task]:
        """Entries of `config/models.yaml` that it asks, and what for."""
        asked: dict[str, Task] = {self.cutout: "cutout"}
        if self.second_opinion:
            asked[self.second_opinion] = "cutout"
        if self.find_faces:
            asked[FACES] = "faces"
        return asked


class Season(Strict):
    """A variant for a part of the year. Days are `MM-DD`; both count, and it may span New Year."""

    preset: Name
    """The preset that makes it."""
    starts: Annotated[str, Field(pattern=_DAY)] | None = None
    """From this day on it is made by itself; None: only when a person starts it."""
    ends: Annotated[str, Field(pattern=_DAY)] | None = None
    """After this day its pictures come down; None: they stay until a person ends it."""
    products: Annotated[tuple[str, ...], Field(min_length=1)] = ("*",)
    """Skus or patterns as in a shell (`MUG-*`)."""

    @model_validator(mode="after")
    def _days_exist(self) -> Self:
        for field in ("starts", "ends"):
            day = getattr(self, field)
            if day is not None:
                try:
                    date.fromisoformat(f"2000-{day}")
                except ValueError:
                    raise ValueError(f"{field}: {day}: there is no such day") from None
        if self.starts is not None and self.ends is None:
            raise ValueError("a season that starts by itself needs `ends`")
        return self

    def is_on(self, today: date) -> bool:
        """Whether it is made by itself on this day."""
        if self.starts is None or self.ends is None:
            return False
        day = f"{today:%m-%d}"
        if self.starts <= self.ends:
            return self.starts <= day <= self.ends
        return day >= self.starts or day <= self.ends

    def first_day(self, today: date) -> date | None:
        """The latest of its first days, up to `today`; None: it does not begin by itself."""
        if self.starts is None:
            return None
        return _in_year(today.year - (f"{today:%m-%d}" < self.starts), self.starts)

    def last_day(self, today: date) -> date | None:
        """The next of its last days, from `today` on; None: it does not end by itself."""
        if self.ends is None:
            return None
        return _in_year(today.year + (f"{today:%m-%d}" > self.ends), self.ends)


def _in_year(year: int, day: str) -> date:
    return date.fromisoformat(f"{year}-{day if day != _LEAP_DAY or isleap(year) else '02-28'}")


class Catalogue(Strict):
    """`config/catalogues/<name>.yaml`."""

    name: Name
    title: str = ""
    """What people see in its place; empty: the name."""
    source: Place
    """The studio's photographs; only read."""
    work: Place
    """Intermediate files, runs, decisions of the review page. Catalogues may share one."""
    published: Place
    """What shops see. Each catalogue has its own."""
    keys: Annotated[tuple[str, ...], Field(min_length=1)] = ("{sku}/{view}.{ext}",)
    """Patterns that say how a key gives sku and view, tried in order. `{any}` matches without
    meaning; a pattern without `{view}` gives the view `front`."""
    variants: Annotated[dict[Name, Name], Field(min_length=1)]
    """Variant made every night: the preset that makes it."""
    seasons: dict[Name, Season] = Field(default_factory=dict)
    """Variants made for a part of the year, by name."""
    scene_model: Name | None = None
    """Checkpoint of `config/models.yaml` that refines backdrops; None: plates and scaffolds are
    used as they are."""
    plates: Place | None = None
    """The brand's own backdrop photographs with their notes; None: those under `config/plates`."""
    channels: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Outlets that get each picture, by their names in `config/channels`."""
    preparation: Preparation = Preparation()
    """What is done to a photograph before any look."""
    schedule: str | None = None
    """Cron expression in UTC; None: only by hand."""
    dag_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+$")] | None = None
    """None: `nightly_standardise_<name>`."""
    worker_hour_price: Annotated[float, Field(ge=0)] | None = None
    """What an hour of a worker costs, in the shop's currency, for plans of seasonal runs; None: not
    told."""
    release_hours: Annotated[float, Field(gt=0, le=24 * 14)] = 12
    """So long a person may release a run that is held as a whole; after it, it stays held."""
    shard_size: Annotated[int, Field(ge=1, le=1000)] = 32
    """Pictures that one mapped task works on."""

    @model_validator(mode="after")
    def patterns_name_the_sku(self) -> Self:
        """Every pattern says where the sku is, with known fields only."""
        for pattern in self.keys:
            fields = re.findall(r"{(\w*)}", pattern)
            if "sku" not in fields or set(fields) - set(_FIELDS) or len(set(fields)) < len(fields):
                raise ValueError(
                    f"keys: {pattern!r} must hold {{sku}}, and may hold {{view}}, {{any}} and "
                    "{ext}, each once"
                )
        return self

    @model_validator(mode="after")
    def seasons_have_names_of_their_own(self) -> Self:
        """No season is called as a variant that is made every night."""
        shared = sorted(set(self.seasons) & set(self.variants))
        if shared:
            raise ValueError(f"seasons: {', '.join(shared)}: is a nightly variant too")
        return self

    @property
    def nightly_dag_id(self) -> str:
        """Identifier of this catalogue's nightly DAG."""
        return self.dag_id or f"nightly_standardise_{self.name.replace('-', '_')}"

    def sku_and_view(self, key: str) -> tuple[str, str] | None:
        """Read sku and view off a source key; None for a mask and for what fits no pattern."""
        if key[-len(MASK_ENDING) :].lower() == MASK_ENDING:
            return None
        for pattern in self.keys:
            match = _compiled(pattern).fullmatch(key)
            if match:
                found = match.groupdict()
                sku, view = found["sku"], found.get("view", "front")
                usable = sku not in RESERVED_SKUS and sku.isprintable() and view.isprintable()
                if usable and key.rpartition(".")[2].lower() in EXTENSIONS:
                    return sku, view
        return None

    def resolve(self, folder: Path) -> "Catalogue":
        """This catalogue with relative paths read from `folder`, where its file lies."""
        places = {
            name: place.model_copy(update={"uri": _absolute(place.uri, folder)})
            for name, place in (
                ("source", self.source),
                ("work", self.work),
                ("published", self.published),
                ("plates", self.plates),
            )
            if place is not None
        }
        return self.model_copy(update=places)


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"{(\w+)}", pattern)
    return re.compile(
        "".join(
            f"(?P<{part}>{_FIELDS[part]})" if index % 2 else re.escape(part)
            for index, part in enumerate(parts)
        )
    )


def _absolute(uri: str, folder: Path) -> str:
    return uri if "://" in uri else (folder / uri).resolve().as_uri()
