"""The report's page after a small night: what people see of preparation and of what was noticed."""

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.product_pictures import COLOURS, jpeg, png, vase
from transforms.presets.catalogue import Catalogue, Place
from transforms.presets.configuration import configure
from transforms.runner import run_catalogue

SIDE = 640


class Quiet:
    """Nobody watches the run."""

    def begin(self, stage: str, shards: int) -> None:
        """Nothing to tell."""

    def advance(self, stage: str) -> None:
        """Nothing to tell."""


class Page(HTMLParser):
    """A page's text and thumbnails, picture by picture, as a browser reads it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.folder, self.source = path.parent, path.read_text()
        self.tags: set[str] = set()
        self.text = ""
        self.articles: list[str] = []
        self.images: list[list[str]] = []
        self.keys: list[str] = []
        self.in_key = False
        self.feed(self.source)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.in_key = dict(attrs).get("class") == "key"
        if tag == "article":
            self.articles.append("")
            self.images.append([])
        if tag == "img":
            self.images[-1].append(dict(attrs)["src"])

    def handle_endtag(self, tag):  # noqa: ARG002 - the name that HTMLParser calls
        self.in_key = False
        self.handle_data(" ")

    def handle_data(self, data):
        self.text += data
        if self.in_key:
            self.keys.append(data)
        if self.articles:
            self.articles[-1] += data

    def of(self, key: str) -> tuple[str, list[str]]:
        """Text and thumbnails of one picture."""
        number = self.keys.index(key)
        return " ".join(self.articles[number].split()), self.images[number]


@pytest.fixture(scope="module")
def page(small_config, tmp_path_factory):
    """A night: a dark picture, one that two products use, one named like markup, a torn one."""
    folder = tmp_path_factory.mktemp("report")
    source = folder / "source"
    vases = {
        "DARK_BLUE": Image.eval(vase(COLOURS[1], side=SIDE), lambda level: level * 88 // 100),
        "RED_VASE": vase(COLOURS[0], side=SIDE, lean=2),
        "RED_TWIN": vase(COLOURS[0], side=SIDE, lean=2).resize((SIDE + 60, SIDE + 60)),
        "A&B<i>": vase(COLOURS[3], side=SIDE, lean=-3, cut_out=True),
    }
    for sku, picture in vases.items():
        (source / sku).mkdir(parents=True)
        (source / sku / "front.png").write_bytes(png(picture))
        if sku != "A&B<i>":
            mask = vase(COLOURS[0], side=picture.width, lean=2 if "RED" in sku else 0, cut_out=True)
            (source / sku / "front.mask.png").write_bytes(png(mask.getchannel("A")))
    (source / "TORN").mkdir()
    (source / "TORN" / "front.jpg").write_bytes(jpeg(vase(COLOURS[5], side=SIDE))[:4000])
    catalogue = Catalogue(
        name="shop",
        variants={"standard": "standard"},
        channels=("shop",),
        source=Place(uri=source.as_uri()),
        work=Place(uri=(folder / "work").as_uri()),
        published=Place(uri=(folder / "published").as_uri()),
        preparation={"find_text": False, "find_faces": False},
    )
    summary = run_catalogue(configure(catalogue, small_config), progress=Quiet())
    return Page(Path(summary.report.removeprefix("file://")))


def test_every_picture_is_on_the_page_once(page):
    names = ("A&B<i>/front.png", "DARK_BLUE/front.png", "RED_TWIN/front.png", "RED_VASE/front.png")

    assert sorted(page.keys) == [*names, "TORN/front.jpg"]
    assert len(page.articles) == 5


def test_the_cut_out_stands_between_before_and_after(page):
    text, (before, cutout, after) = page.of("DARK_BLUE/front.png")

    assert text.startswith("before cut out after")
    pictures = [
        np.asarray(Image.open(io.BytesIO((page.folder / each).read_bytes())).convert("RGB"), int)
        for each in (before, cutout, after)
    ]
    corners = [picture[2, 2] for picture in pictures]
    assert corners[0].max() < 190  # the paper as it came
    assert np.abs(corners[1] - 119).max() <= 3
    assert corners[2].min() == 255
    middles = [picture[len(picture) // 2, picture.shape[1] // 2] for picture in pictures]
    assert all(middle[2] > middle[0] + 30 for middle in middles)  # blue, three times


def test_what_preparation_did_is_a_sentence(page):
    assert re.search(r"Prepared: Exposure \+1\.\d+ stops\.", page.of("DARK_BLUE/front.png")[0])
    assert "Prepared:" not in page.of("A&B<i>/front.png")[0]


def test_a_near_duplicate_names_the_other_picture_as_it_is_spelt(page):
    assert "Noticed: near duplicate (RED_VASE/front.png)." in page.of("RED_TWIN/front.png")[0]
    assert "Noticed: near duplicate (RED_TWIN/front.png)." in page.of("RED_VASE/front.png")[0]


def test_a_picture_that_was_not_prepared_shows_no_broken_thumbnails(page):
    text, images = page.of("TORN/front.jpg")

    assert images == []
    assert "quarantined" in text
    for each in (image for images in page.images for image in images):
        assert (page.folder / each).is_file()


def test_the_whites_are_compared_before_and_after(page):
    table = page.text[page.text.index("How alike the whites are") :]
    table = table[: table.index("Pictures of this run")]

    assert "3 white or light grey backdrops" in table
    spans = [
        [float(number) for number in re.findall(r"-?\d+\.\d", line)]
        for line in table.splitlines()
        if "5 to 95 %" in line
    ]
    came, became = ([float(n) for n in row[:2]] for row in spans)
    assert came[0] < became[0]  # the dark one came nearer to the others
    assert became[1] - became[0] < came[1] - came[0]


def test_names_are_text_never_markup(page):
    assert "i" not in page.tags
    assert "A&amp;B&lt;i&gt;/front.png" in page.source


def test_what_every_suite_found_stands_in_the_report(page):
    table = page.text[page.text.index("What expectation suites found") :]

    assert re.findall(r"(?:all|of) (\d+) expectations", table) == ["13", "6", "4"]
    assert "1 could not be used" in table
    assert re.search(r"longer side px\s+at least 512\s+\d+ to \d+", table)


def test_how_alike_pictures_are_is_told_before_and_after(page):
    (told,) = re.findall(r"standard: ([\d.]+) before, ([\d.]+) after", page.source)

    assert float(told[1]) > float(told[0])
    assert "svg" in page.tags
