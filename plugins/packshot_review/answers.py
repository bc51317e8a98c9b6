"""What all answers have in common: templates, fixed types, headers that keep them safe."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from packshot_review import choices as looks
from packshot_review import words

_HERE = Path(__file__).parent
ASSET_TYPES = MappingProxyType(
    {
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".svg": "image/svg+xml",
    }
)
ASSETS = MappingProxyType(
    {path.name: path.read_bytes() for path in sorted((_HERE / "static").iterdir())}
)
"""All scripts, styles and drawings: an address names one of these, never a file."""
BUILD = hashlib.sha256(b"".join(ASSETS.values())).hexdigest()[:10]

FOREVER = "private, max-age=31536000, immutable"
"""For what its address names by its content."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
HEADERS = MappingProxyType(
    {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
)

_templates = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals.update(
    asset=BUILD,
    status_word=words.STATUS,
    ending_word=words.ENDING,
    action_word=words.ACTION,
    kind_word=words.CHANGE,
    rule_word=words.rule,
    number=words.number,
    duration=words.duration,
    moment=words.moment,
    ago=words.ago,
    model_name=looks.name_model,
)


def render_page(
    request: Request, template: str, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """A page, or a part of one, with everything escaped that came from a file, key or person."""
    base = request.scope.get("root_path", "")
    body = _templates.get_template(template).render(base=base, **values)
    return HTMLResponse(body, status, headers={"Cache-Control": "no-store"})


def send_json(document: Mapping[str, Any], *, status: int = 200) -> Response:
    """A JSON document for the page's scripts."""
    return Response(
        json.dumps(document),
        status,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def send_file(
    data: bytes, media_type: str, *, cache: str = FOREVER, headers: Mapping[str, str] | None = None
) -> Response:
    """A picture, script or style."""
    return Response(
        data, media_type=media_type, headers={"Cache-Control": cache, **(headers or {})}
    )
