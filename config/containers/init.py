"""Prepares the stack before its services start, each time: safe to run again.

Migrates Airflow's database, makes the pools, writes the sign-in of the first user, creates the
bucket.
"""

import json
import os
from pathlib import Path

import boto3
from airflow.models.pool import Pool
from airflow.utils.db import upgradedb
from botocore.exceptions import ClientError

POOLS = {
    "cpu": (int(os.environ["CPU_SLOTS"]), "Tasks that need a processor."),
    "gpu": (int(os.environ["GPU_SLOTS"]), "Tasks that make pictures; one for each GPU."),
}


def main() -> None:
    """Prepare everything."""
    upgradedb()
    for name, (slots, description) in POOLS.items():
        Pool.create_or_update_pool(
            name, slots=slots, description=description, include_deferred=False
        )
    write_sign_in(Path(os.environ["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"]))
    create_bucket(os.environ["S3_BUCKET"])


def write_sign_in(path: Path) -> None:
    """Write the password of the first user where Airflow reads it; for no other eyes."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump({os.environ["AIRFLOW_USER"]: os.environ["AIRFLOW_PASSWORD"]}, file)


def create_bucket(bucket: str) -> None:
    """Create the bucket unless it is there."""
    client = boto3.client("s3", endpoint_url=os.environ["S3_ENDPOINT"])
    try:
        client.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
            raise
        client.create_bucket(Bucket=bucket)


if __name__ == "__main__":
    main()
