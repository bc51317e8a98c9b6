"""The gallery's small pictures: one at a time, or many in one answer.

Scrolling past thousands of pictures asks for them in bundles: Airflow checks who asks for each
request, and a browser has six on the way at once.
"""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path
from fastapi.responses import Response

from packshot_review import answers
from packshot_review.access import Looking
from packshot_review.images import InRun
from packshot_review.index import Picture
from transforms.records.layout import prepared_key, rendition_key
from transforms.storage.transfer import read_each

router = APIRouter()

BUNDLE = 60
"""Pictures of one bundle, about a megabyte."""
_LENGTH_BYTES = 4
_IDS = rf"^[0-9a-f]{{16}}(,[0-9a-f]{{16}}){{0,{BUNDLE - 1}}}$"
_AS_IT_IS = {"Content-Encoding": "identity"}
"""JPEGs are as small as they get: whatever stands before this need not try."""


@router.get("/c/{catalogue}/r/{run}/thumbs/{pictures}")
def thumbnails(shop: Looking, run: InRun, pictures: Annotated[str, Path(pattern=_IDS)]) -> Response:
    """Thumbnails of some pictures of a run, in the order of their ids.

    The answer is each picture's length in bytes, as four bytes, the highest first, and then its
    JPEG; 0 where there is none. A run's pictures do not change, so browsers keep it.
    """
    index = shop.index(run)
    wanted = [index.by_id.get(name) for name in pictures.split(",")]
    if None in wanted:
        raise HTTPException(404, "The run has no such picture.")
    keys = [thumbnail_key(each) for each in wanted if each is not None]
    return answers.file(b"".join(_parts(shop, keys)), "application/octet-stream", headers=_AS_IT_IS)


def thumbnail_key(picture: Picture) -> str:
    """Of the rendition; where none was made, of the photograph; empty where that is unusable."""
    if picture.fingerprint:
        return rendition_key(picture.fingerprint, "thumb.jpg")
    return prepared_key(picture.prepared, "before.jpg") if picture.prepared else ""


def _parts(shop: Looking, keys: list[str]) -> Iterator[bytes]:
    found = dict(read_each(shop.work, dict.fromkeys(filter(None, keys))))
    for key in keys:
        data = found.get(key, b"")
        data = data if isinstance(data, bytes) else b""
        yield len(data).to_bytes(_LENGTH_BYTES, "big")
        yield data
