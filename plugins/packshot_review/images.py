"""Routes of pictures: an address names run, picture and kind, and manifests give the key."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import Response

from packshot_review import answers
from packshot_review.access import Looking
from packshot_review.difference import difference_map
from packshot_review.index import Picture, read_report
from packshot_review.picture import details
from packshot_review.runs import EndedRun
from packshot_review.shop import Shop
from packshot_review.tries import attempt_at
from transforms.records.layout import prepared_key, rendition_key

router = APIRouter()

TYPES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp",
         "avif": "image/avif"}  # fmt: skip
"""By the ending that a channel or stage gave: nothing else is served."""


def run_of(shop: Looking, run: str) -> EndedRun:
    """The run in the address; 404 where none of that name has ended."""
    found = shop.run(run)
    if found is None:
        raise HTTPException(404, "No run of this name has ended.")
    return found


InRun = Annotated[EndedRun, Depends(run_of)]


def first_of(shop: Looking, run: InRun, picture: str) -> Picture:
    """The picture in the address; 404 where the run has none of that name."""
    found = shop.index(run).by_id.get(picture)
    if found is None:
        raise HTTPException(404, "The run has no such picture.")
    return found


FirstOfRun = Annotated[Picture, Depends(first_of)]


def picture_of(shop: Looking, picture: FirstOfRun, attempt: str = "") -> Picture:
    """The same, or another attempt at it, by the run that made it."""
    if not attempt:
        return picture
    shop.log.refresh()
    found = attempt_at(shop, picture, attempt)
    if found is None:
        raise HTTPException(404, "There is no such attempt at this picture.")
    return found


OfRun = Annotated[Picture, Depends(picture_of)]


@router.get("/c/{catalogue}/r/{run}/image/{picture}/{kind}")
def image(shop: Looking, picture: OfRun, kind: str) -> Response:
    """One picture. Its address also carries a fingerprint, so that browsers keep it forever."""
    name, _, number = kind.partition("-")
    if name == "attempt":
        return _attempt(shop, picture, number)
    if name == "file":
        return _file(shop, picture, number)
    make = _KINDS.get(kind)
    if make is None:
        raise HTTPException(404, "There is no such kind of picture.")
    return make(shop, picture)


def _of_prepared(name: str, media_type: str) -> Callable[[Shop, Picture], Response]:
    def read(shop: Shop, picture: Picture) -> Response:
        _needs(picture.prepared)
        return answers.file(shop.work.read(prepared_key(picture.prepared, name)), media_type)

    return read


def _thumbnail(shop: Shop, picture: Picture) -> Response:
    _needs(picture.fingerprint)
    key = rendition_key(picture.fingerprint, "thumb.jpg")
    return answers.file(shop.work.read(key), TYPES["jpg"])


def _result(shop: Shop, picture: Picture) -> Response:
    data, ending = _finished(shop, picture)
    return answers.file(data, TYPES[ending])


def _finished(shop: Shop, picture: Picture) -> tuple[bytes, str]:
    """The very bytes that an approval publishes; the lossless picture where none were encoded."""
    _needs(picture.fingerprint)
    report = read_report(shop.work, picture)
    if report and report.shown and report.shown.extension in TYPES:
        return shop.work.read(report.shown.key), report.shown.extension
    return shop.work.read(rendition_key(picture.fingerprint, "png")), "png"


def _difference(shop: Shop, picture: Picture) -> Response:
    _needs(picture.prepared)
    known = details(shop, picture)
    if known.rendered is None:
        raise HTTPException(404, "It is not known where the product lies.")
    drawn = difference_map(
        shop.work.read(prepared_key(picture.prepared, "image.png")),
        shop.work.read(prepared_key(picture.prepared, "matte.png")),
        _finished(shop, picture)[0],
        known.rendered,
    )
    return answers.file(drawn, TYPES["png"])


def _previous(shop: Shop, picture: Picture) -> Response:
    row = details(shop, picture).previous
    ending = row["key"].rpartition(".")[2] if row else ""
    if row is None or ending not in TYPES:
        raise HTTPException(404, "No other version was published.")
    return answers.file(shop.published_storage.read(row["key"]), TYPES[ending])


def _attempt(shop: Shop, picture: Picture, number: str) -> Response:
    known = details(shop, picture)
    tried = {str(each.number) for each in known.rendered.attempts} if known.rendered else set()
    if number not in tried:
        raise HTTPException(404, "There was no such attempt.")
    key = rendition_key(picture.fingerprint, f"attempt-{number}.jpg")
    return answers.file(shop.work.read(key), TYPES["jpg"])


def _file(shop: Shop, picture: Picture, number: str) -> Response:
    """What a channel gets, by its place in the report."""
    report = read_report(shop.work, picture)
    known = {str(place): file for place, file in enumerate(report.files)} if report else {}
    file = known.get(number)
    if file is None or file.extension not in TYPES:
        raise HTTPException(404, "No channel gets such a file.")
    return answers.file(shop.work.read(file.key), TYPES[file.extension])


def _needs(fingerprint: str) -> None:
    if not fingerprint:
        raise HTTPException(404, "This picture was not made.")


_KINDS: dict[str, Callable[[Shop, Picture], Response]] = {
    "thumb": _thumbnail,
    "before": _of_prepared("before.jpg", TYPES["jpg"]),
    "cutout": _of_prepared("cutout.jpg", TYPES["jpg"]),
    "photo": _of_prepared("image.png", TYPES["png"]),
    "matte": _of_prepared("matte.png", TYPES["png"]),
    "result": _result,
    "difference": _difference,
    "previous": _previous,
}
