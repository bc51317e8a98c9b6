"""Catalogue files as DAGs see them when they are parsed: read, checked, offered in forms."""

import re
from collections import Counter
from pathlib import Path

from airflow.sdk import Param, get_parsing_context
from croniter import croniter

from transforms.errors import ConfigError
from transforms.presets.catalogue import Catalogue
from transforms.presets.configuration import load_configuration
from transforms.presets.loading import config_folder, load

_DAG_ID = re.compile(r"^dag_id:[ \t]*[\"']?(?P<id>[\w.-]+)[\"']?[ \t]*$", re.MULTILINE)


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


def read_unusable() -> list[Catalogue]:
    """Catalogues whose files are wrong, by what their nights need to end: name and `dag_id`.

    A file may be half saved while its night is under way. Airflow parses the DAG for every task,
    so the DAG stays; it has no schedule, and `ingest` of a run that begins says what is wrong.
    """
    usable = read_catalogues()[0]
    names, ids = {each.name for each in usable}, {each.nightly_dag_id for each in usable}
    found: dict[str, Catalogue] = {}
    try:
        files = sorted((config_folder() / "catalogues").glob("*.yaml"))
    except ConfigError:
        return []
    for file in files:
        written = _DAG_ID.search(file.read_text(errors="replace"))
        known = Catalogue.model_construct(name=file.stem, dag_id=written and written["id"])
        taken = known.nightly_dag_id in ids or known.nightly_dag_id in found
        if file.stem not in names and not taken:
            found[known.nightly_dag_id] = known
    return list(found.values())


def _check_schedule(path: Path, catalogue: Catalogue) -> None:
    if catalogue.schedule is not None and not croniter.is_valid(catalogue.schedule):
        raise ConfigError(
            f"{path}: schedule = {catalogue.schedule!r}: must be a cron expression, "
            "as in '0 2 * * *' for every night at 02:00 UTC"
        )


def choice(names: list[str], **texts: str) -> Param:
    """A form's field: one of some names, the first where nothing is chosen.

    A task of a run that has begun takes what the form said: names may be gone from files by then.
    """
    begun = get_parsing_context().dag_id is not None
    allowed = {"type": "string"} if begun else {"enum": names or [""]}
    return Param(names[0] if names else "", **allowed, **texts)


def catalogue_param() -> Param:
    """A form's field: one of the usable catalogues."""
    return choice([catalogue.name for catalogue in read_catalogues()[0]], title="Catalogue")


def variant_choices() -> list[str]:
    """What a seasonal run can make: the catalogues' seasons, then every preset, at parse time."""
    seasons = {name for catalogue in read_catalogues()[0] for name in catalogue.seasons}
    try:
        presets = {path.stem for path in (config_folder() / "presets").glob("*.yaml")}
    except ConfigError:
        presets = set()
    return [*sorted(seasons), *sorted(presets - seasons)]
