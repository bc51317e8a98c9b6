"""Great Expectations' Data Docs: the validation of a run as web pages."""

from collections.abc import Mapping
from typing import Any

SITE = "data_docs"

_LEFT_OUT = (".gif", ".otf", ".ico")
"""The library's tutorial films and its font: 4 MB a run that no page needs to be read."""


def project(site: str) -> Any:
    """A project of the library that lives in memory, with its pages.

    Args:
        site: Name by which `page_store` knows the pages.
    """
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
                    "module_name": "transforms.quality.page_store",
                    "class_name": "PageStore",
                    "site": site,
                },
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            }
        },
    )


def kept(pages: Mapping[str, bytes]) -> dict[str, bytes]:
    """Pages worth keeping, by path, in order."""
    return {path: pages[path] for path in sorted(pages) if not path.endswith(_LEFT_OUT)}
