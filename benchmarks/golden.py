"""What the gate catches: good renditions, damaged in every known way, judged as a night judges.

Nobody shows the judge the lossless master, so neither the product lock nor the comparison with
what was made can help: what is counted is what the metrics see in the encoded file alone. What the
photograph says by itself (its cut-out, its size) is left out as well, or a doubtful cut-out would
count as a fault found.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from benchmarks.damages import DAMAGES
from benchmarks.good import Good, find_label
from transforms.errors import RenderError, SourceError
from transforms.images.canvas import lay_on_canvas
from transforms.images.codec import decode, encode_as
from transforms.pixels import Pixels
from transforms.preparation.sequence import Prepared, prepare
from transforms.presets.catalogue import Preparation
from transforms.presets.channel import Channel
from transforms.presets.gate import Gate
from transforms.presets.look import Look
from transforms.quality.examination import Claim, examine, make_claim
from transforms.quality.label import has_label
from transforms.quality.metrics import OF_SOURCE
from transforms.quality.placed import Placed
from transforms.quality.verdict import judge, list_objections
from transforms.records.fingerprint import sha256
from transforms.records.renditions import RuleResult
from transforms.rendition.engine_cache import EngineCache
from transforms.rendition.pictures import PreparedPicture, RenderedPicture
from transforms.rendition.renderer import Renderer

OF_PHOTOGRAPH = OF_SOURCE | {"enlargement"}
"""What no damage to the rendition changes."""

WANTED_PRECISION, WANTED_RECALL = 0.97, 0.95
_LARGEST_ENLARGEMENT = 4.0


@dataclass(frozen=True, slots=True)
class Judge:
    """By which limits, and after which encoding."""

    gate: Gate
    channel: Channel

    def objects(self, pixels: Pixels, claim: Claim) -> list[RuleResult]:
        """Rules that a picture breaks once it is encoded, worst first."""
        kind = self.channel.written[0]
        file = decode(encode_as(pixels, kind, self.channel.quality_of(kind)))
        results = judge(examine([file], claim, self.gate), self.gate)
        broken = set(list_objections(results)) - OF_PHOTOGRAPH
        return [each for each in results if each.rule in broken]


@dataclass(slots=True)
class Tally:
    """What became of the pictures of one kind."""

    pictures: int = 0
    caught: int = 0
    failed: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)

    def count(self, name: str, broken: Sequence[RuleResult]) -> None:
        """Count one picture."""
        self.pictures += 1
        self.caught += bool(broken)
        self.failed += any(each.state == "FAIL" for each in broken)
        self.rules.update(each.rule for each in broken)
        if not broken:
            self.missed.append(name)


def prepared_products(files: dict[str, bytes], most: int) -> dict[str, Prepared]:
    """Prepare photographs; those that cannot be used, and such as came twice, are left out.

    Args:
        files: Contents by sku.
        most: So many products are enough.
    """
    found: dict[str, Prepared] = {}
    known: set[str] = set()
    for sku, data in files.items():
        digest = sha256(data)
        if digest in known:
            continue
        known.add(digest)
        try:
            found[sku] = prepare(data, Preparation(), digest=digest)
        except SourceError:
            continue
        if len(found) >= most:
            break
    return found


def bench_golden(
    products: dict[str, Prepared], looks: Sequence[Look], gate: Gate, channel: Channel
) -> dict[str, Any]:
    """Damage good renditions of every product in every look, and judge them.

    Args:
        products: By sku; the next one is what a product is swapped with.
        looks: In which they are made; such as lock the product.
        gate: The limits.
        channel: How pictures are encoded before they are judged.

    Returns:
        JSON-able: `kinds` (for each: pictures, caught, failed, recall, precision, the rules that
        found it, what was missed), `undamaged`, `precision` and `recall` over all, and whether
        every kind is `good_enough`. A kind that no picture can have is told `not applicable`.
    """
    judged = Judge(gate, channel)
    tallies = {kind: Tally() for kind in DAMAGES}
    intact = Tally()
    for look in looks:
        for name, good, claim in _goods(products, look, gate):
            intact.count(name, judged.objects(good.pixels, claim))
            for kind, damage in DAMAGES.items():
                bad = damage(good)
                if bad is not None:
                    tallies[kind].count(name, judged.objects(bad, claim))
    caught, damaged = (sum(getattr(t, what) for t in tallies.values())
                       for what in ("caught", "pictures"))  # fmt: skip
    kinds = {kind: _told(tally, intact.caught) for kind, tally in tallies.items()}
    counted = [each for each in kinds.values() if each["pictures"]]
    return {
        "products": len(products),
        "looks": [look.variant for look in looks],
        "undamaged": {
            "pictures": intact.pictures,
            "false_alarms": intact.caught,
            "rules": dict(intact.rules),
        },
        "damaged": damaged,
        "precision": _share(caught, caught + intact.caught),
        "recall": _share(caught, damaged),
        "good_enough": bool(counted)
        and all(
            each["recall"] >= WANTED_RECALL and each["precision"] >= WANTED_PRECISION
            for each in counted
        ),
        "kinds": kinds,
    }


def _told(tally: Tally, false_alarms: int) -> dict[str, Any]:
    if not tally.pictures:
        return {"pictures": 0, "said": "not applicable: no picture here can have it"}
    return {
        "pictures": tally.pictures,
        "caught": tally.caught,
        "failed": tally.failed,
        "recall": _share(tally.caught, tally.pictures),
        "precision": _share(tally.caught, tally.caught + false_alarms),
        "rules": dict(tally.rules.most_common(4)),
        "missed": tally.missed,
    }


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _goods(
    products: dict[str, Prepared], look: Look, gate: Gate
) -> Iterator[tuple[str, Good, Claim]]:
    """Every product's undamaged rendition in one look, and what it claims to show."""
    skus = list(products)
    loads = [partial(_shown, sku, products[sku]) for sku in skus]
    with EngineCache() as engines:
        renderer = Renderer(look, engines=engines, gate=gate)
        made = {
            skus[number]: picture
            for number, picture in renderer.render(loads)
            if isinstance(picture, RenderedPicture)
            and picture.facts.placement.scale <= _LARGEST_ENLARGEMENT
        }
    if len(made) < 2:  # noqa: PLR2004 - one product has none to be swapped with
        raise RenderError("at least two products are needed, for one is swapped with another")
    names = list(made)
    for number, sku in enumerate(names):
        picture, prepared = made[sku], products[sku]
        placed = _placed(prepared, picture)
        claim = make_claim(look, prepared.facts, picture.facts, placed, given=picture.given)
        good = Good(
            pixels=picture.pixels,
            placed=placed,
            letters=find_label(placed) if has_label(prepared.facts) else (),
            other=made[names[number - 1]].pixels,
            background=look.brand.background if look.preset.engine == "standardise" else None,
            old_backdrop=_old_backdrop(prepared.before),
        )
        yield f"{sku} {look.variant}", good, claim


def _shown(sku: str, prepared: Prepared) -> PreparedPicture:
    return PreparedPicture(sku, prepared.image, prepared.matte, prepared.facts)


def _placed(prepared: Prepared, picture: RenderedPicture) -> Placed:
    placement = picture.facts.placement
    product, box = lay_on_canvas(prepared.image, placement)
    return Placed(product, lay_on_canvas(prepared.matte, placement)[0], box, picture.occluder)


def _old_backdrop(before: Pixels) -> tuple[int, int, int]:
    """Median colour of the photograph's border."""
    border = np.concatenate([before[0], before[-1], before[:, 0], before[:, -1]])
    red, green, blue = (int(each) for each in np.median(border, axis=0))
    return red, green, blue
