"""An artefact is one unit: files, and facts that are written last and say which files count.

A prepared image, a rendition and a backdrop are each a folder named by a fingerprint. Files have
their content's hash in their names, so that two writers never mix what they made; `facts.json`
lists every file with its SHA-256 and is created once. Whose facts are there, their files count.
What a killed or slower writer left besides is named by no facts, and housekeeping removes it.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from transforms.errors import ConflictError, NotFoundError, StorageError, TornArtefactError
from transforms.presets.strict import Strict
from transforms.records.facts import NotFramed, PreparedFacts, RenditionFacts, SceneFacts
from transforms.records.fingerprint import sha256
from transforms.records.layout import BACKDROPS, FACTS, PREPARED, RENDITIONS, artefact_key
from transforms.storage.protocol import Storage
from transforms.storage.transfer import create_each, read_each

F = TypeVar("F")

_log = logging.getLogger(__name__)
_DIGITS = 16
"""Of a file's SHA-256, in its name."""
_TRIES = 5


@dataclass(frozen=True)
class Kind(Generic[F]):
    """One kind of artefact: its folder in the work storage, and what its facts are."""

    folder: str
    facts: TypeAdapter[F]


PREPARED_IMAGE = Kind(PREPARED, TypeAdapter(PreparedFacts))
"""Files: `image.png`, `matte.png`, `before.jpg`, `cutout.jpg`."""
RENDITION = Kind(RENDITIONS, TypeAdapter(RenditionFacts))
"""Files: `image.png`, and where they apply `thumb.jpg`, `occluder.png`, `given.png` and
`attempt-<number>.jpg`."""
FRAMED_RENDITION: Kind[RenditionFacts | NotFramed] = Kind(
    RENDITIONS, TypeAdapter(RenditionFacts | NotFramed)
)
"""The same in a channel's frame, in which it may not be had: then there is no file."""
BACKDROP = Kind(BACKDROPS, TypeAdapter(SceneFacts))
"""Files: `image.png`, and where they apply `foreground.png`, `foreground-alpha.png` and
`attempt-<number>.jpg`."""


