"""Everything that one catalogue's run obeys, read and checked before anything runs."""

from itertools import permutations
from pathlib import Path

from transforms.errors import ConfigError
from transforms.presets.brand import Brand
from transforms.presets.catalogue import Catalogue
from transforms.presets.channel import Channel
from transforms.presets.gate import Gate
from transforms.presets.loading import load, load_named
from transforms.presets.model import Model, load_model
from transforms.presets.preset import Preset
from transforms.presets.strict import Strict
from transforms.presets.suite import Suite

SOURCE_IMAGES = "source-images"
"""The suite that every source image is held against."""


class Look(Strict):
    """A preset with the brand that it belongs to: all that decides a variant's pixels."""

    variant: str
    preset: Preset
    brand: Brand


class Configuration(Strict):
    """One catalogue with all that it refers to."""

    catalogue: Catalogue
    looks: tuple[Look, ...]
    channels: tuple[Channel, ...]
    gate: Gate
    suite: Suite
    """What a source image must be."""
    models: dict[str, Model]
    """Those that the catalogue's preparation asks, by name."""

    def recognisers(self) -> list[str]:
        """What decides the networks' answers: their weights, and how they are shown a picture."""
        return [
            f"{name} {model.sha256} {model.sight.model_dump_json() if model.sight else ''}"
            for name, model in sorted(self.models.items())
        ]


def load_configuration(
    catalogue_file: Path, config: Path, *, variants: tuple[str, ...] = ()
) -> Configuration:
    """Read a catalogue and all that it refers to.

    Args:
        catalogue_file: `config/catalogues/<name>.yaml`, or such a file elsewhere.
        config: The folder of brands, presets, channels and gate.
        variants: Only these of the catalogue's variants; empty: all.

    Raises:
        ConfigError: Naming file, field, value and what is allowed.
    """
    catalogue = load(catalogue_file, Catalogue).located(catalogue_file.resolve().parent)
    return configure(catalogue, config, variants=variants)


def configure(
    catalogue: Catalogue, config: Path, *, variants: tuple[str, ...] = ()
) -> Configuration:
    """Read all that a catalogue refers to.

    Raises:
        ConfigError: Naming file, field, value and what is allowed.
    """
    unknown = sorted(set(variants) - set(catalogue.variants))
    if unknown:
        raise ConfigError(
            f"variant {', '.join(unknown)}: not in catalogue {catalogue.name}; "
            f"there: {', '.join(catalogue.variants)}"
        )
    looks = []
    for variant, preset_name in catalogue.variants.items():
        if not variants or variant in variants:
            preset = load_named(config / "presets", preset_name, Preset)
            brand = load_named(config / "brands", preset.brand, Brand)
            looks.append(Look(variant=variant, preset=preset, brand=brand))
    _check_places_apart(catalogue)
    return Configuration(
        catalogue=catalogue,
        looks=tuple(looks),
        channels=tuple(load_named(config / "channels", n, Channel) for n in catalogue.channels),
        gate=load(config / "gate.yaml", Gate),
        suite=load_named(config / "expectations", SOURCE_IMAGES, Suite),
        models={
            name: load_model(name, config, task=task)
            for name, task in catalogue.preparation.models.items()
        },
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
