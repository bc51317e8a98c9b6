"""Storage in an S3 bucket: `s3://bucket/prefix`."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from botocore.exceptions import BotoCoreError, ClientError
from obstore.exceptions import AlreadyExistsError, BaseError, InvalidPathError, PreconditionError

from transforms.errors import ConflictError, NotFoundError, StorageError
from transforms.storage.keys import check_key, check_new_key
from transforms.storage.protocol import LISTING, StoredObject
from transforms.storage.s3_access import claim_process, connect
from transforms.storage.s3_errors import code_of, explain, was_retried

if TYPE_CHECKING:
    from obstore import ObjectMeta, PutMode


class S3Storage:
    """Objects of one bucket below a prefix, through obstore; boto3 says who we are and where.

    * Conditional writes are the server's own (If-None-Match, If-Match).
    * A request ends within 120 s and is tried at most six times within 120 s.
    * Keys are what S3 has, character by character. The few that obstore cannot name (control
      characters, empty parts) are listed and read through boto3, slowly, so that no picture is
      lost to its name; they cannot be written. Markers of empty folders are not listed.
    * A conditional write that had to be sent twice and finds the object changed looks whether its
      own bytes lie there: then the first sending had arrived, and it has won.
    * A process that has used it cannot be forked to use S3 again: obstore would hang, so the child
      gets a StorageError instead. Start workers with spawn or forkserver.
    """

    def __init__(
        self, bucket: str, prefix: str, *, session: Any = None, endpoint_url: str | None = None
    ) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._uri = f"s3://{bucket}/{prefix}".rstrip("/")
        self._endpoint = endpoint_url or "AWS"
        with self._explaining(""):
            access = connect(bucket, session=session, endpoint_url=endpoint_url)
        self._client, self._store, self._endpoint = access

    @property
    def uri(self) -> str:
        """`s3://bucket/prefix`."""
        return self._uri

    def listing(self, prefix: str = "") -> pa.Table:
        """Every object whose key begins with `prefix`. Walks all of the folder that it is in."""
        start = self._path(prefix) if prefix else self._prefix
        folder = start.rpartition("/")[0]
        with self._asking(prefix):
            tables = self._fast_listing(folder, start)
            if tables is None:
                tables = [self._table(self._boto3_listing(start), start)]
        return pa.concat_tables([LISTING.empty_table(), *tables]).sort_by("key")

    def folders(self, prefix: str) -> list[str]:
        """Names one level below the folder `prefix`, sorted.

        SeaweedFS also names a folder whose objects were all deleted; S3 itself does not.
        """
        folder = f"{self._path(prefix.rstrip('/'))}/" if prefix else self._prefix
        with self._asking(prefix):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=folder, Delimiter="/"
            )
            found = [each["Prefix"] for page in pages for each in page.get("CommonPrefixes", ())]
        return sorted(path[len(folder) : -1] for path in found)

    def stat(self, key: str) -> StoredObject:
        """Look at one object. Raises `NotFoundError`, also where the bucket is missing."""
        path = self._path(key)
        with self._asking(key):
            if _plain(path):
                found = self._store.head(path)
                return StoredObject(
                    key, found["size"], found["e_tag"] or "", found["last_modified"]
                )
            answer = self._client.head_object(Bucket=self._bucket, Key=path)
            return StoredObject(
                key, answer["ContentLength"], answer["ETag"], answer["LastModified"]
            )

    def read(self, key: str) -> bytes:
        """Read one object. Raises `NotFoundError`."""
        path = self._path(key)
        with self._asking(key):
            if _plain(path):
                return self._store.get(path).bytes().to_bytes()
            return bytes(self._client.get_object(Bucket=self._bucket, Key=path)["Body"].read())

    def create(self, key: str, data: bytes) -> bool:
        """Write an object that does not exist yet; True when this call made it."""
        path = self._path(check_new_key(key, self._uri))
        with self._asking(key):
            try:
                self._store.put(path, data, mode="create")
            except AlreadyExistsError as error:
                return self._was_ours(error, key, data)
        return True

    def swap(self, key: str, data: bytes, *, expected_etag: str | None) -> str:
        """Replace an object that is still the one with `expected_etag`. Raises `ConflictError`."""
        path = self._path(check_new_key(key, self._uri))
        mode: PutMode = "create" if expected_etag is None else {"e_tag": expected_etag}
        with self._asking(key):
            try:
                written = self._store.put(path, data, mode=mode)
            except (AlreadyExistsError, PreconditionError, FileNotFoundError) as error:
                if code_of(error) == "NoSuchBucket":
                    raise
                if not (was_retried(error) and self.read(key) == data):
                    raise ConflictError(f"{self._uri}/{key}: is another object by now") from None
                return self.stat(key).etag
            return written["e_tag"] or self.stat(key).etag

    def delete(self, keys: Iterable[str]) -> None:
        """Remove objects, a thousand a request."""
        paths = [self._path(key) for key in keys]
        plain = [path for path in paths if _plain(path)]
        with self._asking(""):
            for first in range(0, len(plain), 1000):
                self._store.delete(plain[first : first + 1000])
            for path in paths:
                if not _plain(path):
                    self._client.delete_object(Bucket=self._bucket, Key=path)

    def _was_ours(self, error: AlreadyExistsError, key: str, data: bytes) -> bool:
        """Whether a refused `create` had arrived at the first sending.

        Looks whether there is an object at all: SeaweedFS also refuses the name of a folder.
        """
        try:
            if was_retried(error):
                return self.read(key) == data
            self.stat(key)
        except NotFoundError:
            raise StorageError(
                f"{self._uri}/{key}: a folder stands where the key needs an object, "
                "or it was deleted meanwhile"
            ) from None
        return False

    def _path(self, key: str) -> str:
        return self._prefix + check_key(key, self._uri)

    def _fast_listing(self, folder: str, start: str) -> list[pa.Table] | None:
        """A table for each page; None where there is a key that obstore cannot name."""
        if folder and not _plain(folder):
            return None
        try:
            pages = self._store.list(folder or None, chunk_size=1000)
            return [self._table(self._without_markers(page), start) for page in pages]
        except InvalidPathError:
            return None

    def _table(self, found: Iterable["ObjectMeta"], start: str) -> pa.Table:
        rows = [each for each in found if each["path"].startswith(start)]
        columns = [
            [each["path"][len(self._prefix) :] for each in rows],
            [each["size"] for each in rows],
            [each["e_tag"] or "" for each in rows],
            [each["last_modified"] for each in rows],
        ]
        return pa.table(columns, schema=LISTING)

    def _without_markers(self, found: Sequence["ObjectMeta"]) -> list["ObjectMeta"]:
        """Leave out `folder/`, an empty object that stands for a folder.

        obstore cuts the last slash off, so an empty object is looked at once more.
        """
        empty = {each["path"]: each for each in found if each["size"] == 0}
        if not empty:
            return list(found)
        with ThreadPoolExecutor(16) as threads:
            true = list(threads.map(self._is_empty_object, empty))
        kept = [each for each, keep in zip(empty.values(), true, strict=True) if keep]
        return [each for each in found if each["size"] > 0] + kept

    def _is_empty_object(self, path: str) -> bool:
        try:
            return self._store.head(path)["size"] == 0
        except FileNotFoundError:
            return False

    def _boto3_listing(self, start: str) -> Iterator["ObjectMeta"]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=start
        )
        for page in pages:
            for each in page.get("Contents", ()):
                if each["Size"] or not each["Key"].endswith("/"):
                    yield {
                        "path": each["Key"],
                        "size": each["Size"],
                        "e_tag": each["ETag"],
                        "last_modified": each["LastModified"],
                        "version": None,
                    }

    @contextlib.contextmanager
    def _asking(self, key: str) -> Iterator[None]:
        claim_process(self._uri)
        with self._explaining(key):
            yield

    @contextlib.contextmanager
    def _explaining(self, key: str) -> Iterator[None]:
        where = f"{self._uri}/{key}" if key else self._uri
        try:
            yield
        except (BaseError, BotoCoreError, ClientError, FileNotFoundError) as error:
            code = code_of(error)
            if code in ("NoSuchKey", "404") or (
                isinstance(error, FileNotFoundError) and code != "NoSuchBucket"
            ):
                raise NotFoundError(f"{where}: no such object") from None
            said = explain(error, self._endpoint)
            raise StorageError(f"{where}: {said}") from None  # the cause may hold a session token


def _plain(path: str) -> bool:
    """Whether obstore can name it: no empty part, no control character."""
    return "" not in path.split("/") and not any(c < " " or c == "\x7f" for c in path)
