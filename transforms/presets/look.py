"""A look: a preset with all that it refers to, in each frame that channels ask for."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from transforms.errors import ConfigError
from transforms.presets.brand import Brand
from transforms.presets.channel import Channel
from transforms.presets.checkpoint import Checkpoint
from transforms.presets.frame import Frame
from transforms.presets.loading import load_named
from transforms.presets.model import load_checkpoint
from transforms.presets.plate import StockedPlate
from transforms.presets.preset import Diffusion, Preset
from transforms.presets.scope import UNCHANGED, Overrides
from transforms.presets.strict import Strict


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

    def with_plates(self, plates: tuple[StockedPlate, ...]) -> "Look":
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


class FramedLook(Strict):
    """A look in one frame, and the channels that take it."""

    look: Look
    channels: tuple[Channel, ...] = ()
    """None: nobody takes it; the brand's own is made all the same, since people review it."""


def list_frames(look: Look, channels: Iterable[Channel]) -> tuple[FramedLook, ...]:
    """The different frames that channels ask of a look, the brand's own first.

    Channels that want the same share one; those that take plain canvases alone are left out of a
    look that is none. A picture in a frame lies in the work storage under
    `rendition_fingerprint(prepared, framed.look, sku=...)`, as any other does.
    """
    looks, takers = {look.identity: look}, {look.identity: list[Channel]()}
    for channel in channels:
        if not takes(channel, look):
            continue
        framed = look.in_frame(channel.frame) if channel.frame else look
        looks.setdefault(framed.identity, framed)
        takers.setdefault(framed.identity, []).append(channel)
    return tuple(FramedLook(look=looks[name], channels=tuple(takers[name])) for name in looks)


def takes(channel: Channel, look: Look) -> bool:
    """Whether a channel takes pictures in this look at all."""
    return channel.backdrops == "any" or look.preset.engine == "standardise"


def load_look(
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
    preset = _apply_overrides(preset, overrides, asks=bool(asked))
    preset, style = _read_style(preset, config)
    return Look(
        variant=variant,
        preset=preset,
        style_sha256=style,
        brand=load_named(config / "brands", preset.brand, Brand),
        checkpoint=load_checkpoint(asked, config) if asked else None,
    )


def _read_style(preset: Preset, config: Path) -> tuple[Preset, str]:
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


def _apply_overrides(preset: Preset, overrides: Overrides, *, asks: bool) -> Preset:
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
