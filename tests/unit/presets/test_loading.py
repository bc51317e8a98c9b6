"""Wrong configuration is told with file, field, value and what is allowed, before anything runs."""

import shutil
from pathlib import Path

import pytest

from transforms.errors import ConfigError
from transforms.presets.brand import Brand
from transforms.presets.catalogue import Catalogue
from transforms.presets.configuration import configure, load_configuration
from transforms.presets.gate import Limit
from transforms.presets.loading import config_folder, load, load_named
from transforms.presets.preset import Preset

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def config(tmp_path) -> Path:
    pictures = shutil.ignore_patterns("*.jpg")  # nine tenths of its bytes, and not read here
    return shutil.copytree(ROOT / "config", tmp_path / "config", ignore=pictures)


def test_the_projects_own_configuration_is_right():
    loaded = {
        path.stem: load_configuration(path, ROOT / "config")
        for path in (ROOT / "config" / "catalogues").glob("*.yaml")
    }

    assert "samples" in loaded
    for name, configuration in loaded.items():
        variants = {look.variant for look in configuration.looks}
        assert configuration.catalogue.name == name
        assert variants == set(configuration.catalogue.variants)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("name: house\nfill: 1.5", "fill = 1.5: Input should be less", id="value"),
        pytest.param("name: house\nfil: 0.8", "fil: unknown field; known: name,", id="typo"),
        pytest.param("fill: 0.8", "name: must be given", id="missing"),
        pytest.param("name: other", "name: 'other' must be the file's own name", id="name"),
        pytest.param("name: [", "not valid YAML", id="no YAML"),
        pytest.param("- a", "must hold fields with values, not list", id="a list"),
        pytest.param(
            "name: house\nfill: 0.95\nbaseline: 0.9",
            "baseline = 0.9: must be at least fill (0.95)",
            id="fields that contradict",
        ),
    ],
)
def test_a_mistake_names_file_field_and_value(tmp_path, content, said):
    path = tmp_path / "house.yaml"
    path.write_text(content)

    with pytest.raises(ConfigError) as told:
        load(path, Brand)

    assert str(told.value).startswith(f"{path}: ")
    assert said in str(told.value)


def test_every_mistake_of_a_file_gets_a_line(tmp_path):
    path = tmp_path / "look.yaml"
    path.write_text("name: look\npurpose: For testing only.\nbrand: house\nseed: -1\nengine: magic")

    with pytest.raises(ConfigError) as told:
        load(path, Preset)

    assert len(str(told.value).splitlines()) == 2


def test_a_preset_that_is_not_there_is_told_with_those_that_are(config):
    with pytest.raises(ConfigError, match=r"no moonlight\.yaml; there: .*standard"):
        load_named(config / "presets", "moonlight", Preset)


def test_an_unknown_variant_is_told_with_those_that_are(config):
    path = config / "catalogues" / "samples.yaml"

    with pytest.raises(
        ConfigError, match=r"variant moonlight: neither in catalogue samples \(there: standard"
    ):
        load_configuration(path, config, variants=("moonlight",))


@pytest.mark.parametrize(
    ("source", "work"),
    [
        ("s3://shop/photos", "s3://shop/photos/work"),
        ("file:///photos/", "file:///photos"),
        ("s3://shop/inner/photos", "s3://shop/inner"),
    ],
)
def test_places_within_one_another_are_refused(config, source, work):
    settings = {**catalogue("{sku}.{ext}").model_dump(), "source": {"uri": source}}
    nested = Catalogue.model_validate({**settings, "work": {"uri": work}})

    with pytest.raises(ConfigError, match=r"lies in .*; give each a place of its own"):
        configure(nested, config)


def test_places_with_names_that_begin_alike_are_apart(config):
    settings = {**catalogue("{sku}.{ext}").model_dump(), "source": {"uri": "s3://shop/in"}}
    beside = Catalogue.model_validate({**settings, "work": {"uri": "s3://shop/in-work"}})

    found = configure(beside, config).catalogue

    assert (found.source.uri, found.work.uri) == ("s3://shop/in", "s3://shop/in-work")


