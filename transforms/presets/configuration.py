"""Everything that one catalogue's run obeys, read and checked before anything runs."""

from collections.abc import Iterable
from itertools import permutations
from pathlib import Path

from transforms.errors import ConfigError
from transforms.presets.catalogue import Catalogue, Place
from transforms.presets.channel import Channel
from transforms.presets.gate import Gate
from transforms.presets.loading import load, load_named
from transforms.presets.look import FramedLook, Look, list_frames, load_look, takes
from transforms.presets.model import Model, load_model
from transforms.presets.plate import StockedPlate
from transforms.presets.scope import UNCHANGED, Overrides
from transforms.presets.strict import Strict
from transforms.presets.suite import RENDITIONS, RUN, Suite

SOURCE_IMAGES = "source-images"
"""The suite that every source image is held against."""


class Configuration(Strict):
    """One catalogue with all that it refers to."""

    catalogue: Catalogue
    looks: tuple[Look, ...]
    channels: tuple[Channel, ...]
    gate: Gate
    suite: Suite
    """What a source image must be."""
    outputs: tuple[Suite, ...] = ()
    """What finished pictures and a run as a whole should be: told in the report, no more."""
    models: dict[str, Model]
    """Those that the catalogue's preparation asks, by name."""

    def with_plates(self, plates: tuple[StockedPlate, ...]) -> "Configuration":
        """This configuration with the plates that its looks may use."""
        return self.model_copy(
            update={"looks": tuple(each.with_plates(plates) for each in self.looks)}
        )

    def frames(self, look: Look) -> tuple[FramedLook, ...]:
        """The different frames that the channels ask of a look, the brand's own first."""
        return list_frames(look, self.channels)

    def recognisers(self) -> list[str]:
        """What decides the networks' answers: their weights, and how they are shown a picture."""
        return [
            f"{name} {model.sha256} {model.sight.model_dump_json() if model.sight else ''}"
            for name, model in sorted(self.models.items())
        ]


def load_configuration(
    catalogue_file: Path,
    config: Path,
    *,
    variants: tuple[str, ...] = (),
    overrides: Overrides = UNCHANGED,
) -> Configuration:
    """Read a catalogue and all that it refers to; see `configure`.

    Args:
        catalogue_file: `config/catalogues/<name>.yaml`, or such a file elsewhere.
        config: The folder of brands, presets, channels and gate.
        variants: What to make; empty: what is made every night.
        overrides: What a person changed for this run.

    Raises:
        ConfigError: Naming file, field, value and what is allowed.
    """
    catalogue = load(catalogue_file, Catalogue).resolve(catalogue_file.resolve().parent)
    return configure(catalogue, config, variants=variants, overrides=overrides)


def configure(
    catalogue: Catalogue,
    config: Path,
    *,
    variants: tuple[str, ...] = (),
    overrides: Overrides = UNCHANGED,
) -> Configuration:
    """Read all that a catalogue refers to.

    Args:
        catalogue: With places that are whole.
        config: The folder of brands, presets, channels and gate.
        variants: What to make: nightly variants and seasons of the catalogue, or presets by their
            own names. Empty: what is made every night.
        overrides: What a person changed for this run.

    Raises:
        ConfigError: Naming file, field, value and what is allowed.
    """
    makes = {**catalogue.variants, **{name: s.preset for name, s in catalogue.seasons.items()}}
    looks = []
    for variant in variants or tuple(catalogue.variants):
        if variant not in makes and not (config / "presets" / f"{variant}.yaml").is_file():
            raise ConfigError(
                f"variant {variant}: neither in catalogue {catalogue.name} (there: "
                f"{', '.join(makes)}) nor the name of a preset"
            )
        looks.append(_look(variant, makes.get(variant, variant), catalogue, config, overrides))
    ours = (config / "plates").resolve()
    if catalogue.plates is None and ours.is_dir():
        catalogue = catalogue.model_copy(update={"plates": Place(uri=ours.as_uri())})
    _check_places_apart(catalogue)
    channels = tuple(load_named(config / "channels", n, Channel) for n in catalogue.channels)
    _check_taken(catalogue, looks, channels)
    return Configuration(
        catalogue=catalogue,
        looks=tuple(looks),
        channels=channels,
        gate=load(config / "gate.yaml", Gate),
        suite=load_named(config / "expectations", SOURCE_IMAGES, Suite),
        outputs=tuple(
            load_named(config / "expectations", name, Suite)
            for name in (RENDITIONS, RUN)
            if (config / "expectations" / f"{name}.yaml").is_file()
        ),
        models={
            name: load_model(name, config, task=task)
            for name, task in catalogue.preparation.models.items()
        },
    )


def _look(
    variant: str, preset: str, catalogue: Catalogue, config: Path, overrides: Overrides
) -> Look:
    model = catalogue.scene_model
    look = load_look(variant, preset, config, scene_model=model, overrides=overrides)
    if look.diffusion and look.diffusion.mask == "given":
        raise ConfigError(
            f"variant {variant}: preset {preset} needs a mask for each picture, so it is for "
            "`packshot render --mask` alone"
        )
    return look


def _check_taken(
    catalogue: Catalogue, looks: Iterable[Look], channels: tuple[Channel, ...]
) -> None:
    """Refuse a variant that no channel takes: all its pictures would be made for nothing."""
    for look in looks:
        if not any(takes(channel, look) for channel in channels):
            raise ConfigError(
                f"catalogue {catalogue.name}: variant {look.variant}: none of its channels "
                f"({', '.join(catalogue.channels)}) takes anything but plain backgrounds; name one "
                "that takes scenes, such as shop"
            )


def _check_places_apart(catalogue: Catalogue) -> None:
    """Refuse places within one another: a night would take its own pictures for photographs."""
    places = {name: getattr(catalogue, name).uri for name in ("source", "work", "published")}
    for (name, uri), (other, outer) in permutations(places.items(), 2):
        if f"{uri.rstrip('/')}/".startswith(f"{outer.rstrip('/')}/"):
            raise ConfigError(
                f"catalogue {catalogue.name}: {name} = {uri}: lies in {other} = {outer}; "
                "give each a place of its own"
            )
