"""Feed files: published pictures in the columns of Google Merchant Center and of Shopify.

They hold pictures alone: titles, prices and stock are the shop's, and both systems join by
identifier. Columns as on support.google.com/merchants/answer/7052112 and in Shopify's product CSV
(striveformats.com, read 25 November 2026).
"""

import json
import re
from collections.abc import Sequence
from itertools import groupby

import pyarrow as pa

from transforms.errors import ConfigError
from transforms.export.rows import ExportedFile, PictureKey, picture_key

GOOGLE = ("id", "image_link", "additional_image_link", "lifestyle_image_link")
SHOPIFY = ("Handle", "Image Src", "Image Position", "Image Alt Text")

_MOST_ADDITIONAL = 10
_LONGEST_URL = 2000
_LONGEST_ALT = 512
_FIRST_VIEW = "front"


def google_feed(exported: list[ExportedFile]) -> pa.Table:
    """One row for each sku: its main picture, up to ten more, and one that shows it in a scene.

    Args:
        exported: Rows of one channel, with addresses.

    Raises:
        ConfigError: An address is longer than Google takes.
    """
    found = []
    for sku, pictures in _products(exported):
        for each in pictures:
            if len(each.url) > _LONGEST_URL:
                raise ConfigError(
                    f"{sku}: the address of {each.key} has {len(each.url)} characters; "
                    f"Google takes {_LONGEST_URL}: choose a shorter --base-url or sku"
                )
        scene = next((each for each in pictures[1:] if not _is_plain(each)), None)
        others = [each for each in pictures[1:] if each is not scene][:_MOST_ADDITIONAL]
        found.append((
            sku,
            pictures[0].url,
            ",".join(each.url for each in others),
            scene.url if scene else "",
        ))  # fmt: skip
    return _table(GOOGLE, found)


def shopify_feed(exported: list[ExportedFile]) -> pa.Table:
    """One row for each picture: its product's handle, address, place and alternative text.

    Args:
        exported: Rows of one channel, with addresses.

    Raises:
        ConfigError: Two skus would have one handle, or one would have none.
    """
    handles: dict[str, str] = {}
    found = []
    for sku, pictures in _products(exported):
        handle = handle_of(sku)
        if not handle or handles.setdefault(handle, sku) != sku:
            other = handles.get(handle, "nothing")
            raise ConfigError(
                f"{sku}: its handle in Shopify would be {handle!r}, as that of {other}; handles "
                "hold small letters, digits and hyphens only: rename one"
            )
        for position, shown in enumerate(pictures, 1):
            alt = f"{sku}, {shown.view}"
            if not _is_plain(shown):
                alt += f", {shown.variant.replace('-', ' ')}"
            found.append((handle, shown.url, position, alt[:_LONGEST_ALT]))
    return _table(SHOPIFY, found)


def handle_of(sku: str) -> str:
    """The identifier that Shopify makes of a name: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", sku.lower()).strip("-")


def select_channel(
    exported: list[ExportedFile], channel: str | None, usual: str = ""
) -> list[ExportedFile]:
    """Rows of one channel.

    Args:
        exported: Rows of all.
        channel: Its name; None: the usual one, or the only one there is.
        usual: The channel that is made for the feed's outlet.

    Raises:
        ConfigError: There are several and none was named, or there is none of that name.
    """
    names = sorted({row.channel for row in exported})
    if channel is None and usual in names:
        channel = usual
    if channel is None:
        if len(names) > 1:
            raise ConfigError(f"--channel: say whose pictures; published: {', '.join(names)}")
        return exported
    if channel not in names:
        raise ConfigError(f"--channel {channel}: nothing is published for it; for: {names}")
    return [row for row in exported if row.channel == channel]


def select_largest(exported: list[ExportedFile]) -> list[ExportedFile]:
    """Of each picture the file that outlets take: the widest that is no AVIF, JPEG before others.

    Args:
        exported: Rows of one channel.
    """
    best: dict[PictureKey, ExportedFile] = {}
    for row in exported:
        known = best.get(picture_key(row))
        if row.format != "avif" and (known is None or _rank(row) > _rank(known)):
            best[picture_key(row)] = row
    return list(best.values())


def _rank(row: ExportedFile) -> tuple[int, bool, str]:
    return row.width, row.format == "jpg", row.format


def _products(exported: list[ExportedFile]) -> list[tuple[str, list[ExportedFile]]]:
    """Each sku's pictures: the front first, plain ones before scenes."""
    ordered = sorted(
        select_largest(exported),
        key=lambda row: (row.sku, not _is_plain(row), row.view != _FIRST_VIEW, row.view,
                         row.variant),
    )  # fmt: skip
    return [(sku, list(rows)) for sku, rows in groupby(ordered, key=lambda row: row.sku)]


def _is_plain(row: ExportedFile) -> bool:
    return bool(json.loads(row.lineage)["engine"] == "standardise")


def _table(columns: tuple[str, ...], rows: Sequence[tuple[str | int, ...]]) -> pa.Table:
    by_column = zip(*rows, strict=True) if rows else ([] for _ in columns)
    return pa.table(dict(zip(columns, map(list, by_column), strict=True)))
