"""`packshot doctor`: what is missing on this machine, and how to mend it."""

import importlib.util
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from transforms.cli.catalogue import read_catalogue
from transforms.cli.console import AsJson, out, print_json
from transforms.cli.presets import check_configuration
from transforms.errors import ConfigError, PackshotError, StorageError
from transforms.models.checkpoints import missing_reason
from transforms.models.networks import model_path
from transforms.presets.catalogue import Catalogue
from transforms.presets.family import FAMILIES
from transforms.presets.loading import config_folder, load_named
from transforms.presets.model import load_checkpoint, load_checkpoints
from transforms.presets.preset import Preset
from transforms.presets.strict import Strict
from transforms.publishing.version import read_pointer
from transforms.storage.opening import open_storage

FREE_BYTES = 2_000_000_000
"""Below this a night of a few hundred pictures may fill the disk."""


State = Literal["ok", "warning", "broken"]


class Finding(Strict):
    """One thing that was looked at."""

    what: str
    state: State
    message: str
    """What was found, and what to do about it."""


def doctor(
    catalogue: Annotated[
        Path | None,
        typer.Option("--catalogue", metavar="FILE", help="Only this one; else all in config."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Look at configuration, storage, models, disk and Airflow; say what is missing."""
    findings = list(_findings(catalogue))
    if as_json:
        print_json([finding.model_dump() for finding in findings])
    else:
        colours = {"ok": "green", "warning": "yellow", "broken": "red"}
        for each in findings:
            label = f"[{colours[each.state]}]{each.state:<8}[/]"
            out.print(label, f"{each.what}: {each.message}", soft_wrap=True, markup=True)
    raise typer.Exit(1 if any(finding.state == "broken" for finding in findings) else 0)


def _findings(file: Path | None) -> Iterator[Finding]:
    mistakes = check_configuration()
    yield Finding(
        what="configuration",
        state="broken" if mistakes else "ok",
        message="; ".join(mistakes) or f"{config_folder()} is right",
    )
    files = [file] if file else sorted((config_folder() / "catalogues").glob("*.yaml"))
    models: set[str] = set()
    for each in files:
        try:
            catalogue = read_catalogue(each)
        except ConfigError:
            continue  # told above
        models |= set(catalogue.preparation.models)
        yield from _checkpoints(catalogue)
        yield from _places(catalogue)
    yield from _demonstrations()
    for name in sorted(models):
        yield _try(f"model {name}", partial(_check_model, name))
    yield _gpu()
    yield _disk()
    yield from _packages()


def _places(catalogue: Catalogue) -> Iterator[Finding]:
    for name in ("source", "work", "published"):
        place = getattr(catalogue, name)
        what = f"{catalogue.name} {name}"
        if place.connection:
            yield Finding(
                what=what,
                state="warning",
                message=f"uses the Airflow connection {place.connection}, which only Airflow can "
                "open; try it there, or set the AWS_ variables and leave the connection out",
            )
            continue
        yield _try(what, partial(_LOOKS[name], place.uri))


def _checkpoints(catalogue: Catalogue) -> Iterator[Finding]:
    """Of each diffusion model that the catalogue's variants and seasons ask for."""
    config = config_folder()
    presets = {*catalogue.variants.values(), *(s.preset for s in catalogue.seasons.values())}
    asked = {catalogue.scene_model} if catalogue.scene_model else set()
    for name in presets:
        with suppress(ConfigError):  # told above
            diffusion = load_named(config / "presets", name, Preset).diffusion
            asked |= {diffusion.model} if diffusion and diffusion.model else set()
    if not asked:
        message = "asks no diffusion model: backdrops are plates and scaffolds as they are"
        yield Finding(what=catalogue.name, state="ok", message=message)
    for name in sorted(asked):
        with suppress(ConfigError):
            entry = load_checkpoint(name, config)
            reason = missing_reason(entry)
            fit = entry.commercial and not entry.demonstration
            state: State = "broken" if reason else ("ok" if fit else "warning")
            said = f"{reason}; packshot models fetch {name}" if reason else "is here"
            if not entry.commercial:
                said += f"; licence {entry.licence} does not allow a shop to use it"
            if entry.demonstration:
                said += "; it is a demonstration model, whose pictures are not for a shop"
            yield Finding(what=f"checkpoint {name}", state=state, message=said)


def _demonstrations() -> Iterator[Finding]:
    """Of each checkpoint that only shows how diffusion models are used, with those that do more."""
    with suppress(ConfigError):  # told above
        known = load_checkpoints(config_folder())
        serious = [
            name
            for name, each in known.items()
            if each.commercial
            and not each.demonstration
            and {"image-to-image", "instruct"} & FAMILIES[each.family].pipelines.keys()
        ]
        for name, each in known.items():
            if each.demonstration:
                reason = missing_reason(each)
                yield Finding(
                    what=f"demonstration {name}",
                    state="broken" if reason else "ok",
                    message=f"{reason or 'is here'}; a demonstration model, for trying things out. "
                    f"For pictures that are published: {', '.join(serious)} "
                    "(`packshot models fetch NAME`), or a checkpoint of your own",
                )


def _gpu() -> Finding:
    """Without importing torch, which takes seconds."""
    there = shutil.which("nvidia-smi") is not None
    message = "a driver is there" if there else "none here; diffusion models run on the CPU, slowly"
    return Finding(what="GPU", state="ok" if there else "warning", message=message)


def _try(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what=what, state="ok", message=look())
    except PackshotError as error:
        return Finding(what=what, state="broken", message=str(error))


def _check_model(name: str) -> str:
    return f"{model_path(name)} is as it should be"


def _read_source(uri: str) -> str:
    storage = open_storage(uri)
    return f"{storage.uri}: {len(storage.listing())} objects"


def _write_work(uri: str) -> str:
    storage = open_storage(uri)
    key = f"doctor/{secrets.token_hex(8)}"
    if not storage.create(key, b"1") or storage.create(key, b"2"):
        raise StorageError(
            f"{storage.uri}: does not honour If-None-Match; use a server that does, "
            "or two runs at once can overwrite each other"
        )
    storage.delete([key])
    return f"{storage.uri}: can be written, and honours conditional writes"


def _read_published(uri: str) -> str:
    pointer, _ = read_pointer(open_storage(uri))
    return f"{uri}: " + (f"version {pointer.version}" if pointer else "nothing yet")


_LOOKS = {"source": _read_source, "work": _write_work, "published": _read_published}


def _disk() -> Finding:
    free = shutil.disk_usage(Path.cwd()).free
    return Finding(
        what="disk",
        state="ok" if free > FREE_BYTES else "warning",
        message=f"{free / 1e9:.1f} GB free here",
    )


def _packages() -> Iterator[Finding]:
    for package, extra, need in (
        ("great_expectations", "quality", "validation"),
        ("diffusers", "diffusion", "presets that ask a diffusion model"),
        ("airflow", "airflow", "the nightly DAGs; `packshot run` does without"),
    ):
        there = importlib.util.find_spec(package) is not None
        yield Finding(
            what=package,
            state="ok" if there else ("broken" if extra == "quality" else "warning"),
            message="installed" if there else f"missing; pip install 'packshot[{extra}]' ({need})",
        )
