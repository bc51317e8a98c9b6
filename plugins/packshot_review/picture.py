"""Everything the page of one picture tells."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import pyarrow.compute as pc

from packshot_review.choices import name_model
from packshot_review.index import RunPicture, read_report
from packshot_review.shop import Shop
from transforms.errors import NotFoundError
from transforms.records.artefact import PREPARED_IMAGE, RENDITION, Artefact, Kind, read_artefact
from transforms.records.facts import PreparedFacts, RenditionFacts
from transforms.records.renditions import EncodedFile, QualityReport, Withheld

F = TypeVar("F")
R = TypeVar("R", EncodedFile, Withheld)


@dataclass(frozen=True, slots=True)
class ForChannel:
    """What one channel gets of a picture, and what it does not get, and why."""

    name: str
    files: tuple[EncodedFile, ...]
    withheld: tuple[Withheld, ...]
    """Rules that are broken; then there is no file."""
    advice: tuple[Withheld, ...]
    """What the channel only advises, and is not so."""


@dataclass(frozen=True, slots=True)
class Details:
    """What is stored about one picture. None: it was not made, or is no longer kept."""

    picture: RunPicture
    report: QualityReport | None
    prepared: PreparedFacts | None
    rendered: RenditionFacts | None
    published: dict[str, Any] | None
    """Row of the manifest that shops see now, of this sku, view and variant."""
    previous: dict[str, Any] | None
    """Row of the newest version's manifest that showed other pixels of it."""

    @property
    def frame(self) -> tuple[float, float, float, float] | None:
        """Left, top, width and height of the prepared photograph on the canvas, in pixels."""
        if self.prepared is None or self.rendered is None:
            return None
        left, top, right, bottom = self.prepared.crop
        placed = self.rendered.placement
        scale = placed.scale
        return placed.left, placed.top, scale * (right - left), scale * (bottom - top)

    @property
    def whole(self) -> tuple[float, float, float, float] | None:
        """Left, top, width and height of the whole photograph as it came, in pixels of the canvas.

        None where preparation turned it: it would not lie right under the product. Where its tone
        was changed, the product shows the new one.
        """
        if self.prepared is None or self.rendered is None:
            return None
        if any(step.applied and step.name == "straighten" for step in self.prepared.steps):
            return None
        left, top, _, _ = self.prepared.crop
        placed, width, height = (
            self.rendered.placement,
            self.prepared.width_px,
            self.prepared.height_px,
        )
        scale = placed.scale
        return placed.left - scale * left, placed.top - scale * top, scale * width, scale * height

    @property
    def channels(self) -> list[ForChannel]:
        """Each channel's part of the report; those that get nothing come first."""
        report = self.report
        if report is None:
            return []

        rows: tuple[EncodedFile | Withheld, ...] = (
            *report.withheld,
            *report.files,
            *report.advice,
        )
        return [
            ForChannel(
                name,
                files=_of_channel(name, report.files),
                withheld=_of_channel(name, report.withheld),
                advice=_of_channel(name, report.advice),
            )
            for name in dict.fromkeys(row.channel for row in rows)
        ]

    @property
    def engine(self) -> str:
        """What made it, in words: `scene on a photographed backdrop, refined by sdxl`."""
        made = self.rendered
        if made is None:
            return ""
        model = name_model(made.checkpoint)
        if made.engine == "standardise":
            return "standardised"
        if made.engine == "edit":
            return f"edited by {model}"
        told = "scene"
        if made.backdrop:
            kind = "photographed" if made.backdrop.kind == "plate" else "drawn"
            told += f" on a {kind} backdrop"
            if made.backdrop.refined:
                told += f", refined by {model}" if model else ", refined"
        return told

    @property
    def versions(self) -> dict[str, int]:
        """Steps with the version of their code."""
        return self.rendered.versions if self.rendered else {}


def _of_channel(name: str, rows: Iterable[R]) -> tuple[R, ...]:
    return tuple(row for row in rows if row.channel == name)


def read_details(shop: Shop, picture: RunPicture) -> Details:
    """Read what is known of a picture.

    Raises:
        StorageError: Storage does not answer, or an object is not readable.
    """
    prepared, rendered = find_prepared(shop, picture), find_rendition(shop, picture)
    published = previous = None
    if picture.sku:
        published, previous = _versions(shop, picture)
    return Details(
        picture,
        read_report(shop.work, picture),
        prepared.facts if prepared else None,
        rendered.facts if rendered else None,
        published,
        previous,
    )


def find_prepared(shop: Shop, picture: RunPicture) -> Artefact[PreparedFacts] | None:
    """The prepared photograph; None: there is none, or it is no longer kept."""
    return _find(shop, PREPARED_IMAGE, picture.prepared)


def find_rendition(shop: Shop, picture: RunPicture) -> Artefact[RenditionFacts] | None:
    """The rendition; None: none was made, or it is no longer kept."""
    return _find(shop, RENDITION, picture.fingerprint)


def _find(shop: Shop, kind: Kind[F], fingerprint: str) -> Artefact[F] | None:
    try:
        return read_artefact(shop.work, kind, fingerprint) if fingerprint else None
    except NotFoundError:
        return None


def _versions(
    shop: Shop, picture: RunPicture
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """What shops see of a picture, and what they saw before it or see instead of it."""
    out = shop.read_published()
    now = _row(out.manifest, picture)
    if now is None:
        return None, None
    if now["rendition"] != picture.fingerprint:
        return now, now
    before = out.pointer.previous if out.pointer else None
    if before is None:
        return now, None
    try:
        then = _row(shop.manifest(before), picture)
    except NotFoundError:
        return now, None
    return now, then if then and then["rendition"] != picture.fingerprint else None


def _row(manifest: Any, picture: RunPicture) -> dict[str, Any] | None:
    mine = pc.and_(
        pc.equal(manifest["sku"], picture.sku),
        pc.and_(
            pc.equal(manifest["view"], picture.view),
            pc.equal(manifest["variant"], picture.variant),
        ),
    )
    rows = manifest.filter(mine).slice(0, 1).to_pylist()
    if not rows:
        return None
    row: dict[str, Any] = rows[0]
    row["code_versions"] = json.loads(row["code_versions"] or "{}")
    return row