def test_the_configuration_is_found_from_a_folder_below(config, monkeypatch):
    (config.parent / "deep" / "er").mkdir(parents=True)
    monkeypatch.delenv("PACKSHOT_CONFIG", raising=False)
    monkeypatch.chdir(config.parent / "deep" / "er")

    assert config_folder() == config


def test_a_named_configuration_folder_must_exist(monkeypatch, tmp_path):
    monkeypatch.setenv("PACKSHOT_CONFIG", str(tmp_path / "nowhere"))

    with pytest.raises(ConfigError, match=r"PACKSHOT_CONFIG=.*nowhere: no such folder"):
        config_folder()


def catalogue(*keys: str) -> Catalogue:
    return Catalogue.model_validate(
        {
            "name": "shop",
            "source": {"uri": "../in"},
            "work": {"uri": "s3://bucket/work"},
            "published": {"uri": "file:///out"},
            "keys": keys,
            "variants": {"standard": "standard"},
            "channels": ["shop"],
        }
    )


def test_a_variant_that_no_channel_takes_is_refused(config):
    plain = catalogue("{sku}.{ext}").model_copy(update={"channels": ("amazon-main", "zalando")})

    assert configure(plain, config).channels[1].name == "zalando"
    with pytest.raises(ConfigError, match=r"variant winter: none of its channels \(amazon-main"):
        configure(plain, config, variants=("winter",))
    both = plain.model_copy(update={"channels": ("amazon-main", "shop")})
    assert configure(both, config, variants=("winter",)).looks[0].variant == "winter"


@pytest.mark.parametrize(
    ("pattern", "key", "expected"),
    [
        pytest.param("{sku}/{view}.{ext}", "MUG 1/front.jpg", ("MUG 1", "front"), id="folders"),
        pytest.param("{sku}/{view}.{ext}", "MUG/front.JPEG", ("MUG", "front"), id="upper case"),
        pytest.param("{sku}/{view}.{ext}", "a/MUG/front.jpg", None, id="too deep"),
        pytest.param("{sku}/{view}.{ext}", "MUG/front.pdf", None, id="no picture"),
        pytest.param("{sku}/{view}.{ext}", "manifests/front.jpg", None, id="reserved"),
        pytest.param("{sku}.{ext}", "MUG.png", ("MUG", "front"), id="no view"),
        pytest.param("{sku}.{ext}", "MUG.Mask.PNG", None, id="a mask"),
        pytest.param("{sku}/{view}.{ext}", "MUG/mask.png", ("MUG", "mask"), id="called mask"),
        pytest.param("{any}/{sku}_{view}.{ext}", "2026/M-1_side.webp", ("M-1", "side"), id="any"),
        pytest.param("in(1)/{sku}-{view}.{ext}", "in(1)/M-a.tif", ("M", "a"), id="literal signs"),
    ],
)
def test_keys_give_sku_and_view(pattern, key, expected):
    assert catalogue(pattern).sku_and_view(key) == expected


@pytest.mark.parametrize("pattern", ["{view}.{ext}", "{sku}/{colour}.jpg", "{sku}/{sku}.jpg"])
def test_patterns_that_cannot_work_are_refused(pattern):
    with pytest.raises(ValueError, match=r"must hold \{sku\}"):
        catalogue(pattern)


def test_relative_places_are_read_from_the_catalogues_folder(tmp_path):
    located = catalogue("{sku}.{ext}").resolve(tmp_path / "catalogues")

    assert located.source.uri == (tmp_path / "in").as_uri()
    assert (located.work.uri, located.published.uri) == ("s3://bucket/work", "file:///out")


@pytest.mark.parametrize(
    ("value", "state"),
    [(0.79, "FAIL"), (0.8, "REVIEW"), (0.89, "REVIEW"), (0.9, "PASS"), (float("nan"), "FAIL")],
)
def test_a_limit_judges_and_what_was_not_measured_does_not_pass(value, state):
    limit = Limit(review_below=0.9, fail_below=0.8, why="An example of a limit.")

    assert limit.state(value) == state


@pytest.mark.parametrize(
    "bounds", [{}, {"review_below": 1, "fail_below": 2}, {"review_above": 2, "fail_above": 1}]
)
def test_limits_that_contradict_themselves_are_refused(bounds):
    with pytest.raises(ValueError, match=r"set at least one|must not"):
        Limit(**bounds, why="An example of a limit.")
