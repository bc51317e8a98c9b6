"""MkDocs hook: refuses a site that fetches anything from another host, or tells of this machine."""

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

_ROOT = Path(__file__).resolve().parents[2]
_FETCHED = re.compile(
    r"""<(?:script|img|iframe|source|video|audio)\b[^>]*?\bsrc=["']?(?:https?:)?//"""
    r"""|<link\b(?=[^>]*\brel=["']?(?:stylesheet|preload|preconnect|icon|prefetch))"""
    r"""[^>]*\bhref=["']?(?:https?:)?//""",
    re.IGNORECASE,
)
"""A link that a reader may follow is none of these."""
_OF_STYLES = re.compile(r"""url\(["']?(?:https?:)?//|@import\s+["'](?:https?:)?//""")


def on_post_build(config: MkDocsConfig) -> None:
    """Look at every page, style sheet and script.

    Raises:
        PluginError: Naming the file and what it holds.
    """
    site = Path(config.site_dir)
    for path in sorted(site.rglob("*")):
        if path.suffix not in {".html", ".css", ".json"}:
            continue
        text = path.read_text(encoding="utf-8")
        found = (_OF_STYLES if path.suffix == ".css" else _FETCHED).search(text)
        if found and path.suffix != ".json":
            raise PluginError(f"{path.relative_to(site)}: fetches from another host: {found[0]}")
        if str(_ROOT) in text:
            raise PluginError(f"{path.relative_to(site)}: tells of this machine: {_ROOT}")
