"""What S3 adds to the contract: keys and endpoints that are wrong, and what others put there."""

import os
import re
import subprocess
import sys
import threading
import uuid
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest

from transforms.errors import ConfigError, ConflictError, NotFoundError, StorageError
from transforms.storage.opening import open_storage

EVERY_CALL = [
    pytest.param(lambda storage: storage.create("key", b"1"), id="create"),
    pytest.param(lambda storage: storage.swap("key", b"1", expected_etag='"0"'), id="swap"),
    pytest.param(lambda storage: storage.read("key"), id="read"),
    pytest.param(lambda storage: storage.stat("key"), id="stat"),
    pytest.param(lambda storage: storage.listing(), id="listing"),
    pytest.param(lambda storage: storage.folders("runs"), id="folders"),
    pytest.param(lambda storage: storage.delete(["key"]), id="delete"),
]


@pytest.fixture
def prefix():
    return uuid.uuid4().hex


@pytest.fixture
def storage(s3_server, s3_session, prefix):
    return open_storage(
        f"s3://{s3_server.bucket}/{prefix}",
        session=s3_session,
        endpoint_url=s3_server.endpoint_url,
    )


@pytest.fixture
def witness(s3_server, s3_session):
    """boto3, which shares no code with the storage's own client."""
    return s3_session.client("s3", endpoint_url=s3_server.endpoint_url)


@pytest.fixture
def no_environment(monkeypatch, tmp_path):
    """Nothing that this machine knows of AWS."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))


@pytest.mark.parametrize(
    "key", ["a b+c", "100%/%20", "#?&=", "\u00fc/u\u0308", "\U0001f384", "~!*'()", "a:b;c,d@e$"]
)
def test_a_key_is_the_same_to_any_other_client(storage, witness, s3_server, prefix, key):
    storage.create(f"ours/{key}", b"ours")
    witness.put_object(Bucket=s3_server.bucket, Key=f"{prefix}/theirs/{key}", Body=b"theirs")

    theirs = witness.get_object(Bucket=s3_server.bucket, Key=f"{prefix}/ours/{key}")
    assert theirs["Body"].read() == b"ours"
    assert storage.read(f"theirs/{key}") == b"theirs"
    assert storage.listing()["key"].to_pylist() == [f"ours/{key}", f"theirs/{key}"]


def test_an_object_whose_name_obstore_refuses_is_listed_and_read(
    storage, witness, s3_server, prefix
):
    storage.create("plain", b"1")
    key = "two\nlines.jpg"
    witness.put_object(Bucket=s3_server.bucket, Key=f"{prefix}/{key}", Body=b"22")

    assert storage.listing()["key"].to_pylist() == ["plain", key]
    assert storage.read(key) == b"22"
    assert storage.stat(key).size_bytes == 2
    assert storage.stat(key).etag == storage.listing()["etag"][1].as_py()
    storage.delete([key, "plain"])
    assert storage.listing().num_rows == 0
    with pytest.raises(NotFoundError):
        storage.read(key)


def test_markers_of_folders_are_no_objects_but_empty_objects_are(
    storage, witness, s3_server, prefix
):
    for key in ("", "sku/", "sku/deep/"):
        witness.put_object(Bucket=s3_server.bucket, Key=f"{prefix}/{key}", Body=b"")
    storage.create("sku/empty.jpg", b"")
    storage.create("sku/front.jpg", b"1")

    assert storage.listing()["key"].to_pylist() == ["sku/empty.jpg", "sku/front.jpg"]


@pytest.mark.parametrize("call", EVERY_CALL)
@pytest.mark.parametrize(
    "key", [("right", "wrongwrong"), ("wrong", "wrongwrong")], ids=["secret", "access key"]
)
def test_a_wrong_key_is_one_line_without_the_secret(s3_server, call, key):
    access_key = s3_server.access_key if key[0] == "right" else key[0]
    uri = f"s3://{s3_server.bucket}/shop"
    session = boto3.Session(access_key, key[1])
    storage = open_storage(uri, session=session, endpoint_url=s3_server.endpoint_url)

    with pytest.raises(StorageError) as refusal:
        call(storage)

    check_is_one_line(refusal.value, uri, s3_server.endpoint_url)
    assert "key" in str(refusal.value)
    assert key[1] not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert type(refusal.value) is StorageError


@pytest.mark.parametrize("call", EVERY_CALL)
def test_an_endpoint_that_does_not_answer_is_named_within_seconds(s3_session, call):
    endpoint = "http://127.0.0.1:1"
    storage = open_storage("s3://shop/work", session=s3_session, endpoint_url=endpoint)

    with pytest.raises(StorageError, match=r"no answer from http://127\.0\.0\.1:1") as failure:
        call(storage)

    check_is_one_line(failure.value, "s3://shop/work", endpoint)


@pytest.mark.parametrize("call", [each for each in EVERY_CALL if each.id not in ("swap", "stat")])
def test_a_missing_bucket_is_named(s3_server, s3_session, call):
    endpoint = s3_server.endpoint_url
    storage = open_storage("s3://nowhere/work", session=s3_session, endpoint_url=endpoint)

    with pytest.raises(StorageError, match=r"no such bucket|access denied") as failure:
        call(storage)

    check_is_one_line(failure.value, "s3://nowhere/work", endpoint)


def check_is_one_line(error, uri, endpoint):
    assert str(error).startswith(uri)
    assert endpoint in str(error)
    assert "\n" not in str(error)
    assert len(str(error)) < 300


@pytest.mark.usefixtures("no_environment")
def test_no_credentials_at_all_says_what_to_set():
    with pytest.raises(StorageError, match=r"s3://shop: .*AWS_ACCESS_KEY_ID.*AWS_PROFILE"):
        open_storage("s3://shop")


@pytest.mark.usefixtures("no_environment")
def test_a_profile_that_does_not_exist_is_named(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "studio")

    with pytest.raises(StorageError, match=r"s3://shop: .*studio"):
        open_storage("s3://shop")


@pytest.mark.usefixtures("no_environment")
def test_the_environment_says_who_and_where(s3_server, prefix, monkeypatch):
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    storage = open_storage(f"s3://{s3_server.bucket}/{prefix}")

    assert storage.create("key", b"1") is True
    assert storage.folders("") == []


@pytest.mark.usefixtures("no_environment")
def test_a_profile_says_who_and_where(s3_server, prefix, monkeypatch, tmp_path):
    (tmp_path / "config").write_text(
        f"[profile studio]\nregion = eu-central-1\nendpoint_url = {s3_server.endpoint_url}\n"
        f"aws_access_key_id = {s3_server.access_key}\n"
        f"aws_secret_access_key = {s3_server.secret_key}\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("AWS_PROFILE", "studio")

    assert open_storage(f"s3://{s3_server.bucket}/{prefix}").create("key", b"1") is True


def test_an_endpoint_in_the_call_wins_over_the_environment(
    s3_server, s3_session, prefix, monkeypatch
):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")
    uri = f"s3://{s3_server.bucket}/{prefix}"
    storage = open_storage(uri, session=s3_session, endpoint_url=s3_server.endpoint_url)

    assert storage.create("key", b"1") is True
    assert storage.folders("") == []


def test_credentials_that_cannot_be_renewed_are_said_to_be_so(s3_server, tmp_path, monkeypatch):
    """As when somebody's sign-in has run out."""
    (tmp_path / "config").write_text(
        "[default]\ncredential_process = /bin/sh -c 'echo sign in again >&2; exit 1'\n",
        encoding="utf-8",
    )
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))

    with pytest.raises(StorageError, match="sign in again"):
        open_storage("s3://shop", endpoint_url=s3_server.endpoint_url).read("key")


