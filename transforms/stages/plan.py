"""Stage: which renditions a run has to make, in shards."""

from transforms.records.layout import shard_key
from transforms.records.parquet import read_records, write_records
from transforms.records.pictures import PreparedImage
from transforms.records.renditions import RenderJob
from transforms.runs.jobs import render_job
from transforms.runs.run import Run
from transforms.runs.shards import cut, shard_keys


def plan(run: Run) -> list[int]:
    """List every prepared image in every look, as shards `jobs/NNNN.parquet`.

    Returns:
        Numbers of the shards to render; none where no picture was prepared.

    Raises:
        StorageError: Storage does not answer; to be tried again.
    """
    work, run_id = run.places.work, run.plan.run_id
    prepared = [
        row
        for key in shard_keys(run, "prepared/")
        for row in read_records(work, key, PreparedImage)
        if not row.reason
    ]
    looks = run.plan.configuration.looks
    checkpoints = {
        look.variant: look.checkpoint.identity if look.checkpoint else "" for look in looks
    }
    jobs = sorted(
        (render_job(row, look, prepared=row.fingerprint) for row in prepared for look in looks),
        # Looks with one checkpoint stand together, so that a shard loads few of them.
        key=lambda job: (checkpoints[job.variant], job.key, job.variant),
    )
    shards = cut(len(jobs), run.plan.configuration.catalogue.shard_size)
    for shard, part in enumerate(shards):
        write_records(work, shard_key(run_id, "jobs", shard), jobs[part], RenderJob)
    return list(range(len(shards)))
