"""Fingerprints: equal inputs give equal keys, so that finished work is found and not redone."""

import hashlib
import json
from collections.abc import Iterable, Iterator

from pydantic import BaseModel

from transforms.presets.look import Look

CODE_VERSIONS = {
    "measure": 1, "prepare": 4, "render": 1, "scene": 3, "diffuse": 3, "encode": 2, "check": 4
}  # fmt: skip
"""Raise a step's number in the change that alters its results: pictures are then made anew.

A hash of the code would never be forgotten, but would also repaint a whole catalogue for a
comment; `tests/golden` notices a change of results without a new number.
"""


def steps_of(look: Look) -> dict[str, int]:
    """The steps that a look's pictures go through, with their versions: others do not matter."""
    needless = {"scene": look.preset.backdrop is None, "diffuse": look.checkpoint is None}
    return {step: n for step, n in CODE_VERSIONS.items() if not needless.get(step)}


def fingerprint(*parts: BaseModel | str | int) -> str:
    """Hash values that together determine a result; 24 hexadecimal digits (96 bits).

    The parts are told apart, so `("ab", "c")` and `("a", "bc")` differ.
    """
    plain = [p.model_dump(mode="json") if isinstance(p, BaseModel) else p for p in parts]
    canonical = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:24]


def rendition_fingerprint(prepared: str, look: Look, *, sku: str) -> str:
    """Equal for renditions with equal pixels.

    Args:
        prepared: Fingerprint of the prepared image.
        look: All that is done to it.
        sku: Of the product: where there are backdrops, it says which one.
    """
    return next(rendition_fingerprints([(prepared, sku)], look))


def rendition_fingerprints(pictures: Iterable[tuple[str, str]], look: Look) -> Iterator[str]:
    """The same of many pictures.

    Args:
        pictures: Fingerprint of the prepared image, and sku.
        look: All that is done to them.
    """
    steps, identity = steps_of(look), look.identity
    versions = [f"{step}={steps[step]}" for step in ("render", "scene", "diffuse") if step in steps]
    for prepared, sku in pictures:
        yield fingerprint(prepared, identity, *versions, sku if look.preset.backdrop else "")


def sha256(data: bytes) -> str:
    """Content hash, 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
