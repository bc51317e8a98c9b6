"""A URI opens a storage, or says what is wrong with it."""

import pytest

from transforms.errors import ConfigError
from transforms.storage.opening import open_storage


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "pictures",
        "/srv/pictures",
        "file:/srv/pictures",
        "file://host/share",
        "file://relative",
        "gs://bucket",
        "https://shop.example/pictures",
        "s3://",
        "s3:///prefix",
        "s3://bucket/a//b",
        "s3://bucket/../other",
    ],
)
def test_what_is_no_storage_is_named_with_what_is_allowed(uri):
    with pytest.raises(ConfigError) as refusal:
        open_storage(uri)

    assert repr(uri) in str(refusal.value)
    assert "file:///folder" in str(refusal.value)


def test_a_password_in_a_uri_is_not_repeated():
    with pytest.raises(ConfigError) as refusal:
        open_storage("s3://user:hunter2@bucket/prefix")

    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize("name", ["plain", "with space", "100%", "a#b?c", "\u00fc"])
def test_a_folder_is_found_by_the_uri_that_its_path_gives(tmp_path, name):
    folder = tmp_path / name
    storage = open_storage(folder.as_uri())
    storage.create("key", b"1")

    assert (folder / "key").read_bytes() == b"1"
    assert storage.uri == folder.resolve().as_uri()
    assert open_storage(f"{storage.uri}/").uri == storage.uri


def test_an_s3_uri_stands_as_it_is(s3_server, s3_session):
    uri = f"s3://{s3_server.bucket}/spring 2027/100%"
    storage = open_storage(f"{uri}/", session=s3_session, endpoint_url=s3_server.endpoint_url)

    assert storage.uri == uri
    assert storage.create("a/b", b"1") is True
    assert storage.listing()["key"].to_pylist() == ["a/b"]
    assert storage.folders("") == ["a"]
