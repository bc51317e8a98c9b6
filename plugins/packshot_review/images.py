"""Routes of pictures: one by its kind, or many thumbnails in one answer.

Scrolling past thousands of pictures asks for thumbnails in bundles: Airflow checks who asks for
each request, and a browser has six on the way at once.
"""

from collections.abc import Callable, Iterator
from typing import Annotated, TypeVar

from fastapi import APIRouter, HTTPException, Path
from fastapi.responses import Response

from packshot_review import answers
from packshot_review.access import AskedPicture, InRun, Looking
from packshot_review.difference import difference_map
from packshot_review.index import RunPicture, read_report
from packshot_review.picture import find_prepared, find_rendition, read_details
from packshot_review.shop import Shop
from transforms.records.artefact import Artefact, is_as_named
from transforms.storage.transfer import read_each

F = TypeVar("F")

router = APIRouter()

TYPES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp",
         "avif": "image/avif"}  # fmt: skip
"""By the ending that a channel or stage gave: nothing else is served."""
BUNDLE = 60
"""Pictures of one bundle, about a megabyte."""
_LENGTH_BYTES = 4
_IDS = rf"^[0-9a-f]{{16}}(,[0-9a-f]{{16}}){{0,{BUNDLE - 1}}}$"
_AS_IT_IS = {"Content-Encoding": "identity"}
"""JPEGs are as small as they get: whatever stands before this need not try."""


@router.get("/c/{catalogue}/r/{run}/image/{picture}/{kind}")
def show_image(shop: Looking, picture: AskedPicture, kind: str) -> Response:
    """One picture. Its address also carries a fingerprint, so that browsers keep it forever."""
    name, _, number = kind.partition("-")
    if name == "attempt":
        return _send_attempt(shop, picture, number)
    if name == "file":
        return _send_file(shop, picture, number)
    make = _KINDS.get(kind)
    if make is None:
        raise HTTPException(404, "There is no such kind of picture.")
    return make(shop, picture)


def _send_prepared(name: str, media_type: str) -> Callable[[Shop, RunPicture], Response]:
    def read(shop: Shop, picture: RunPicture) -> Response:
        stored = _require_made(find_prepared(shop, picture))
        return answers.send_file(stored.read(name), media_type)

    return read


def _send_thumbnail(shop: Shop, picture: RunPicture) -> Response:
    stored = _require_made(find_rendition(shop, picture))
    return answers.send_file(stored.read("thumb.jpg"), TYPES["jpg"])


def _send_result(shop: Shop, picture: RunPicture) -> Response:
    data, ending = _read_result(shop, picture)
    return answers.send_file(data, TYPES[ending])


def _read_result(shop: Shop, picture: RunPicture) -> tuple[bytes, str]:
    """The very bytes that an approval publishes; the lossless picture where none were encoded."""
    report = read_report(shop.work, picture)
    if report and report.shown and report.shown.extension in TYPES:
        return shop.work.read(report.shown.key), report.shown.extension
    return _require_made(find_rendition(shop, picture)).read("image.png"), "png"


def _send_difference(shop: Shop, picture: RunPicture) -> Response:
    photo, rendition = _require_made(find_prepared(shop, picture)), find_rendition(shop, picture)
    if rendition is None:
        raise HTTPException(404, "It is not known where the product lies.")
    drawn = difference_map(
        photo.read("image.png"),
        photo.read("matte.png"),
        _read_result(shop, picture)[0],
        rendition.facts,
    )
    return answers.send_file(drawn, TYPES["png"])


def _send_previous(shop: Shop, picture: RunPicture) -> Response:
    row = read_details(shop, picture).previous
    ending = row["key"].rpartition(".")[2] if row else ""
    if row is None or ending not in TYPES:
        raise HTTPException(404, "No other version was published.")
    return answers.send_file(shop.published_storage.read(row["key"]), TYPES[ending])


def _send_attempt(shop: Shop, picture: RunPicture, number: str) -> Response:
    stored, name = find_rendition(shop, picture), f"attempt-{number}.jpg"
    if stored is None or name not in stored:
        raise HTTPException(404, "There was no such attempt.")
    return answers.send_file(stored.read(name), TYPES["jpg"])


def _send_file(shop: Shop, picture: RunPicture, number: str) -> Response:
    """What a channel gets, by its place in the report."""
    report = read_report(shop.work, picture)
    known = {str(place): file for place, file in enumerate(report.files)} if report else {}
    file = known.get(number)
    if file is None or file.extension not in TYPES:
        raise HTTPException(404, "No channel gets such a file.")
    return answers.send_file(shop.work.read(file.key), TYPES[file.extension])


def _require_made(stored: Artefact[F] | None) -> Artefact[F]:
    if stored is None:
        raise HTTPException(404, "This picture was not made, or is no longer kept.")
    return stored


_KINDS: dict[str, Callable[[Shop, RunPicture], Response]] = {
    "thumb": _send_thumbnail,
    "before": _send_prepared("before.jpg", TYPES["jpg"]),
    "cutout": _send_prepared("cutout.jpg", TYPES["jpg"]),
    "photo": _send_prepared("image.png", TYPES["png"]),
    "matte": _send_prepared("matte.png", TYPES["png"]),
    "result": _send_result,
    "difference": _send_difference,
    "previous": _send_previous,
}


@router.get("/c/{catalogue}/r/{run}/thumbs/{pictures}")
def send_thumbnails(
    shop: Looking, run: InRun, pictures: Annotated[str, Path(pattern=_IDS)]
) -> Response:
    """Thumbnails of some pictures of a run, in the order of their ids.

    The answer is each picture's length in bytes, as four bytes, the highest first, and then its
    JPEG; 0 where there is none. A run's pictures do not change, so browsers keep it.
    """
    index = shop.index(run)
    wanted = [index.by_id.get(name) for name in pictures.split(",")]
    if None in wanted:
        raise HTTPException(404, "The run has no such picture.")
    keys = shop.thumbnail_keys([each for each in wanted if each is not None])
    return answers.send_file(
        b"".join(_parts(shop, keys)), "application/octet-stream", headers=_AS_IT_IS
    )


def _parts(shop: Looking, keys: list[str]) -> Iterator[bytes]:
    found = dict(read_each(shop.work, dict.fromkeys(filter(None, keys))))
    for key in keys:
        data = found.get(key, b"")
        if not isinstance(data, bytes) or not is_as_named(key, data):
            shop.forget_thumbnail(key)
            data = b""
        yield len(data).to_bytes(_LENGTH_BYTES, "big")
        yield data
