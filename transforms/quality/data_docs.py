"""Great Expectations' Data Docs: the validation of a run as web pages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

SITE = "data_docs"

_LEFT_OUT = (".gif", ".otf", ".ico")
"""The library's tutorial films and its font: 4 MB a run that no page needs to be read."""


def project(folder: Path) -> Any:
    """A project of the library that lives in memory and writes its pages to one folder."""
    from great_expectations.data_context.types import base  # noqa: PLC0415  # five seconds

    return base.DataContextConfig(
        # Its own temporary site would be written as well, and left behind.
        store_backend_defaults=base.InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=base.ProgressBarsConfig(globally=False),
        analytics_enabled=False,
        data_docs_sites={
            SITE: {
                "class_name": "SiteBuilder",
                "show_how_to_buttons": False,
                "store_backend": {
                    "class_name": "TupleFilesystemStoreBackend",
                    "base_directory": str(folder),
                },
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            }
        },
    )


def pages(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Files worth keeping, as path relative to `folder` and content, in order."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in _LEFT_OUT:
            yield path.relative_to(folder).as_posix(), path.read_bytes()
