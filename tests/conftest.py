"""What tests of every folder share."""

import pytest


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory):
    """A running SeaweedFS with one bucket; see `RunningServer`."""
    from tests.support.seaweedfs import seaweedfs  # noqa: PLC0415 - most tests need no boto3

    with seaweedfs(tmp_path_factory.mktemp("seaweedfs")) as server:
        yield server


@pytest.fixture(scope="session")
def s3_session(s3_server):
    """A boto3 session of that server's key; the first use of a session is slow."""
    return s3_server.session
