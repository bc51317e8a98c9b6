"""Routes of Data Docs: Great Expectations' pages about a run, as they lie in the run's folder.

The library's pages load scripts and styles from ten other hosts, and scripts stand in them. Here
none runs and nothing is loaded from elsewhere: the policy forbids it, what it forbids is taken out,
and a style sheet of our own takes the place of theirs. The pages' own tables of contents are drawn
by scripts, so their addresses lead to what was found.
"""

import re
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import escape

from packshot_review import answers
from packshot_review.access import InRun, Looking
from packshot_review.runs import EndedRun
from packshot_review.shop import Shop
from transforms.presets.suite import RENDITIONS, RUN
from transforms.records.layout import run_key

router = APIRouter()

FOLDER = "data_docs/"
TYPES = MappingProxyType(
    {
        "html": "text/html; charset=utf-8",
        "css": "text/css; charset=utf-8",
        "png": "image/png",
        "svg": "image/svg+xml",
        "woff": "font/woff",
        "woff2": "font/woff2",
    }
)
"""By a file's ending: nothing else is served, and no script."""
POLICY = (
    "sandbox allow-same-origin; default-src 'none'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
"""Same origin, since a page of none would ask for its styles without saying who asks; harmless
where no script runs."""
_NAMES = MappingProxyType({"": "photographs", RENDITIONS: "pictures made", RUN: "the run"})
_FOUND = re.compile(rf"{FOLDER}(?:([\w-]+)/)?validations/.+\.html$")
_FROM_ELSEWHERE = re.compile(
    r"<script\b.*?</script>|<footer\b.*?</footer>"
    r"|<(?:link|img)\b[^>]*?(?:href|src)=\"https?://[^>]*>|url\('https?://[^)]*\)"
    r"|<link\b[^>]*\bicon\b[^>]*>|\son[a-z]+=\"[^\"]*\"",
    re.DOTALL | re.IGNORECASE,
)
_UNESCAPED = re.compile(r"<(?=script\b)", re.IGNORECASE)
"""What is left of scripts came from a file's name, which the library does not escape."""


@dataclass(frozen=True, slots=True)
class Doc:
    """What a suite found in a run."""

    name: str
    """Of what it was held against the suite, for people."""
    path: str
    """Of the page, below `data_docs/`."""


def docs_of(shop: Shop, run: EndedRun) -> list[Doc]:
    """Pages of a run's suites: photographs, pictures, the run."""
    found = {
        match[1] or "": match[0].removeprefix(FOLDER)
        for key in shop.files(run, FOLDER)
        if (match := _FOUND.search(key))
    }
    return [Doc(name, found[suite]) for suite, name in _NAMES.items() if suite in found]


@router.get("/c/{catalogue}/r/{run}/docs/{path:path}")
def data_docs(request: Request, shop: Looking, run: InRun, path: str) -> Response:
    """One file of the run's Data Docs: one that the storage lists below the run's folder."""
    key = run_key(run.run_id, FOLDER + path)
    kind = TYPES.get(path.rpartition(".")[2])
    if kind is None or key not in shop.files(run, FOLDER):
        raise HTTPException(404, "The run has no such page.")
    if path.endswith("index.html"):
        return _first(request, shop, run, path)
    data = shop.work.read(key)
    headers = {"Content-Security-Policy": POLICY}
    if not kind.startswith("text/html"):
        return answers.send_file(data, kind, headers=headers)
    headers["Cache-Control"] = "no-store"
    return HTMLResponse(_readable(request, shop, run, data.decode()), headers=headers)


def _first(request: Request, shop: Shop, run: EndedRun, path: str) -> Response:
    suite = path.removesuffix("index.html").rstrip("/")
    wanted = [doc for doc in docs_of(shop, run) if doc.name == _NAMES.get(suite)]
    if not wanted:
        raise HTTPException(404, "The run has no such page.")
    return RedirectResponse(_address(request, shop, run, wanted[0].path), 303)


def _address(request: Request, shop: Shop, run: EndedRun, path: str) -> str:
    base = request.scope.get("root_path", "")
    return f"{base}/c/{shop.name}/r/{quote(run.run_id)}/docs/{quote(path)}"


def _readable(request: Request, shop: Shop, run: EndedRun, page: str) -> str:
    """A page without what may not be loaded, in our style, with the way back."""
    base = request.scope.get("root_path", "")
    style = f'<link rel="stylesheet" href="{base}/assets/{answers.BUILD}/docs.css">'
    links = [("← The run's pictures", f"{base}/c/{shop.name}/r/{quote(run.run_id)}")]
    links += [(doc.name, _address(request, shop, run, doc.path)) for doc in docs_of(shop, run)]
    way = " · ".join(f'<a href="{escape(address)}">{escape(name)}</a>' for name, address in links)
    page = _FROM_ELSEWHERE.sub("", page).replace("</head>", f"{style}</head>", 1)
    page = _UNESCAPED.sub("&lt;", page)
    way_back = f'<p class="way-back">{way}</p>'
    return re.sub(r"<body[^>]*>", lambda body: body[0] + way_back, page, count=1)