@pytest.mark.parametrize("endpoint", ["127.0.0.1:9000", "shop", "ftp//x y"])
def test_an_endpoint_that_is_no_url_is_named(s3_session, endpoint):
    with pytest.raises(ConfigError, match=re.escape(endpoint)):
        open_storage("s3://shop", session=s3_session, endpoint_url=endpoint)


def test_a_missing_file_of_authorities_is_named(s3_session, monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "ca.pem"))

    with pytest.raises(ConfigError, match=r"AWS_CA_BUNDLE=.*ca\.pem: No such file"):
        open_storage("s3://shop", session=s3_session)


FORKED = """
import os, sys
from transforms.errors import StorageError
from transforms.storage.opening import open_storage
storage = open_storage(sys.argv[1])
if os.fork() == 0:
    print(storage.listing().num_rows, flush=True)
    os._exit(0)
os.wait()
storage.listing()
if os.fork() == 0:
    try:
        open_storage(sys.argv[1]).listing()
    except StorageError as error:
        print(error, flush=True)
    os._exit(0)
os.wait()
"""


def test_a_fork_of_a_process_that_used_s3_is_told_so_and_does_not_hang(s3_server, prefix):
    uri = f"s3://{s3_server.bucket}/{prefix}"
    forked = subprocess.run(
        [sys.executable, "-c", FORKED, uri],
        cwd=Path(__file__).resolve().parents[3],
        env={**os.environ, **s3_server.environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    before_use, after_use = forked.stdout.splitlines()
    assert before_use == "0"
    assert after_use.startswith(uri)
    assert "forkserver" in after_use


@contextmanager
def losing_the_first_answer(endpoint_url):
    """A proxy that passes every PUT on, and answers its first one with 503 all the same."""
    lost = []

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self):
            self.pass_on()

        do_GET = do_HEAD = do_PUT  # noqa: N815 - named by http.server

        def pass_on(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            upstream = HTTPConnection(urlsplit(endpoint_url).netloc)
            upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                upstream.putheader(name, value)
            upstream.endheaders(body)
            answer = upstream.getresponse()
            content = answer.read()
            upstream.close()
            status = answer.status
            if self.command == "PUT" and not lost:
                lost.append(status)
                status, content = 503, b""
            self.send_response(status)
            for name in ("ETag", "Last-Modified", "Content-Type"):
                if answer.headers[name]:
                    self.send_header(name, answer.headers[name])
            length = answer.headers["Content-Length"] if self.command == "HEAD" else len(content)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", lost
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_create_whose_answer_was_lost_has_still_won(s3_server, s3_session, prefix):
    with losing_the_first_answer(s3_server.endpoint_url) as (endpoint, lost):
        uri = f"s3://{s3_server.bucket}/{prefix}"
        storage = open_storage(uri, session=s3_session, endpoint_url=endpoint)

        assert storage.create("key", b"1") is True
        assert lost == [200]
        assert storage.create("key", b"1") is False


def test_a_swap_whose_answer_was_lost_has_still_won(storage, s3_server, s3_session):
    storage.create("key", b"1")
    seen = storage.stat("key").etag
    with losing_the_first_answer(s3_server.endpoint_url) as (endpoint, lost):
        proxied = open_storage(storage.uri, session=s3_session, endpoint_url=endpoint)

        etag = proxied.swap("key", b"2", expected_etag=seen)

        assert lost == [200]
        assert etag == storage.stat("key").etag
        with pytest.raises(ConflictError):
            proxied.swap("key", b"3", expected_etag=seen)
