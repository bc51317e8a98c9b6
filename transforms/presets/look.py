"""A look: a preset with all that it refers to."""

import hashlib
import json
from pathlib import Path
from typing import Annotated

from pydantic import Field

from transforms.errors import ConfigError
from transforms.presets.brand import Brand
from transforms.presets.checkpoint import Checkpoint
from transforms.presets.frame import Frame
from transforms.presets.loading import load_named
from transforms.presets.model import load_checkpoint
from transforms.presets.plate import StockedPlate
from transforms.presets.preset import Candidates, Diffusion, Preset, Strength
from transforms.presets.strict import Strict


class Overrides(Strict):
    """What a person changed on a preset for one run."""

    strength: Strength | None = None
    candidates: Candidates | None = None
    seed: Annotated[int, Field(ge=0, lt=2**32)] | None = None


UNCHANGED = Overrides()


class Look(Strict):
    """A preset with all that it refers to: all that decides a variant's pixels."""

    variant: str
    preset: Preset
    brand: Brand
    checkpoint: Checkpoint | None = None
    """Of the diffusion model that is asked; None: none is."""
    style_sha256: str = ""
    """Of the picture that an IP-Adapter takes the style from; empty: there is none."""
    plates: tuple[StockedPlate, ...] = ()
    """Those of the kinds that the preset's backdrop asks for."""

    @property
    def diffusion(self) -> Diffusion | None:
        """What is asked of a diffusion model; None where there is none to ask."""
        return self.preset.diffusion if self.checkpoint else None

    @property
    def identity(self) -> str:
        """All that decides its pixels, and nothing else, as JSON."""
        parts: dict[str, object] = {
            "preset": self.preset.model_dump(mode="json", exclude={"purpose"}),
            "brand": self.brand.model_dump(mode="json", exclude={"discloses"}),
        }
        if self.preset.diffusion and self.style_sha256:
            # Where it lies is another matter on each machine.
            asked = self.preset.diffusion.model_copy(update={"style_picture": self.style_sha256})
            preset = self.preset.model_copy(update={"diffusion": asked})
            parts["preset"] = preset.model_dump(mode="json", exclude={"purpose"})
        if self.plates:
            parts["plates"] = [each.model_dump(mode="json") for each in self.plates]
        if self.checkpoint:
            parts["checkpoint"] = [
                self.checkpoint.identity,
                *(self.checkpoint.steps, self.checkpoint.guidance, self.checkpoint.native_px),
                self.checkpoint.finest_px,
                *(self.checkpoint.options.dtype, self.checkpoint.options.quantise),
                self._companions(),
            ]
        return json.dumps(parts, sort_keys=True)

    def _companions(self) -> list[str]:
        """Those of the checkpoint's that the preset asks for."""
        asked = self.diffusion
        if asked is None or self.checkpoint is None:
            return []
        kinds = {asked.control, "ip-adapter" if asked.style_picture else None}
        return [
            each.identity
            for name, each in sorted(self.checkpoint.companions.items())
            if each.kind in kinds or name in asked.loras
        ]

    def stocked(self, plates: tuple[StockedPlate, ...]) -> "Look":
        """This look with the plates that its backdrop asks for."""
        kinds = self.preset.backdrop.plates if self.preset.backdrop else ()
        chosen = tuple(each for each in plates if each.plate.kind in kinds)
        return self.model_copy(update={"plates": chosen})

    def in_frame(self, frame: Frame) -> "Look":
        """The same look in a channel's frame: another canvas, and what else the frame says.

        A scene keeps its own ground and shadow, and a picture that a model made whole can only be
        reduced, so of these no more is replaced than can be had: equal frames stay equal.
        """
        width, height = frame.size_px
        brand: dict[str, object] = {
            "canvas_px": width,
            "canvas_height_px": None if height == width else height,
            "enlarge": frame.enlarge,
        }
        preset: dict[str, object] = {}
        if self.preset.engine == "scene" and frame.scene_fill is not None:
            brand["scene_fill"] = frame.scene_fill
        if self.preset.engine == "standardise":
            if frame.fill is not None:
                brand |= {"fill": frame.fill, "baseline": round((1 + frame.fill) / 2, 4)}
            if frame.baseline is not None:
                brand["baseline"] = frame.baseline
            if frame.shadow == "none":
                preset["shadow"] = self.preset.shadow.model_copy(update={"kind": "none"})
        return self.model_copy(
            update={
                "brand": self.brand.model_copy(update=brand),
                "preset": self.preset.model_copy(update=preset),
            }
        )


def look_of(
    variant: str,
    preset_name: str,
    config: Path,
    *,
    scene_model: str | None = None,
    model: str | None = None,
    overrides: Overrides = UNCHANGED,
) -> Look:
    """Read a preset with its brand and its checkpoint; plates are stocked later.

    Args:
        variant: What the pictures are called.
        preset_name: Of a file below `presets`.
        config: Folder of the configuration.
        scene_model: What refines a scene whose preset names no model: the catalogue's.
        model: Checkpoint in place of the preset's and the catalogue's; None: as they say.
        overrides: What a person changed.

    Raises:
        ConfigError: Naming file, field, value and what is allowed.
    """
    preset = load_named(config / "presets", preset_name, Preset)
    if model and preset.diffusion is None:
        raise ConfigError(f"preset {preset_name}: it asks no diffusion model, so it takes none")
    asked = preset.diffusion and (model or preset.diffusion.model or scene_model)
    preset = _overridden(preset, overrides, asks=bool(asked))
    preset, style = _styled(preset, config)
    return Look(
        variant=variant,
        preset=preset,
        style_sha256=style,
        brand=load_named(config / "brands", preset.brand, Brand),
        checkpoint=load_checkpoint(asked, config) if asked else None,
    )


def _styled(preset: Preset, config: Path) -> tuple[Preset, str]:
    """The preset with its style picture's path made absolute, and that picture's hash."""
    if preset.diffusion is None or preset.diffusion.style_picture is None:
        return preset, ""
    path = (config / preset.diffusion.style_picture).resolve()
    if not path.is_file():
        raise ConfigError(
            f"{config / 'presets' / preset.name}.yaml: diffusion.style_picture: {path} is not there"
        )
    asked = preset.diffusion.model_copy(update={"style_picture": str(path)})
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return preset.model_copy(update={"diffusion": asked}), digest


def _overridden(preset: Preset, overrides: Overrides, *, asks: bool) -> Preset:
    """The preset with what a person changed for this run; refused where nothing would change."""
    found = preset.model_dump()
    if overrides.seed is not None:
        found["seed"] = overrides.seed
    if preset.diffusion is None or not asks:
        if overrides.strength is not None or overrides.candidates is not None:
            why = "this one asks none"
            if preset.diffusion:
                why = "to let one refine this one's backdrops, name it as the catalogue's "
                why += "`scene_model`, or with --model"
            raise ConfigError(
                f"preset {preset.name}: strength and candidates are for presets that ask a "
                f"diffusion model; {why}"
            )
    else:
        if overrides.strength is not None:
            found["diffusion"]["strength"] = overrides.strength
        if overrides.candidates is not None:
            found["candidates"] = overrides.candidates
    return Preset.model_validate(found)
