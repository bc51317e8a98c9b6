"""What the gate measures: the names of its rules, and which a look is held to.

A new metric has a name here, a value in `examination.examine`, and a limit with its reason in
`config/gate.yaml`. What lacks one of the three stops a run before it begins, or `examine`.
"""

from transforms.presets.preset import Preset

OF_SOURCE = frozenset(
    {
        "matte_area_share",
        "matte_border_share",
        "matte_body_alpha",
        "matte_left_out",
        "matte_parts",
        "matte_disagreement",
        "matte_backdrop_inside",
        "matte_see_through",
        "matte_faded",
        "matte_opened",
        "matte_shadow_kept",
        "overlay_texts",
        "faces",
    }
)
OF_PICTURE = frozenset({"picture_contrast", "framed_sides", "file_similarity"})
OF_PRODUCT = frozenset(
    {
        "product_lock_differing_pixels",
        "colour_difference",
        "colour_difference_p95",
        "worst_tile_similarity",
        "worst_spot_difference",
        "gradient_correlation",
        "sharpness_ratio",
        "clipped_light",
        "product_contrast",
        "boundary_changed",
        "holes_filled",
        "label_text_kept",
        "fill_deviation",
        "baseline_deviation",
        "enlargement",
    }
)
OF_PLAIN = frozenset(
    {"background_exact_share", "border_exact_share", "background_unevenness", "halo"}
)
OF_BACKED = frozenset({"scene_halo"})
"""Where nobody knows the colours behind the product."""
OF_SCENE = frozenset({"foreground_share"})
OF_REMADE = frozenset(
    {"registration_shift", "registration_scale", "structure_kept", "style_change"}
)
"""What each attempt of a diffusion model is held to while it is made."""
OF_REFINED = frozenset({"structure_kept", "ground_shift"})
"""What each attempt at a backdrop is held to: its notes say where a product stands in it."""
OF_RESTYLED = frozenset({"matte_overlap", "tint_change", "label_text_kept"})
"""Where shapes must stay, and surfaces may not."""
OF_PROMPT = frozenset({"prompt_match"})
METRICS = frozenset().union(
    *(OF_SOURCE, OF_PICTURE, OF_PRODUCT, OF_PLAIN, OF_BACKED, OF_SCENE),
    *(OF_REMADE, OF_REFINED, OF_RESTYLED, OF_PROMPT),
)
"""Rule names of `config/gate.yaml`: each has a limit there, and nothing else has."""


def applicable_metrics(preset: Preset) -> frozenset[str]:
    """The rules that a preset's pictures are held to: all that it could break, and no other."""
    if preset.preserve == "structure":
        return OF_SOURCE | OF_PICTURE | OF_REMADE | OF_RESTYLED | OF_PROMPT
    if preset.preserve == "none":
        return OF_SOURCE | OF_PICTURE | OF_PROMPT | {"style_change"}
    if preset.engine == "standardise":
        return OF_SOURCE | OF_PICTURE | OF_PRODUCT | OF_PLAIN
    scene = OF_SCENE if preset.backdrop else frozenset()
    return OF_SOURCE | OF_PICTURE | OF_PRODUCT | OF_BACKED | scene
