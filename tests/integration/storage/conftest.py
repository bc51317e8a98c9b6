"""One fixture, every implementation of the storage protocol."""

import uuid

import pytest

from transforms.storage import durable
from transforms.storage.opening import open_storage


@pytest.fixture(params=["folder", "folder without O_TMPFILE", "s3"])
def opened_again(request, tmp_path, monkeypatch):
    """A function that opens the same empty storage each time, as another process would."""
    if request.param == "s3":
        server = request.getfixturevalue("s3_server")
        uri = f"s3://{server.bucket}/{uuid.uuid4().hex}"
        session = request.getfixturevalue("s3_session")
        return lambda: open_storage(uri, session=session, endpoint_url=server.endpoint_url)
    if request.param == "folder without O_TMPFILE":
        monkeypatch.setattr(durable, "_UNNAMED", 0)
    (tmp_path / "storage").mkdir()
    return lambda: open_storage((tmp_path / "storage").as_uri())


@pytest.fixture
def storage(opened_again):
    return opened_again()
