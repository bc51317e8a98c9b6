"""What a picture says of itself is written without touching a pixel, and is read by others."""

import io
import json
import random
import subprocess

import numpy as np
import pytest
from PIL import Image

from tests.support import other_programs
from tests.unit.provenance.pictures import KINDS, ORIENTED, decoded, encoded
from transforms.errors import RenderError
from transforms.provenance.embedding import source_type_of, stated, without_private, xmp_of
from transforms.provenance.xmp import Rights, Statement, address, packet

STATEMENT = Statement(
    source_type=address("composite"),
    rights=Rights(creator="A & <B>", copyright='© "Shop" 2026'),
    preset="winter",
    prompt="snow",
)
ALPHA = [(kind, alpha) for kind in KINDS for alpha in (False, True) if (kind, alpha) != ("JPEG", 1)]


def exiftool(data: bytes, kind: str, folder) -> dict[str, object]:
    """Tags as Debian's exiftool reads them, which shares no code with ours."""
    file = folder / f"picture.{KINDS[kind]}"
    file.write_bytes(data)
    done = subprocess.run(
        [other_programs.exiftool(), "-json", "-G", "-a", "-n", file],
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout)[0]


@pytest.mark.parametrize(("kind", "alpha"), ALPHA)
def test_a_statement_leaves_every_pixel_and_is_replaced_not_doubled(kind, alpha):
    data = encoded(kind, exif=True, alpha=alpha)

    once = stated(data, Statement(source_type=address("trainedAlgorithmicMedia")))
    twice = stated(once, STATEMENT)

    assert np.array_equal(decoded(once), decoded(data))
    assert np.array_equal(decoded(twice), decoded(data))
    assert source_type_of(once) == "trainedAlgorithmicMedia"
    assert source_type_of(twice) == "composite"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_compressed_picture_is_the_very_same_bytes(kind):
    begin = {"JPEG": b"\xff\xda", "PNG": b"IDAT", "WEBP": b"VP8 "}[kind]
    length = 400  # of compressed noise, which is in no other file
    data = encoded(kind)
    at = data.index(begin)

    assert data[at : at + length] in stated(data, STATEMENT)


@pytest.mark.parametrize("kind", KINDS)
def test_another_reader_reads_what_was_written(kind, tmp_path):
    told = exiftool(stated(encoded(kind), STATEMENT), kind, tmp_path)

    assert told["XMP:DigitalSourceType"] == STATEMENT.source_type
    assert told["XMP:Creator"] == "A & <B>"
    assert told["XMP:Rights"] == '© "Shop" 2026'
    assert "ExifTool:Warning" not in told


@pytest.mark.parametrize("kind", KINDS)
def test_place_and_device_go_and_the_owner_stays(kind, tmp_path):
    data = encoded(kind, exif=True)

    cleaned = without_private(data)

    told = exiftool(cleaned, kind, tmp_path)
    assert [name for name in told if "GPS" in name or name.endswith((":Make", ":Model"))] == []
    assert all(secret not in cleaned for secret in (b"CamCo", b"SERIAL-77"))
    owner = [str(value) for name, value in told.items() if name.endswith((":Artist", ":Creator"))]
    assert owner == ["Ann Miller"]
    assert np.array_equal(decoded(cleaned), decoded(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_picture_without_private_metadata_is_not_turned(kind):
    with Image.open(io.BytesIO(without_private(encoded(kind, exif=True)))) as image:
        assert image.getexif()[0x0112] == ORIENTED


def test_previews_behind_a_jpeg_go_with_the_rest():
    data = encoded("JPEG", exif=True) + encoded("JPEG", exif=True)

    cleaned = without_private(data)

    assert b"CamCo" not in cleaned
    assert cleaned.endswith(b"\xff\xd9")


@pytest.mark.parametrize("source", ["JPEG", "TIFF"])
def test_rights_are_taken_over_from_the_source(source, tmp_path):
    made = stated(encoded("PNG"), Statement(), source=encoded(source, exif=True))

    told = exiftool(made, "PNG", tmp_path)
    assert told["XMP:Creator"] == "Ann Miller"
    assert told["XMP:Rights"] == "(c) Shop"
    assert "XMP:DigitalSourceType" not in told


def test_nothing_generated_claims_nothing():
    data = stated(encoded("JPEG"), Statement())

    assert xmp_of(data) is not None
    assert source_type_of(data) is None


def test_a_packet_holds_no_time_and_nothing_that_xml_cannot():
    odd = Statement(rights=Rights(creator="\x00Ann\x08"), prompt="a\ufffeb")

    assert packet(odd) == packet(odd)
    assert b"Ann" in packet(odd)
    assert b"\x00" not in packet(odd)
    assert b"\x08" not in packet(odd)


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_is_an_error_of_its_own_kind(kind):
    whole = encoded(kind)

    for data in (whole[:30], b"", b"GIF89a", whole[:12] + bytes(40)):
        with pytest.raises(RenderError):
            stated(data, STATEMENT)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_names_keep_their_letters(kind, tmp_path):
    data = encoded(kind, exif=True, name="Ann Müller")

    told = exiftool(stated(without_private(data), Statement(), source=data), kind, tmp_path)

    assert (told["EXIF:Artist"], told["XMP:Creator"]) == ("Ann Müller", "Ann Müller")


@pytest.mark.parametrize("kind", KINDS)
def test_files_with_odd_bytes_are_written_or_refused_and_nothing_else(kind):
    odd = random.Random(7)
    whole = stated(encoded(kind, exif=True), STATEMENT)
    refused = 0

    for _ in range(60):
        data = bytearray(whole)
        for _ in range(8):
            data[odd.randrange(min(len(data), 1200))] = odd.choice((0, 255, odd.randrange(256)))
        for act in (stated_again, without_private, source_type_of):
            try:
                act(bytes(data))
            except RenderError:
                refused += 1

    assert refused  # or the bytes were not odd enough


def stated_again(data):
    return stated(data, STATEMENT, source=data)
