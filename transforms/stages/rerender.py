"""Stage: plan another try at pictures, with the settings that a person asked for.

A run of its own whose renditions are made and checked by the stages of a night, and published by
nobody: they wait on the review page beside the pictures that they would replace.
"""

from transforms.errors import ConfigError, ModelError, NotFoundError
from transforms.presets.advice import advise
from transforms.presets.configuration import Configuration
from transforms.presets.loading import config_folder
from transforms.presets.look import Look, load_look
from transforms.presets.scope import UNCHANGED
from transforms.publishing.decisions import (
    ReviewDecision,
    ReviewLog,
    read_decided_reports,
    record_not_made,
)
from transforms.publishing.version import read_pointer
from transforms.records.layout import ANOTHER_TRY, run_key
from transforms.records.renditions import QualityReport, RenderJob
from transforms.rendition.engine_cache import missing_checkpoints
from transforms.runs.jobs import render_job
from transforms.runs.run import Places, Run, RunPlan, open_run
from transforms.runs.shards import cut
from transforms.scenes.plates import stock_plates
from transforms.storage.protocol import exists


def rerender(places: Places, configuration: Configuration, *, run_id: str) -> list[int]:
    """Begin the run that makes what the decisions naming it ask for.

    Decisions that were taken back meanwhile are passed over. Begun again (a retry), it goes on
    with the plan that it has.

    Args:
        places: Storages of the catalogue; the source is not asked.
        configuration: As it is today: another try is held to today's gate, and encoded for today's
            channels.
        run_id: Of this run, as the decisions name it.

    Returns:
        Numbers of the shards of jobs to render; none where nothing is asked.

    Raises:
        ConfigError: The settings, or the model, do not fit the preset. Why is written down for
            the review page, as is a report that is no longer kept.
        StorageError: Storage does not answer.
    """
    work = places.work
    if not exists(work, run_key(run_id, "run.json")):
        asked = [
            each
            for each in ReviewLog(work).refresh().all_standing()
            if each.action == "retry" and each.retry_run == run_id
        ]
        if not asked:
            return []
        asked = sorted(asked, key=lambda each: (each.variant, each.key))
        try:
            _begin(places, configuration, run_id, asked)
        except (ConfigError, NotFoundError) as error:
            record_not_made(work, run_id, str(error))
            raise
    return open_run(places, run_id).shard_numbers("jobs")


def refuse_unmade(run: Run) -> None:
    """Say before any work that a model is not at hand on the machine that renders.

    Raises:
        ModelError: Naming it, and what brings it; also written down for the review page.
    """
    if missing := missing_checkpoints(run.plan.configuration.looks):
        why = "; ".join(missing)
        record_not_made(run.places.work, run.plan.run_id, why)
        raise ModelError(why)


def _begin(
    places: Places, configuration: Configuration, run_id: str, asked: list[ReviewDecision]
) -> None:
    work = places.work
    before = {each.run_id: open_run(places, each.run_id) for each in asked}
    scene_model = configuration.catalogue.scene_model
    looks = {
        each.variant: _look(places, before[each.run_id], each, scene_model=scene_model)
        for each in asked
    }
    reports = {
        name: read_decided_reports(run, (each for each in asked if each.run_id == name))
        for name, run in before.items()
    }
    known = [(_require_report(reports[each.run_id], each), looks[each.variant]) for each in asked]
    jobs = [render_job(report, look, prepared=report.prepared) for report, look in known]
    pointer, etag = read_pointer(places.published)
    # The first of its plans: its time is when it was asked for, so that a retry tells the same.
    plan = RunPlan(
        run_id=run_id,
        started=asked[0].at,
        configuration=_replace_looks(configuration, tuple(looks.values())),
        base=pointer,
        base_etag=etag,
        previous_outcomes=None,
        ends=before[asked[0].run_id].plan.ends,
    )
    run = Run(plan, places)
    work.create(run.key(ANOTHER_TRY), b"{}")
    for shard, part in enumerate(cut(len(jobs), configuration.catalogue.shard_size)):
        run.write_shard("jobs", shard, jobs[part], RenderJob)
    work.create(run.key("run.json"), plan.model_dump_json(indent=2).encode())


def _replace_looks(configuration: Configuration, looks: tuple[Look, ...]) -> Configuration:
    return configuration.model_copy(update={"looks": looks})


def _look(
    places: Places, before: Run, decision: ReviewDecision, *, scene_model: str | None
) -> Look:
    """The look of the other try: another preset, or the same one with other settings."""
    look = load_look(
        decision.variant,
        decision.preset or before.look(decision.variant).preset.name,
        config_folder(),
        scene_model=scene_model,
        model=decision.model or None,
        overrides=decision.settings or UNCHANGED,
    )
    if look.diffusion and look.diffusion.mask == "given":
        raise ConfigError(f"preset {look.preset.name}: needs a mask for each picture")
    if decision.model:
        found = advise(look.preset, look.checkpoint)
        mistakes = [f"{each.field}: {each.text}" for each in found if each.level == "mistake"]
        if mistakes:
            raise ConfigError(
                f"preset {look.preset.name} cannot ask {decision.model}: {'; '.join(mistakes)}"
            )
    if look.preset.backdrop and places.plates is not None:
        look = look.with_plates(stock_plates(places.plates))
    return look


def _require_report(
    reports: dict[tuple[str, str], QualityReport], decision: ReviewDecision
) -> QualityReport:
    report = reports.get((decision.key, decision.fingerprint))
    if report is None:
        raise NotFoundError(
            f"{decision.sku} {decision.view}: its report is no longer kept; start the night anew"
        )
    return report
