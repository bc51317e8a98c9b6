"""Rows of a published manifest."""

import hashlib

from transforms.records.outcomes import PublishedFile
from transforms.records.parquet import to_table


def row(sku, *, view="front", variant="standard", channel="shop", content="1", engine=None, **more):
    digest = hashlib.sha256(f"{sku}{view}{variant}{channel}{content}{more}".encode()).hexdigest()
    extension = more.pop("extension", "jpg")
    return PublishedFile(
        sku=sku, view=view, variant=variant, channel=channel,
        key=f"{sku}/{view}/{variant}/{channel}-{digest[:16]}.{extension}", sha256=digest,
        size_bytes=1234, width_px=more.pop("width_px", 2000), height_px=2600,
        source_key=f"{sku}/{view}.jpg",
        source_sha256="ab" * 32, source_present=True, preset=variant, brand="house",
        recipe="r", prepared="p", rendition="f", verdict="PASS", checks=[],
        code_versions='{"render": 1}', cutout="u2netp",
        engine=engine or ("standardise" if variant == "standard" else "scene"), seed=7,
        extension=extension, **more,
    )  # fmt: skip


def manifest(*rows):
    return to_table(rows, PublishedFile)
