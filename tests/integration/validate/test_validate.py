"""Every measured picture is accepted or set aside, with reasons that a photographer understands."""

import pytest
from PIL import Image

from transforms.errors import ConfigError, ReconciliationError
from transforms.presets.suite import Rule, Suite
from transforms.records.fingerprint import sha256
from transforms.records.parquet import read_records, write_records
from transforms.records.pictures import AcceptedImage, MeasuredImage, QuarantinedImage
from transforms.records.validation import read_validations
from transforms.stages.measure import measure_shard
from transforms.stages.validate import validate


def decided(run):
    """Warnings of the accepted and reasons of the quarantined, by key."""
    accepted = read_records(run.places.work, run.key("accepted.parquet"), AcceptedImage)
    quarantined = read_records(run.places.work, run.key("quarantined.parquet"), QuarantinedImage)
    return {row.key: row for row in accepted}, {row.key: row for row in quarantined}


def night(shop, **options):
    run, shards = shop.begin(**options)
    for shard in shards:
        measure_shard(run, shard)
    return run, validate(run)


def test_a_mixed_night(shop):
    shop.put("BALL/front.jpg", shop.jpeg(shop.photo(1)))
    shop.put("CUP/front.jpg", shop.jpeg(shop.photo(2, side=200)))
    shop.put("DISH/front.jpg", shop.jpeg(shop.photo(3, side=400)))
    shop.put("EGG/front.jpg", shop.jpeg(shop.photo(4), quality=30))
    shop.put("FORK/front.jpg", shop.jpeg(Image.new("RGB", (600, 600), "grey")))
    shop.put("GLUE/front.jpg", b"<html><body>404</body></html>")
    shop.put("HAT/front.jpg", shop.jpeg(shop.photo(5).convert("CMYK"), icc_profile=b"junk"))

    run, shards = night(shop, shard_size=3)
    accepted, quarantined = decided(run)

    assert {key: row.warnings for key, row in accepted.items()} == {
        "BALL/front.jpg": [],
        "DISH/front.jpg": ["small"],
        "EGG/front.jpg": ["heavy_compression"],
        "HAT/front.jpg": ["damaged_profile", "unusual_colours"],
    }
    assert {key: row.reason for key, row in quarantined.items()} == {
        "CUP/front.jpg": "too_small",
        "FORK/front.jpg": "blank",
        "GLUE/front.jpg": "not_an_image",
    }
    assert "200 px" in quarantined["CUP/front.jpg"].message
    assert "web page" in quarantined["GLUE/front.jpg"].message
    assert shards == [0]


def test_what_the_suite_said_is_kept_small_with_examples(shop):
    for number in range(7):
        shop.put(f"BALL-{number}/front.jpg", shop.jpeg(shop.photo(number, side=300 + number)))
    run, _ = night(shop)
    (validation,) = read_validations(run.places.work, run.plan.run_id)
    small = next(each for each in validation.results if each.reason == "small")

    assert (small.column, small.limit) == ("longer_side_px", "at least 512")
    assert (small.observed, small.checked, small.unexpected) == ("300 to 306", 7, 7)
    assert [(each.key, each.value) for each in small.examples][:2] == [
        ("BALL-0/front.jpg", "300"),
        ("BALL-1/front.jpg", "301"),
    ]
    assert len(small.examples) == 5
    assert len(validation.model_dump_json()) < 30_000


def test_accepted_images_are_split_into_shards(shop):
    for number in range(5):
        shop.put(f"SKU-{number}/front.jpg", shop.jpeg(shop.photo(number)))
    catalogue = shop.configuration.catalogue.model_copy(update={"shard_size": 2})
    shop.configuration = shop.configuration.model_copy(update={"catalogue": catalogue})

    run, shards = night(shop)
    split = [
        [row.key for row in read_records(run.places.work, key, AcceptedImage)]
        for key in run.places.work.listing(run.key("accepted/"))["key"].to_pylist()
    ]

    assert shards == [0, 1, 2]
    assert [len(each) for each in split] == [2, 2, 1]
    assert [key for each in split for key in each] == [
        f"SKU-{number}/front.jpg" for number in range(5)
    ]


def test_retry_stands_by_the_first_decision(shop):
    shop.put("BALL/front.jpg", shop.jpeg(shop.photo(1)))
    shop.put("CUP/front.jpg", shop.jpeg(shop.photo(2)))
    run, _ = shop.begin(shard_size=1)
    measure_shard(run, 0)
    assert validate(run) == [0]
    measure_shard(run, 1)  # its task was cleared and ran late

    assert validate(run) == [0]
    assert list(decided(run)[0]) == ["BALL/front.jpg"]


def test_killed_before_the_last_write_it_ends_the_same(shop):
    shop.put("BALL/front.jpg", shop.jpeg(shop.photo(1)))
    shop.put("CUP/front.jpg", b"")
    run, shards = night(shop)
    before = decided(run)
    run.places.work.delete([run.key("accepted.parquet"), run.key("accepted/0000.parquet")])

    assert validate(run) == shards
    assert decided(run) == before


