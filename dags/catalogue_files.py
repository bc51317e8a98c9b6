"""Catalogue files as DAGs see them when they are parsed: read, checked, offered in forms."""

from collections import Counter
from pathlib import Path

from airflow.sdk import Param
from croniter import croniter

from transforms.errors import ConfigError
from transforms.presets.catalogue import Catalogue
from transforms.presets.configuration import load_configuration
from transforms.presets.loading import config_folder, load


def read_catalogues() -> tuple[list[Catalogue], list[str]]:
    """Read every catalogue file, at parse time.

    Returns:
        The usable catalogues, and a line for each mistake in the others. A mistake in a preset or
        brand is told too, but keeps its catalogue: its run then fails and says the same.
    """
    usable, mistakes = [], []
    try:
        config = config_folder()
    except ConfigError as error:
        return [], [str(error)]
    for path in sorted((config / "catalogues").glob("*.yaml")):
        try:
            catalogue = load(path, Catalogue)
            _check_schedule(path, catalogue)
        except ConfigError as error:
            mistakes.append(str(error))
            continue
        usable.append(catalogue)
        try:
            load_configuration(path, config)
        except ConfigError as error:
            mistakes.append(str(error))
    ids = Counter(catalogue.nightly_dag_id for catalogue in usable)
    for catalogue in usable:
        if ids[catalogue.nightly_dag_id] > 1:
            path = config / "catalogues" / f"{catalogue.name}.yaml"
            mistakes.append(f"{path}: dag_id = {catalogue.nightly_dag_id!r}: used more than once")
    return [each for each in usable if ids[each.nightly_dag_id] == 1], mistakes


def _check_schedule(path: Path, catalogue: Catalogue) -> None:
    if catalogue.schedule is not None and not croniter.is_valid(catalogue.schedule):
        raise ConfigError(
            f"{path}: schedule = {catalogue.schedule!r}: must be a cron expression, "
            "as in '0 2 * * *' for every night at 02:00 UTC"
        )


def catalogue_param() -> Param:
    """A form's field: one of the usable catalogues."""
    names = [catalogue.name for catalogue in read_catalogues()[0]]
    return Param(names[0] if names else "", enum=names or [""], title="Catalogue")


def variant_choices() -> list[str]:
    """What a seasonal run can make: the catalogues' seasons, then every preset, at parse time."""
    seasons = {name for catalogue in read_catalogues()[0] for name in catalogue.seasons}
    try:
        presets = {path.stem for path in (config_folder() / "presets").glob("*.yaml")}
    except ConfigError:
        presets = set()
    return [*sorted(seasons), *sorted(presets - seasons)]
