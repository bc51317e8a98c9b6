"""A preset: one look, by name."""

from typing import Annotated, Literal

from pydantic import Field

from transforms.presets.strict import Name, Strict


class Shadow(Strict):
    """The shadow laid under the product; the product's own pixels are never darkened."""

    kind: Literal["contact", "none"] = "contact"
    opacity: Annotated[float, Field(ge=0, le=1)] = 0.85
    """Darkest point, as a share of black laid over the background in linear light."""
    spread: Annotated[float, Field(gt=0, le=0.3)] = 0.14
    """How far the soft part reaches, as a share of the product's width."""


class Preset(Strict):
    """How one variant is made from a prepared picture."""

    name: Name
    purpose: Annotated[str, Field(min_length=10)]
    """One sentence for the person who chooses."""
    brand: Name
    engine: Literal["standardise"] = "standardise"
    """`standardise` is deterministic and needs no model."""
    preserve: Literal["product"] = "product"
    """`product`: its own pixels are laid on unchanged, and the gate proves it."""
    shadow: Shadow = Shadow()
    overlay_text: Literal["report", "remove"] = "report"
    """`remove`: text laid over the photograph goes with the backdrop where it lies off the product,
    and is then no reason to wait for a person. On the product it stays, and always is."""
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
