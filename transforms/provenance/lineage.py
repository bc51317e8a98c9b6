"""How a picture came about, by its facts, and the IPTC term that says so. Pure.

The terms are those of http://cv.iptc.org/newscodes/digitalsourcetype/ as of 23 October 2024.
`composite` stands for a real product before a backdrop that was drawn or path-traced, since its
elements "may or may not be generative AI". The others would say something untrue:
`compositeCapture` that all elements are captures of real life, `compositeSynthetic` (since 2024)
that one of them is generative AI, `trainedAlgorithmicMedia` that a model made it all.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from transforms.presets.channel import Making
from transforms.presets.channel_rule import SourceType
from transforms.records.facts import PreparedFacts, RenditionFacts

VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"

OF_MODELS: frozenset[SourceType] = frozenset(
    {"compositeSynthetic", "compositeWithTrainedAlgorithmicMedia", "trainedAlgorithmicMedia"}
)
"""Terms that say a generative model made the picture or a part of it."""

_TERMS: dict[Making, SourceType | None] = {
    "untouched": None,
    "retouched": "algorithmicallyEnhanced",
    "on_photograph": "compositeCapture",
    "on_drawn": "composite",
    "on_generated": "compositeWithTrainedAlgorithmicMedia",
    "restyled": "trainedAlgorithmicMedia",
}


@dataclass(frozen=True, slots=True)
class Rights:
    """Whose picture it is, as its source says; empty: it says nothing."""

    creator: str = ""
    copyright: str = ""


NO_RIGHTS = Rights()


@dataclass(frozen=True, slots=True)
class Lineage:
    """How a picture came about. What the brand does not disclose is empty."""

    made: Making
    source_key: str
    source_sha256: str
    rights: Rights = NO_RIGHTS
    steps: tuple[str, ...] = ()
    """Names of the steps of preparation that were applied."""
    preset: str = ""
    model: str = ""
    """Identity of the diffusion model that ran."""
    prompt: str = ""

    @property
    def generated(self) -> bool:
        """Whether a model made the picture or a part of it."""
        return self.made in ("on_generated", "restyled")


def classify_making(
    prepared: PreparedFacts,
    rendered: RenditionFacts,
    *,
    product_kept: bool,
    plate_photographed: bool = False,
) -> Making:
    """How a rendition came about.

    Args:
        prepared: Its prepared image's facts.
        rendered: Its own.
        product_kept: The product's own pixels lie on it (a preset that preserves `product`).
        plate_photographed: Its plate is a photograph of a real place; ours are path-traced.

    Returns:
        `untouched`: cut out and laid on a plain colour, nothing else. `retouched`: and noise, tone
        or tilt were corrected, or a shadow was drawn. `on_photograph`, `on_drawn`, `on_generated`:
        what the real product stands before. `restyled`: a model made every pixel.
    """
    if rendered.engine == "edit":
        return "on_generated" if product_kept else "restyled"
    if rendered.backdrop is not None:
        if rendered.backdrop.refined or rendered.checkpoint:
            return "on_generated"
        photographed = rendered.backdrop.kind == "plate" and plate_photographed
        return "on_photograph" if photographed else "on_drawn"
    if rendered.shadow is not None or any(step.applied for step in prepared.steps):
        return "retouched"
    return "untouched"


def choose_source_type(
    made: Making, instead: Mapping[Making, SourceType] | None = None
) -> str | None:
    """The IPTC term's address; None: nothing is claimed.

    Args:
        made: How the picture came about.
        instead: Terms that a channel asks for (`Channel.source_types`).
    """
    term = (instead or {}).get(made, _TERMS[made])
    return f"{VOCABULARY}{term}" if term else None
