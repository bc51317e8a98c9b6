"""Who we are to an S3 server and where it is, as boto3 finds it, for boto3 and obstore alike."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import NoCredentialsError
from obstore.store import S3Store

from transforms.errors import ConfigError, StorageError

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Credential

REQUEST_S = 120
CONNECT_S = 5
RETRIES = 5
_user: dict[str, int] = {}


def claim_process(uri: str) -> None:
    """Note that this process talks to S3, or refuse because the one it was forked from did.

    obstore's threads do not survive a fork: a request in the child would wait for ever.

    Raises:
        StorageError: Says how to start workers instead.
    """
    here = os.getpid()
    if _user.setdefault("process", here) != here:
        raise StorageError(
            f"{uri}: this process was forked from one that had used S3 already; "
            "start workers with the method spawn or forkserver"
        )


def connect(bucket: str, *, session: Any, endpoint_url: str | None) -> tuple[Any, S3Store, str]:
    """A boto3 client, a store of obstore for one bucket, and the endpoint that both talk to.

    Raises:
        ConfigError: The endpoint is no URL, or AWS_CA_BUNDLE cannot be read.
        NoCredentialsError: boto3 finds none.
        BotoCoreError: A profile is missing or wrong.
    """
    session = session or boto3.Session()
    region = session.region_name or "us-east-1"
    credentials = session.get_credentials()
    if credentials is None:
        raise NoCredentialsError
    limits = Config(connect_timeout=CONNECT_S, retries={"total_max_attempts": RETRIES + 1})
    try:
        client = session.client("s3", endpoint_url=endpoint_url, region_name=region, config=limits)
    except ValueError as error:  # of an endpoint that is no URL
        raise ConfigError(f"s3://{bucket}: {error}; allowed: http(s)://host:port") from None
    endpoint = str(client.meta.endpoint_url)

    def current_credentials() -> "S3Credential":
        """What boto3 holds now; it renews what expires, so obstore asks again after 5 minutes."""
        frozen = credentials.get_frozen_credentials()
        return {
            "access_key_id": frozen.access_key,
            "secret_access_key": frozen.secret_key,
            "token": frozen.token,
            "expires_at": datetime.now(UTC) + timedelta(minutes=5),
        }

    store = S3Store(
        bucket,
        config={"aws_endpoint_url_s3": endpoint, "region": region},
        client_options=_client_options(endpoint),
        retry_config={"max_retries": RETRIES, "retry_timeout": timedelta(seconds=REQUEST_S)},
        credential_provider=current_credentials,
    )
    return client, store, endpoint


def _client_options(endpoint: str) -> "ClientConfig":
    options: ClientConfig = {
        "allow_http": endpoint.startswith("http://"),
        "connect_timeout": timedelta(seconds=CONNECT_S),
        "timeout": timedelta(seconds=REQUEST_S),
    }
    authorities = os.environ.get("AWS_CA_BUNDLE")
    if authorities:
        try:
            options["root_certificate"] = Path(authorities).read_bytes()
        except OSError as error:
            raise ConfigError(f"AWS_CA_BUNDLE={authorities}: {error.strerror}") from error
    return options
