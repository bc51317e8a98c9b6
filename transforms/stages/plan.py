"""Stage: which renditions a run has to make, in shards."""

from transforms.records.pictures import PreparedImage
from transforms.records.renditions import RenderJob
from transforms.runs.jobs import render_job
from transforms.runs.run import Run
from transforms.runs.shards import cut


def plan(run: Run) -> list[int]:
    """List every prepared image in every look, as shards `jobs/NNNN.parquet`.

    Returns:
        Numbers of the shards to render; none where no picture was prepared.

    Raises:
        StorageError: Storage does not answer; to be tried again.
    """
    prepared = [row for row in run.rows("prepared", PreparedImage) if not row.reason]
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
        run.write_shard("jobs", shard, jobs[part], RenderJob)
    return list(range(len(shards)))
