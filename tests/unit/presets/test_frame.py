"""A channel's frame replaces the brand's canvas and no more, and equal frames are made once."""

import pytest
from pydantic import ValidationError

from transforms.presets.brand import Brand
from transforms.presets.channel import Channel
from transforms.presets.configuration import load_configuration
from transforms.presets.frame import Frame
from transforms.presets.loading import config_folder, load_named
from transforms.presets.look import list_frames, load_look

OUTLETS = (
    *("amazon-main", "amazon-secondary", "ebay", "etsy", "google-merchant", "gs1", "instagram"),
    *("otto", "shopify", "walmart", "zalando"),
)


def look(name="standard"):
    return load_look(name, name, config_folder())


def channel(name="c", **said):
    return Channel(name=name, purpose="A channel of this test.", **said)


def outlet(name):
    return load_named(config_folder() / "channels", name, Channel)


class TestFrame:
    @pytest.mark.parametrize(
        ("aspect", "longest", "size"),
        [
            ((1, 1), 2000, (2000, 2000)),
            ((4, 5), 1350, (1080, 1350)),
            ((16, 9), 1600, (1600, 900)),
            ((1801, 2600), 2600, (1801, 2600)),
        ],
    )
    def test_its_size_is_whole_pixels(self, aspect, longest, size):
        assert Frame(aspect=aspect, longest_px=longest).size_px == size

    @pytest.mark.parametrize(
        "wrong",
        [
            {"aspect": (1, 4)},
            {"fill": 0.9, "baseline": 0.85},
            {"baseline": 0.9},
            {"baseline": 0.4, "fill": 0.3},
            {"baseline": "centre"},
            {"longest_px": 90_000},
            {"crop": True},
        ],
    )
    def test_what_cannot_be_had_is_refused(self, wrong):
        with pytest.raises(ValidationError) as refused:
            Frame(**{"longest_px": 1000, **wrong})

        assert refused.value.error_count() == 1


class TestInFrame:
    def test_the_canvas_and_what_the_frame_says_are_replaced(self):
        frame = Frame(aspect=(4, 5), longest_px=1350, fill=0.9, shadow="none")

        framed = look().in_frame(frame)

        assert framed.brand.size_px == (1080, 1350)
        assert (framed.brand.fill, framed.brand.baseline) == (0.9, 0.95)
        assert framed.preset.shadow.kind == "none"
        assert not framed.brand.enlarge
        kept = {"canvas_px": 2000, "canvas_height_px": None, "fill": 0.86, "baseline": 0.93}
        assert framed.brand.model_copy(update={**kept, "enlarge": True}) == look().brand

    def test_a_scene_keeps_what_only_plain_canvases_have(self):
        plain, scene = Frame(longest_px=900, fill=0.9, shadow="none"), Frame(longest_px=900)

        assert look("winter").in_frame(plain).identity == look("winter").in_frame(scene).identity

    def test_a_scene_takes_the_fill_for_scenes(self):
        framed = look("winter").in_frame(Frame(longest_px=900, scene_fill=0.7))

        assert framed.brand.scene_fill == 0.7

    def test_a_picture_that_a_model_made_can_only_get_another_size(self):
        framed = look("watercolour").in_frame(Frame(longest_px=900, fill=0.9, shadow="none"))

        assert framed.preset == look("watercolour").preset
        assert framed.brand.fill == look("watercolour").brand.fill


class TestFrames:
    def test_the_brands_own_is_first_and_made_for_nobody_too(self):
        (own,) = list_frames(look(), [])

        assert (own.look, own.channels) == (look(), ())

    def test_channels_that_want_the_same_share_a_frame(self):
        same = {"longest_px": 900, "fill": 0.9}
        channels = [
            channel("own"),
            channel("one", frame=Frame(**same)),
            channel("two", frame=Frame(**same)),
            channel("other", frame=Frame(longest_px=800)),
        ]

        names = [
            [each.name for each in framed.channels] for framed in list_frames(look(), channels)
        ]

        assert names == [["own"], ["one", "two"], ["other"]]

    @pytest.mark.parametrize(("name", "taken"), [("standard", True), ("winter", False),
                                                 ("watercolour", False)])  # fmt: skip
    def test_a_channel_for_plain_canvases_gets_nothing_else(self, name, taken):
        plain = channel(backdrops="plain", frame=Frame(longest_px=900))

        framed = list_frames(look(name), [plain])

        assert (len(framed) == 2) is taken
        assert any(each.channels for each in framed) is taken


class TestIdentity:
    def test_a_brand_that_says_nothing_new_is_what_it_was(self):
        said = Brand(name="b").model_dump()

        assert "canvas_height_px" not in said
        assert "enlarge" not in said
        assert Brand(**said) == Brand(name="b")

    def test_what_a_frame_says_changes_what_is_made(self):
        frames = [
            Frame(longest_px=900),
            Frame(longest_px=901),
            Frame(longest_px=900, aspect=(4, 5)),
            Frame(longest_px=900, enlarge=True),
            Frame(longest_px=900, fill=0.8),
            Frame(longest_px=900, fill=0.8, baseline=0.95),
            Frame(longest_px=900, baseline="middle"),
            Frame(longest_px=900, shadow="none"),
        ]

        assert len({look().in_frame(each).identity for each in frames}) == len(frames)

    def test_a_channel_without_a_frame_does_not_speak_of_one(self):
        assert {"frame", "backdrops"}.isdisjoint(channel().model_dump())


class TestOutlets:
    """The shipped channels' frames keep their own rules."""

    @pytest.mark.parametrize("name", OUTLETS)
    def test_a_frame_is_as_large_and_as_filled_as_its_rules_demand(self, name):
        found = outlet(name)
        width, height = found.frame.size_px
        measured = {
            "width_px": width,
            "height_px": height,
            "longest_side_px": max(width, height),
            "shortest_side_px": min(width, height),
            "megapixels": width * height / 1e6,
            "fill": found.frame.fill or look().brand.fill,
        }
        for rule in found.rules:
            if rule.rule == "aspect":
                wanted = rule.value[0] / rule.value[1]
                assert width / height == pytest.approx(wanted, rel=rule.tolerance)
            elif rule.rule in measured:
                value = measured[rule.rule]
                assert rule.at_least is None or value >= rule.at_least, rule
                assert rule.at_most is None or value <= rule.at_most, rule

    @pytest.mark.parametrize("name", OUTLETS)
    def test_where_exact_white_is_demanded_there_is_neither_shadow_nor_scene(self, name):
        found = outlet(name)
        demanded = any(
            rule.rule == "background_exact" and rule.severity == "fail" for rule in found.rules
        )

        if demanded:
            assert found.backdrops == "plain"
            assert found.frame.shadow == "none"
        assert not found.frame.enlarge

    def test_all_of_them_together_ask_for_few_frames(self):
        catalogue = load_configuration(
            config_folder() / "catalogues" / "samples.yaml", config_folder()
        )
        every = catalogue.model_copy(update={"channels": tuple(map(outlet, OUTLETS))})

        assert len(every.frames(look())) <= 5
        assert len(every.frames(look("winter"))) <= 2
