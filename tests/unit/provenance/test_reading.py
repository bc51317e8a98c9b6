"""What a picture says of itself is written when it is encoded, and is read by others and by us."""

import io
import json
import random
import subprocess
import time

import numpy as np
import pytest
from PIL import Image

from tests.support import other_programs
from tests.unit.provenance.pictures import KINDS, LEVELS, decoded, finished, photograph
from transforms.presets.channel import EXTENSIONS
from transforms.provenance.lineage import NO_RIGHTS, Lineage, Rights
from transforms.provenance.reading import find_private, read_rights, read_source_type
from transforms.provenance.xmp import write_xmp

RIGHTS = Rights(creator="Änn & <B>", copyright='© "Shop" 2026')
LINEAGE = Lineage("on_drawn", "a.jpg", "00", RIGHTS, preset="winter", prompt="snow")
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
TERM = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"


def exiftool(data: bytes, kind: str, folder) -> dict[str, object]:
    """Tags as Debian's exiftool reads them, which shares no code with ours."""
    file = folder / f"picture.{EXTENSIONS[kind]}"
    file.write_bytes(data)
    done = subprocess.run(
        [other_programs.exiftool(), "-json", "-G", "-a", "-n", file],
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout)[0]


def with_xmp(packet: str) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(LEVELS).save(buffer, "WEBP", xmp=packet.encode())
    return buffer.getvalue()


def described(content: str, attributes: str = "") -> str:
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="{RDF}" xmlns:e="{IPTC}">'
        f'<r:Description r:about=""{attributes}>{content}</r:Description></r:RDF></x:xmpmeta>'
    )


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_file_says_leaves_every_pixel_and_holds_no_time(kind):
    said = finished(kind, LINEAGE)

    assert np.array_equal(decoded(said), decoded(finished(kind)))
    assert said == finished(kind, LINEAGE)


@pytest.mark.parametrize("kind", KINDS)
def test_another_reader_reads_what_was_written(kind, tmp_path):
    told = exiftool(finished(kind, LINEAGE), kind, tmp_path)

    assert told["XMP:DigitalSourceType"].endswith("/digitalsourcetype/composite")
    assert told["XMP:Creator"] == RIGHTS.creator
    assert told["XMP:Rights"] == RIGHTS.copyright
    assert told["XMP:Instructions"] == "Preset: winter"
    assert told["XMP:AIPromptInformation"] == "snow"
    assert "ICC_Profile:ProfileDescription" in told
    assert "ExifTool:Warning" not in told


@pytest.mark.parametrize("kind", KINDS)
def test_we_read_what_was_written(kind):
    data = finished(kind, LINEAGE)

    assert read_source_type(data) == "composite"
    assert read_rights(data) == RIGHTS


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_generated_claims_nothing(kind, tmp_path):
    data = finished(kind, Lineage("untouched", "a.jpg", "00"))

    assert exiftool(data, kind, tmp_path)["XMP:CreatorTool"] == "Packshot"
    assert read_source_type(data) is None
    assert read_rights(data) == NO_RIGHTS


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *((kind, "Ann Müller") for kind in ("JPEG", "PNG", "WEBP")),
        *((kind, "Ann Miller") for kind in ("AVIF", "TIFF")),  # Pillow writes them ASCII alone
    ],
)
def test_rights_and_private_things_are_read_from_a_cameras_file(kind, name):
    data = photograph(kind, name=name)

    assert read_rights(data) == Rights(name, "(c) Shop")
    with Image.open(io.BytesIO(data)) as image:
        assert find_private(image) == ("place", "device")


@pytest.mark.parametrize(
    "packet",
    [
        described("", f' e:DigitalSourceType="{TERM}"'),
        described(f"<e:DigitalSourceType> {TERM}\n</e:DigitalSourceType>"),
        described(f'<e:DigitalSourceType r:resource="{TERM}"/>'),
        f'<?xpacket begin="\ufeff"?>{described("", f" e:DigitalSourceType={TERM!r}")}   \n\0\0',
    ],
    ids=["attribute", "element", "resource", "padded"],
)
def test_a_claim_is_read_in_each_way_that_rdf_has(packet):
    assert read_source_type(with_xmp(packet)) == "digitalCapture"


@pytest.mark.parametrize(
    "packet",
    [
        described("", f' e:DigitalSourceType="see {TERM} or not"'),
        described("", f' e:Other="{TERM}"'),
        described(f"<e:DigitalSourceType>{TERM}</e:Digital"),
    ],
    ids=["no address", "another property", "cut off"],
)
def test_what_is_no_claim_is_none(packet):
    assert read_source_type(with_xmp(packet)) is None


def test_entities_that_grow_without_end_are_not_followed():
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]>' + described(
        f"<e:DigitalSourceType>{TERM}</e:DigitalSourceType>&e11;"
    )
    began = time.process_time()

    assert read_source_type(with_xmp(bomb)) is None
    assert read_rights(with_xmp(bomb)) == NO_RIGHTS
    assert time.process_time() - began < 5  # not a measure: it would never end


def test_a_packet_holds_nothing_that_xml_cannot():
    odd = write_xmp(Lineage("on_drawn", "a", "0", Rights(creator="\x00Ann\x08"), prompt="a\ufffeb"))

    assert read_rights(with_xmp(odd.decode())).creator == "Ann"


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_says_nothing(kind):
    whole = finished(kind, LINEAGE)

    for data in (whole[:30], b"", b"GIF89a", whole[:12] + bytes(40)):
        assert read_source_type(data) is None
        assert read_rights(data) == NO_RIGHTS


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_odd_bytes_are_read_or_not_and_nothing_else(kind):
    odd, read = random.Random(7), 0
    whole = photograph(kind)

    for _ in range(60):
        data = bytearray(whole)
        for _ in range(8):
            data[odd.randrange(min(len(data), 1200))] = odd.choice((0, 255, odd.randrange(256)))
        read_source_type(bytes(data))
        read += read_rights(bytes(data)) == Rights("Ann Miller", "(c) Shop")

    assert read < 60  # or the bytes were not odd enough
