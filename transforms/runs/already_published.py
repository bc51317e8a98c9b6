"""Pictures that need not be made, because they are published exactly as they would be made now.

The listing says nothing of a photograph's content. So one that was uploaded again with the same
bytes, and every one where the work storage was lost, is new at first; only its measured hash tells
that the manifest holds it.
"""

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from transforms.records.outcomes import Outcome
from transforms.records.pictures import AcceptedImage, MeasuredImage
from transforms.runs.jobs import prepared_fingerprint
from transforms.runs.run import RunPlan

COLUMNS = ["sku", "view", "variant", "recipe", "prepared", "rendition", "source_key", "ends"]
"""Of the manifest, what is asked."""


def find_already_published(
    accepted: Sequence[AcceptedImage],
    measured: Mapping[str, MeasuredImage],
    manifest: pa.Table,
    plan: RunPlan,
) -> list[Outcome]:
    """Pictures that the manifest holds in every variant of a run; their outcomes are `unchanged`.

    A row proves it that has the same source, mask and preparation (its prepared image's fingerprint
    tells), and the recipe of now; any recipe where the run is asked to leave what is done as it is.
    One whose last day is over proves nothing.

    Args:
        accepted: What validation let through.
        measured: By key, all that was measured.
        manifest: What is published now, in the columns `COLUMNS` at least.
        plan: Of the run.

    Returns:
        An outcome for each such picture in each variant, sorted by key and variant.
    """
    recipes = {look.variant: plan.recipe(look) for look in plan.configuration.looks}
    keys = pa.array([image.key for image in accepted], pa.string())
    near = manifest.select(COLUMNS).filter(
        pc.and_(
            pc.is_in(manifest["source_key"], value_set=keys),
            pc.is_in(manifest["variant"], value_set=pa.array(list(recipes), pa.string())),
        )
    )
    today = plan.started.date().isoformat()
    rows = {
        (row["sku"], row["view"], row["source_key"], row["variant"], row["prepared"]): row
        for row in near.to_pylist()
        if (not plan.scope.redo or row["recipe"] == recipes[row["variant"]])
        and (not row["ends"] or row["ends"] >= today)
    }
    found = []
    for image in accepted if rows else ():
        mark = prepared_fingerprint(image, plan.configuration)
        names = (image.sku, image.view, image.key)
        mine = [rows.get((*names, variant, mark)) for variant in sorted(recipes)]
        if all(mine):
            found += [_outcome(measured[image.key], row, mark) for row in mine if row]
    return found


def _outcome(image: MeasuredImage, row: dict[str, str], prepared: str) -> Outcome:
    return Outcome(
        **image.model_dump(
            include={"key", "sku", "view", "etag", "size_bytes", "sha256", "phash"},
        ),
        variant=row["variant"],
        recipe=row["recipe"],
        state="unchanged",
        reason="",
        message="",
        fingerprint=row["rendition"],
        prepared=prepared,
    )