def test_nothing_measured_is_nothing_to_prepare(shop):
    run, _ = shop.begin()

    assert validate(run) == []
    assert read_validations(run.places.work, run.plan.run_id) == []


def test_nothing_accepted_is_nothing_to_prepare(shop):
    shop.put("CUP/front.jpg", b"")
    run, shards = night(shop)

    assert shards == []
    assert list(decided(run)[1]) == ["CUP/front.jpg"]


def test_same_picture_for_two_products_names_the_first(shop):
    for key in ("MUG-BLUE/front.jpg", "MUG-RED/front.jpg"):
        shop.put(key, shop.jpeg(shop.photo(1)))
    run, _ = night(shop)
    accepted, quarantined = decided(run)

    assert accepted["MUG-BLUE/front.jpg"].warnings == ["also_used_by"]
    assert accepted["MUG-BLUE/front.jpg"].resembles == "MUG-RED/front.jpg"
    assert quarantined["MUG-RED/front.jpg"].reason == "duplicate_picture"
    assert quarantined["MUG-RED/front.jpg"].message == (
        "Same picture as MUG-BLUE/front.jpg: check which product it shows."
    )


def test_same_picture_saved_again_only_warns(shop):
    shop.put("MUG-BLUE/front.jpg", shop.jpeg(shop.photo(1)))
    shop.put("MUG-RED/front.jpg", shop.jpeg(shop.photo(1).resize((900, 900)), quality=80))
    run, _ = night(shop)
    accepted, quarantined = decided(run)

    assert quarantined == {}
    assert [row.warnings for row in accepted.values()] == [["near_duplicate"]] * 2
    assert accepted["MUG-RED/front.jpg"].resembles == "MUG-BLUE/front.jpg"


def test_published_picture_keeps_its_product(shop, outcomes):
    for key in ("A-NEW/front.jpg", "Z-OLD/front.jpg"):
        shop.put(key, shop.jpeg(shop.photo(1)))
    known = {
        "sku": "Z-OLD",
        "sha256": sha256(shop.jpeg(shop.photo(1))),
        "phash": "",
        "state": "published",
    }
    shop.put("B-NEW/front.jpg", shop.jpeg(shop.photo(2)))
    run, _ = shop.begin(run_id="look")
    measure_shard(run, 0)
    look = {
        row.key: row.phash
        for row in read_records(run.places.work, "runs/look/measured/0000.parquet", MeasuredImage)
    }
    known |= {"key": "Z-OLD/front.jpg", "phash": look["Z-OLD/front.jpg"]}
    gone = known | {
        "key": "GONE/front.jpg",
        "sku": "GONE",
        "sha256": sha256(shop.jpeg(shop.photo(2))),
    }
    previous = outcomes(shop, [known, gone])

    run, _ = night(shop, previous=previous, only={"A-NEW/front.jpg", "B-NEW/front.jpg"})
    accepted, quarantined = decided(run)

    assert "Z-OLD/front.jpg" in quarantined["A-NEW/front.jpg"].message
    assert list(accepted) == ["B-NEW/front.jpg"], "what left the source holds no picture"


def test_an_image_that_would_be_decided_twice_stops_the_run(shop):
    shop.put("MUG/front.jpg", shop.jpeg(shop.photo(1)))
    run, _ = shop.begin()
    measure_shard(run, 0)
    stale = QuarantinedImage(key="MUG/front.jpg", reason="empty", message="Of an older attempt.")
    write_records(run.places.work, run.key("quarantined.parquet"), [stale], QuarantinedImage)

    with pytest.raises(ReconciliationError, match="1 images were measured"):
        validate(run)


@pytest.mark.parametrize(
    ("mistake", "field"),
    [
        ({"expect": "expect_column_values_to_be_nice", "kwargs": {"column": "noise"}}, "expect"),
        (
            {
                "expect": "expect_column_values_to_be_between",
                "kwargs": {"column": "noise", "maximum": 3},
            },
            "kwargs",
        ),
    ],
    ids=["no such rule", "no such argument"],
)
def test_a_rule_that_the_library_does_not_know_is_a_mistake_of_configuration(shop, mistake, field):
    rule = Rule(**mistake, severity="warn", reason="odd", message="What is odd about it.")
    suite = Suite(name="source-images", purpose="A mistake in it.", expectations=(rule,))
    shop.configuration = shop.configuration.model_copy(update={"suite": suite})
    shop.put("MUG/front.jpg", shop.jpeg(shop.photo(1)))
    run, _ = shop.begin()
    measure_shard(run, 0)

    with pytest.raises(ConfigError, match=rf"source-images\.yaml: expectations\.0\.{field}"):
        validate(run)
