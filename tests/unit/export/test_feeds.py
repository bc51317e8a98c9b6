"""Feeds are in the columns that Google Merchant Center and Shopify read."""

import pytest

from tests.unit.export.published import manifest, row
from transforms.errors import ConfigError
from transforms.export.feeds import google_feed, select_channel, shopify_feed
from transforms.export.rows import export_rows

BASE = "https://img.example.com"


def exported(*published):
    return export_rows(manifest(*published), BASE)


def test_google_gets_the_front_on_plain_first_and_a_scene_apart():
    feed = google_feed(
        exported(
            row("MUG", variant="winter"),
            row("MUG", variant="autumn"),
            row("MUG", view="back"),
            row("MUG"),
        )
    )

    (told,) = feed.to_pylist()
    assert feed.column_names == [
        "id", "image_link", "additional_image_link", "lifestyle_image_link"
    ]  # fmt: skip
    assert told["id"] == "MUG"
    assert told["image_link"].startswith(f"{BASE}/MUG/front/standard/")
    more = told["additional_image_link"].split(",")
    assert [url.split("/")[4:6] for url in more] == [["back", "standard"], ["front", "winter"]]
    assert told["lifestyle_image_link"].startswith(f"{BASE}/MUG/front/autumn/")


def test_google_gets_at_most_ten_more():
    views = [row("MUG", view=f"view{n:02}") for n in range(14)]

    (told,) = google_feed(exported(*views)).to_pylist()

    assert len(told["additional_image_link"].split(",")) == 10


def test_an_address_that_google_refuses_is_told():
    with pytest.raises(ConfigError, match="Google takes 2000"):
        google_feed(exported(row("M" * 2000)))


def test_shopify_gets_a_row_for_each_picture_in_its_order():
    feed = shopify_feed(exported(row("MUG Blue_7", variant="winter"), row("MUG Blue_7")))

    assert feed.column_names == ["Handle", "Image Src", "Image Position", "Image Alt Text"]
    first, second = feed.to_pylist()
    assert first["Handle"] == second["Handle"] == "mug-blue-7"
    assert (first["Image Position"], second["Image Position"]) == (1, 2)
    assert first["Image Src"].startswith(f"{BASE}/MUG%20Blue_7/front/standard/")
    assert second["Image Alt Text"] == "MUG Blue_7, front, winter"


@pytest.mark.parametrize("skus", [("MUG 1", "MUG-1"), ("###",)])
def test_skus_that_shopify_cannot_tell_apart_are_refused(skus):
    with pytest.raises(ConfigError, match="handle"):
        shopify_feed(exported(*map(row, skus)))


def test_one_of_several_channels_must_be_named():
    both = exported(row("A"), row("A", channel="ebay"))

    assert {r.channel for r in select_channel(both, "ebay")} == {"ebay"}
    with pytest.raises(ConfigError, match="ebay, shop"):
        select_channel(both, None)
    with pytest.raises(ConfigError, match="nothing is published"):
        select_channel(both, "etsy")


def test_nothing_published_is_a_feed_without_rows():
    assert google_feed([]).num_rows == 0
    assert shopify_feed([]).column_names[0] == "Handle"


def test_a_feed_takes_the_channel_that_is_made_for_its_outlet():
    exported = export_rows(manifest(row("MUG"), row("MUG", channel="google-merchant")), BASE)

    taken = select_channel(exported, None, "google-merchant")
    assert [each.channel for each in taken] == ["google-merchant"]
    assert select_channel(exported, "shop", "google-merchant")[0].channel == "shop"
    with pytest.raises(ConfigError, match="say whose pictures"):
        select_channel(exported, None, "shopify")


def test_of_several_files_a_feed_takes_the_widest_that_outlets_read():
    files = [
        row("MUG", channel="web", extension=ending, width_px=width)
        for ending, width in (("avif", 2000), ("webp", 1280), ("jpg", 1280), ("jpg", 640))
    ]
    exported = export_rows(manifest(*files), BASE)

    (fed,) = google_feed(exported).to_pylist()
    assert fed["image_link"] == next(
        r.url for r in exported if (r.format, r.width) == ("jpg", 1280)
    )
    assert fed["additional_image_link"] == ""