class StoredFile(Strict):
    """What an artefact's facts say of one of its files."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Artefact(Generic[F]):
    """An artefact that was made. Its files are read when they are asked for."""

    storage: Storage
    kind: Kind[F]
    fingerprint: str
    facts: F
    files: dict[str, StoredFile]
    """By name without hash: `image.png`."""

    def __contains__(self, name: str) -> bool:
        """Whether it has a file of this name."""
        return name in self.files

    def key(self, name: str) -> str:
        """Where a file lies; KeyError where it has none of this name."""
        return artefact_key(
            self.kind.folder, self.fingerprint, _hashed(name, self.files[name].sha256)
        )

    def read(self, name: str) -> bytes:
        """A file's bytes, proven to be those that the facts are about.

        Raises:
            TornArtefactError: It is gone, or other bytes lie there.
            StorageError: Storage does not answer.
        """
        if name not in self.files:
            raise self._torn(f"has no {name}")
        try:
            data = self.storage.read(self.key(name))
        except NotFoundError as error:
            raise self._torn(f"{name} is gone") from error
        if sha256(data) != self.files[name].sha256:
            raise self._torn(f"{name} was altered")
        return data

    def _torn(self, what: str) -> TornArtefactError:
        key = artefact_key(self.kind.folder, self.fingerprint, FACTS)
        return TornArtefactError(f"{self.storage.uri}/{key}: {what}", key)


def read_artefact(storage: Storage, kind: Kind[F], fingerprint: str) -> Artefact[F]:
    """Read an artefact's facts. That its files are whole is proven as each is read.

    Raises:
        NotFoundError: It was not made, or is no longer kept.
        TornArtefactError: Its facts are not such that this version can read.
        StorageError: Storage does not answer.
    """
    key = artefact_key(kind.folder, fingerprint, FACTS)
    return _parsed(storage, kind, fingerprint, storage.read(key))


def find_artefact(storage: Storage, kind: Kind[F], fingerprint: str) -> Artefact[F] | None:
    """An artefact that is there with all of its files, by their names and sizes.

    Returns:
        None where it has to be made: it never was, or is torn.

    Raises:
        StorageError: Storage does not answer.
    """
    try:
        found = read_artefact(storage, kind, fingerprint)
    except NotFoundError:
        return None
    listing = storage.listing(artefact_key(kind.folder, fingerprint, ""))
    sizes = dict(zip(listing["key"].to_pylist(), listing["size_bytes"].to_pylist(), strict=True))
    whole = all(sizes.get(found.key(name)) == file.size_bytes for name, file in found.files.items())
    return found if whole else None


def write_artefact(
    storage: Storage, kind: Kind[F], fingerprint: str, facts: F, files: Mapping[str, bytes]
) -> Artefact[F]:
    """Write an artefact unless a whole one is there: its files first, then its facts.

    Args:
        storage: Where.
        kind: What it is.
        fingerprint: Of all that decides it.
        facts: What is known of it.
        files: Content by name without hash: `image.png`.

    Returns:
        What is there now. That is another one where somebody else was quicker, which may differ:
        another machine need not make the same pixels.

    Raises:
        StorageError: Storage does not answer.
    """
    *content, (_, document) = objects_of(kind, fingerprint, facts, files)
    by_key = dict(content)
    for key, created in create_each(storage, content):
        if not created:
            _restore(storage, key, by_key[key])
    return _write_facts(_parsed(storage, kind, fingerprint, document), document)


def objects_of(
    kind: Kind[F], fingerprint: str, facts: F, files: Mapping[str, bytes]
) -> list[tuple[str, bytes]]:
    """Key and content of all objects of an artefact, its facts last; see `write_artefact`."""
    listed = {
        name: StoredFile(sha256=sha256(data), size_bytes=len(data)) for name, data in files.items()
    }
    told = {
        "files": {name: file.model_dump() for name, file in listed.items()},
        "facts": kind.facts.dump_python(facts, mode="json"),
    }
    named = {_hashed(name, listed[name].sha256): data for name, data in files.items()}
    named[FACTS] = json.dumps(told, indent=2, ensure_ascii=False).encode()
    return [(artefact_key(kind.folder, fingerprint, name), data) for name, data in named.items()]


def keys_of(
    storage: Storage, kind: Kind[Any], fingerprints: Iterable[str], *names: str
) -> dict[tuple[str, str], str]:
    """Where some files of many artefacts lie.

    Args:
        storage: Where they lie.
        kind: What they are.
        fingerprints: Of the artefacts; empty ones are passed over.
        names: Of files, without hash: `thumb.jpg`.

    Returns:
        Keys by fingerprint and name, without files that there are not.

    Raises:
        StorageError: Storage does not answer.
    """
    wanted = {artefact_key(kind.folder, each, FACTS): each for each in fingerprints if each}
    found = {}
    for key, data in read_each(storage, wanted):
        if isinstance(data, NotFoundError):
            continue
        if isinstance(data, StorageError):
            raise data
        listed = _listed(data)
        for name in names:
            if name in listed:
                at = artefact_key(kind.folder, wanted[key], _hashed(name, listed[name].sha256))
                found[wanted[key], name] = at
    return found


def file_keys(storage: Storage, facts_key: str) -> set[str]:
    """Keys of all files that an artefact's facts name; none where it has no readable facts.

    Args:
        storage: Where it lies.
        facts_key: Of its facts.

    Raises:
        StorageError: Storage does not answer.
    """
    folder = facts_key.removesuffix(FACTS)
    try:
        listed = _listed(storage.read(facts_key))
    except NotFoundError:
        return set()
    return {folder + _hashed(name, file.sha256) for name, file in listed.items()}


def is_as_named(key: str, data: bytes) -> bool:
    """Whether a file of an artefact holds what its name promises; its facts name no digest."""
    return PurePosixPath(key).stem.endswith(f"-{sha256(data)[:_DIGITS]}")


def stem_of(name: str) -> str:
    """A file's name without its content's hash: `image.png` of `image-0123456789abcdef.png`."""
    path = PurePosixPath(name)
    return f"{path.stem[: -_DIGITS - 1]}{path.suffix}"


def discard(storage: Storage, torn: TornArtefactError) -> None:
    """Take the facts of a torn artefact away, so that the next run makes it anew.

    Raises:
        StorageError: Storage does not answer.
    """
    _log.warning("%s: it is taken for not there, and made anew", torn)
    storage.delete([torn.key])


def _hashed(name: str, digest: str) -> str:
    path = PurePosixPath(name)
    return f"{path.stem}-{digest[:_DIGITS]}{path.suffix}"


def _listed(document: bytes) -> dict[str, StoredFile]:
    """Files by name that facts list; none where they are not readable."""
    try:
        files = json.loads(document)["files"]
        return {name: StoredFile.model_validate(each) for name, each in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _parsed(storage: Storage, kind: Kind[F], fingerprint: str, data: bytes) -> Artefact[F]:
    key = artefact_key(kind.folder, fingerprint, FACTS)
    try:
        document = json.loads(data)
        facts = kind.facts.validate_json(json.dumps(document["facts"]), extra="ignore")
        files = {name: StoredFile.model_validate(each) for name, each in document["files"].items()}
    except (ValidationError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise TornArtefactError(
            f"{storage.uri}/{key}: its facts are not such that this version reads", key
        ) from error
    return Artefact(storage, kind, fingerprint, facts, files)


def _restore(storage: Storage, key: str, data: bytes) -> None:
    """Make sure that a file which is there already is what its name says."""
    try:
        known = storage.stat(key)
        if storage.read(key) == data:
            return
        storage.swap(key, data, expected_etag=known.etag)
    except NotFoundError:
        storage.create(key, data)
    _log.warning("%s/%s: was not what its name says, and is written anew", storage.uri, key)


def _write_facts(made: Artefact[F], document: bytes) -> Artefact[F]:
    """Write facts unless those of a whole artefact are there; gives what is there now."""
    storage, kind, fingerprint = made.storage, made.kind, made.fingerprint
    key = artefact_key(kind.folder, fingerprint, FACTS)
    for _ in range(_TRIES):
        if storage.create(key, document):
            return made
        try:
            known = storage.stat(key)
            if there := _whole(storage, kind, fingerprint):
                return there
            storage.swap(key, document, expected_etag=known.etag)
        except (ConflictError, NotFoundError):
            continue  # somebody else mended or removed it
        _log.warning("%s/%s: was torn, and is made anew", storage.uri, key)
        return made
    raise StorageError(f"{storage.uri}/{key}: others keep replacing it; try again")


def _whole(storage: Storage, kind: Kind[F], fingerprint: str) -> Artefact[F] | None:
    """An artefact of which every byte was read and is as its facts say; None: there is none."""
    try:
        found = read_artefact(storage, kind, fingerprint)
        for name in found.files:
            found.read(name)
    except NotFoundError:
        return None
    return found
