"""Great Expectations' Data Docs: the validation of a run as web pages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

SITE = "data_docs"

_LEFT_OUT = (".gif", ".otf", ".ico")
"""The library's tutorial films and its font: 4 MB a run that no page needs to be read."""


def add_site(context: Any, folder: Path) -> None:
    """Let a context write its pages to a folder."""
    context.add_data_docs_site(
        site_name=SITE,
        site_config={
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "store_backend": {
                "class_name": "TupleFilesystemStoreBackend",
                "base_directory": str(folder),
            },
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        },
    )


def pages(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Files worth keeping, as path relative to `folder` and content, in order."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in _LEFT_OUT:
            yield path.relative_to(folder).as_posix(), path.read_bytes()
