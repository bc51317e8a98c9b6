"""Content credentials: signed, read back, trusted or not, and broken by a single bit."""

import numpy as np
import pytest

from tests.support.authority import authority
from tests.unit.provenance.pictures import KINDS, decoded, finished
from transforms.errors import ConfigError
from transforms.presets.channel import EXTENSIONS
from transforms.provenance.credentials import (
    CERTIFICATE,
    KEY,
    Credentials,
    explain_unsigned,
    read_credentials,
    sign,
    verify,
    write_manifest,
)
from transforms.provenance.lineage import VOCABULARY, Lineage
from transforms.provenance.reading import read_source_type

pytest.importorskip("c2pa", reason="NOT RUN: c2pa-python is missing (extra `provenance`)")

LINEAGE = Lineage("on_drawn", "MUG/front.jpg", "ab" * 32, steps=("tone",), preset="winter")


@pytest.fixture(scope="module")
def keys():
    chain, key, root = authority()
    return Credentials(chain, key, root)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_signed_reads_back_trusted_with_its_pixels_and_its_xmp(kind, keys):
    data, ending = finished(kind, LINEAGE), EXTENSIONS[kind]

    made = sign(data, LINEAGE, keys, title="MUG/front", extension=ending)

    found = verify(made, extension=ending, anchors=keys.anchors)
    assert (found.state, found.problems) == ("trusted", ())
    assert found.source_types == (f"{VOCABULARY}composite",)
    assert read_source_type(made) == "composite"
    assert np.array_equal(decoded(made), decoded(data))


def test_a_flipped_bit_is_noticed(keys):
    made = bytearray(sign(finished("jpeg"), LINEAGE, keys, title="MUG/front", extension="jpg"))
    made[-100] ^= 1

    found = verify(bytes(made), extension="jpg", anchors=keys.anchors)

    assert found.state == "invalid"
    assert "assertion.dataHash.mismatch" in found.problems


def test_strangers_are_valid_but_not_trusted(keys):
    made = sign(finished("png"), LINEAGE, keys, title="MUG/front", extension="png")

    found = verify(made, extension="png", anchors=authority()[2])

    assert found.state == "valid"
    assert found.problems == ("signingCredential.untrusted",)


def test_a_picture_without_credentials_says_so():
    assert verify(finished("webp"), extension="webp").state == "none"


def test_the_source_stands_in_them_by_hash_and_every_step_has_an_action():
    told = write_manifest(LINEAGE, "MUG/front", "image/jpeg")

    assert told["ingredients"][0]["instance_id"] == f"urn:sha256:{LINEAGE.source_sha256}"
    actions = told["assertions"][0]["data"]["actions"]
    assert [each["action"] for each in actions] == [
        "c2pa.opened", "c2pa.color_adjustments", "c2pa.edited"
    ]  # fmt: skip


def test_keys_come_from_files_that_the_environment_names(keys, tmp_path):
    (tmp_path / "chain.pem").write_text(keys.certificate)
    (tmp_path / "key.pem").write_text(keys.key)
    named = {CERTIFICATE: str(tmp_path / "chain.pem"), KEY: str(tmp_path / "key.pem")}

    found = read_credentials(named)

    assert found.key == keys.key
    assert keys.key not in repr(found)
    assert explain_unsigned(named) == ""


def test_without_a_certificate_a_note_says_how_to_get_one():
    assert read_credentials({}) is None
    assert CERTIFICATE in explain_unsigned({})


@pytest.mark.parametrize("half", [CERTIFICATE, KEY])
def test_half_a_configuration_is_refused(half, keys, tmp_path):
    both = tmp_path / "both.pem"
    both.write_text(keys.certificate + keys.key)

    with pytest.raises(ConfigError, match="must name a PEM file"):
        read_credentials({half: str(both)})


def test_a_key_of_another_certificate_is_refused_without_showing_it(keys):
    other = authority()[1]

    with pytest.raises(ConfigError) as refused:
        sign(
            finished("jpeg"),
            LINEAGE,
            Credentials(keys.certificate, other),
            title="MUG/front",
            extension="jpg",
        )
    assert "PRIVATE" not in str(refused.value)
