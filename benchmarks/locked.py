"""Proof that scenes do not repaint the product: pixels before encoding, counted one by one."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from transforms.errors import RenderError, SourceError
from transforms.images.canvas import lay_on_canvas
from transforms.preparation.sequence import prepare
from transforms.presets.catalogue import Preparation
from transforms.presets.gate import Gate
from transforms.presets.look import Look
from transforms.quality.placed import Placed, cut
from transforms.rendition.engine_cache import EngineCache
from transforms.rendition.pictures import PreparedPicture, RenderedPicture
from transforms.rendition.renderer import Renderer
from transforms.storage.folder import FolderStorage
from transforms.storage.protocol import Storage

SEASONS = ("winter", "spring", "summer", "autumn", "festive")

_AT_ONCE = 12
"""Prepared pictures kept in memory."""


def bench_locked(
    pictures: Sequence[tuple[str, Callable[[], bytes]]],
    looks: Sequence[Look],
    gate: Gate,
    *,
    plates: Storage | None = None,
    preparation: Preparation,
) -> dict[str, Any]:
    """Make every picture in every look, and count product pixels that are not the product's.

    Args:
        pictures: Name (its first part is the sku) and bytes of each, read when they are needed.
        looks: Such that preserve the product.
        gate: Says which attempts of a model pass, where a look asks one.
        plates: Where the looks' plates lie.
        preparation: How pictures are prepared.

    Returns:
        `looks`: for each, `renditions`, `pixels` compared, those `differing` by a level or more,
        and those `covered` by something nearer (not compared; 0 where the preset allows no
        foreground). `refused`: pictures that cannot be used. `differing`: over all looks.
    """
    counted: dict[str, dict[str, Any]] = {
        look.variant: {"renditions": 0, "pixels": 0, "differing": 0, "covered": 0, "failed": {}}
        for look in looks
    }
    refused: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        backdrops = FolderStorage(Path(folder))
        for first in range(0, len(pictures), _AT_ONCE):
            some = pictures[first : first + _AT_ONCE]
            shown = dict(_prepared(some, preparation, refused))
            for look in looks:
                found = counted[look.variant]
                for name, made in _made(look, shown, gate, plates, backdrops):
                    if isinstance(made, RenderError):
                        found["failed"][name] = str(made)
                        continue
                    found["renditions"] += 1
                    for what, count in compared_pixels(shown[name], made).items():
                        found[what] += count
    differing = sum(each["differing"] for each in counted.values())
    return {
        "pictures": len(pictures) - len(refused),
        "refused": refused,
        "looks": counted,
        "differing": differing,
    }


def compared_pixels(shown: PreparedPicture, made: RenderedPicture) -> dict[str, int]:
    """Compare a rendition before encoding with its product, laid on anew.

    Args:
        shown: The prepared picture.
        made: The rendition.

    Returns:
        `pixels` of the product's core, where nothing lies nearer; those `differing` from the
        product by a level or more; and `covered` ones, which are product and have something nearer.
    """
    product, box = lay_on_canvas(shown.image, made.facts.placement)
    matte, _ = lay_on_canvas(shown.matte, made.facts.placement)
    core = Placed(product, matte, box, made.occluder).core()
    differs = (cut(made.pixels, box) != product).any(axis=2)
    whole = Placed(product, matte, box).opaque()
    seen = Placed(product, matte, box, made.occluder).opaque()
    return {
        "pixels": int(np.count_nonzero(core)),
        "differing": int(np.count_nonzero(differs & core)),
        "covered": int(np.count_nonzero(whole & ~seen)),
    }


def _prepared(
    pictures: Iterable[tuple[str, Callable[[], bytes]]],
    preparation: Preparation,
    refused: dict[str, str],
) -> Iterator[tuple[str, PreparedPicture]]:
    for name, read in pictures:
        try:
            found = prepare(read(), preparation, digest="")
        except SourceError as error:
            refused[name] = error.reason
            continue
        sku = name.partition("/")[0]
        yield name, PreparedPicture(sku, found.image, found.matte, found.facts)


def _made(
    look: Look,
    shown: dict[str, PreparedPicture],
    gate: Gate,
    plates: Storage | None,
    backdrops: Storage,
) -> Iterator[tuple[str, RenderedPicture | RenderError]]:
    names = list(shown)
    with EngineCache() as engines:
        renderer = Renderer(look, engines=engines, gate=gate, plates=plates, work=backdrops)
        for number, made in renderer.render([partial(shown.__getitem__, name) for name in names]):
            yield names[number], made
