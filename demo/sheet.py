"""What the demo leaves to look at: photographs beside what became of them, on one sheet."""

from pathlib import Path

from transforms.images.codec import decode
from transforms.images.contact_sheet import Cell, draw_grid
from transforms.images.decoding import open_image, upright
from transforms.publishing.version import read_manifest, read_pointer
from transforms.runs.run import Places

_PRODUCTS = 6
"""Rows: what a screen shows."""


def side_by_side(places: Places, target: Path, variants: list[str]) -> bool:
    """Write a PNG with a row for each of some products, a column for each variant.

    Args:
        places: Of a catalogue.
        target: The file; an older one is replaced.
        variants: Columns, after the photograph.

    Returns:
        Whether there was something to show.
    """
    import numpy as np  # noqa: PLC0415 - the demo starts quickly, and needs it only here

    pointer, _ = read_pointer(places.published)
    if pointer is None:
        return False
    shown: dict[tuple[str, str], dict[str, dict[str, str]]] = {}
    for row in read_manifest(places.published, pointer.version).to_pylist():
        shown.setdefault((row["sku"], row["view"]), {})[row["variant"]] = row
    whole = [each for each in shown.items() if set(variants) <= set(each[1])]
    chosen = whole[:: max(1, len(whole) // _PRODUCTS)][:_PRODUCTS]
    rows = {}
    for (sku, view), made in chosen:
        photograph = upright(open_image(places.source.read(made[variants[0]]["source_key"])))
        cells = [Cell(np.asarray(photograph.convert("RGB")))]
        cells += [Cell(decode(places.published.read(made[each]["key"]))) for each in variants]
        rows[f"{sku}/{view}"] = cells
    if not rows:
        return False
    title = "Photographs, and what was published"
    told = f"Version {pointer.version}: the products' own pixels on what each variant asks for."
    draw_grid(title, told, ["photograph", *variants], rows).save(target, "PNG")
    return True
