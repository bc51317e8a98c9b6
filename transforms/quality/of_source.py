"""What the photograph and its cut-out say by themselves: reasons for a person to look. Pure."""

from typing import Literal

from transforms.records.facts import MatteFacts, PreparedFacts


def matte_metrics(facts: MatteFacts) -> dict[str, float]:
    """What the cut-out itself says."""
    return {
        "matte_area_share": facts.area_share,
        "matte_border_share": facts.border_share,
        "matte_body_alpha": facts.body_alpha,
        "matte_left_out": facts.left_out,
        "matte_parts": float(facts.parts),
        "matte_disagreement": facts.disagreement,
        "matte_backdrop_inside": facts.backdrop_inside,
        "matte_see_through": facts.see_through,
        "matte_faded": facts.faded,
        "matte_opened": float(facts.opened),
        "matte_shadow_kept": facts.shadow_kept,
    }


def recognition_metrics(
    facts: PreparedFacts, *, overlay_text: Literal["report", "remove"]
) -> dict[str, float]:
    """How many overlaid texts and how many faces there are.

    Args:
        facts: Of the prepared image.
        overlay_text: What the preset does about overlays; removed ones do not count.
    """
    overlays = [text for text in facts.texts if text.overlay]
    if overlay_text == "remove":
        overlays = [text for text in overlays if text.on_product > 0]
    return {"overlay_texts": float(len(overlays)), "faces": float(len(facts.faces))}
