"""Gathers pictures into shards. Run again, it adds those that have come since."""

import logging
from itertools import chain
from pathlib import Path

from samples.training import pictures, shards
from samples.training.recipe import Recipe

logger = logging.getLogger(__name__)


def gather(folder: Path, traced: Path | None, recipe: Recipe) -> int:
    """Add what is new to the shards of a folder; returns how many pictures that were.

    Args:
        folder: Of the shards.
        traced: Where `samples.training.traced` renders; None: plates and sweeps are all there is.
        recipe: Kinds, sizes and counts.
    """
    known = shards.names(folder)
    sources = [pictures.plates(recipe, known), pictures.sweeps(recipe, known)]
    if traced is not None:
        sources.append(pictures.traced(traced, recipe, known))
    count = shards.write(folder, chain(*sources))
    logger.info("%d pictures added to %d", count, len(known))
    return count
