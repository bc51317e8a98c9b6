"""A night over a few small pictures, and the review app over what it left."""

import shutil
import sys
from pathlib import Path

import pytest
import yaml
from fastapi import HTTPException
from fastapi.testclient import TestClient

from tests.support.product_pictures import COLOURS, jpeg, vase
from transforms.presets.catalogue import Catalogue, Place, Preparation
from transforms.presets.configuration import configure
from transforms.runner import open_places, run_catalogue

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "plugins"))  # as Airflow does

from packshot_review.access import OWN_HEADER  # noqa: E402 - found by the line above
from packshot_review.app import create_app  # noqa: E402
from packshot_review.shop import Shop  # noqa: E402

NASTY = '<script>alert(1)"&'
"""A sku that would run as a script where it is not escaped."""
OWN = {OWN_HEADER: "1"}


class Somebody:
    """A person with a role, who keeps what they started."""

    def __init__(self, name: str, started: list):
        self.name = name
        self._started = started

    def may_look(self, catalogue) -> bool:
        return self.name != "outsider" and catalogue.name == "shop"

    def may_decide(self, catalogue) -> bool:
        return self.may_look(catalogue) and self.name.startswith("editor")

    async def start(self, dag_id, run_id, conf):
        self._started.append((dag_id, run_id, conf))


class Silent:
    """Progress that is told to nobody."""

    def begin(self, stage, shards):
        pass

    def advance(self, stage):
        pass


@pytest.fixture(scope="session")
def config(tmp_path_factory) -> Path:
    """The project's configuration with a small canvas; enlarged products wait for a person."""
    folder = tmp_path_factory.mktemp("review-config") / "config"
    shutil.copytree(ROOT / "config", folder)
    for brand in (folder / "brands").glob("*.yaml"):
        brand.write_text(yaml.safe_dump({**yaml.safe_load(brand.read_text()), "canvas_px": 300}))
    gate = yaml.safe_load((folder / "gate.yaml").read_text())
    gate["rules"] = {
        name: {"fail_above": 1e9, "why": limit["why"]} for name, limit in gate["rules"].items()
    }
    gate["rules"]["enlargement"]["review_above"] = 1.0
    (folder / "gate.yaml").write_text(yaml.safe_dump(gate))
    return folder


@pytest.fixture(scope="session")
def night(tmp_path_factory, config):
    """Storages after a night: three pictures wait, two are published, one is set aside."""
    root = tmp_path_factory.mktemp("review-night")
    small = {"SMALL-1": 0, "SMALL-2": 1, NASTY: 2}
    pictures = {sku: jpeg(vase(COLOURS[n], side=330, lean=n)) for sku, n in small.items()}
    pictures |= {f"LARGE-{n}": jpeg(vase(COLOURS[n], side=700, lean=-n)) for n in (3, 4)}
    pictures["BROKEN"] = b"<html>not a picture</html>"
    for sku, picture in pictures.items():
        (root / "source" / sku).mkdir(parents=True)
        (root / "source" / sku / "front.jpg").write_bytes(picture)
    catalogue = Catalogue(
        name="shop",
        title="The shop",
        source=Place(uri=(root / "source").as_uri()),
        work=Place(uri=(root / "work").as_uri()),
        published=Place(uri=(root / "published").as_uri()),
        variants={"standard": "standard"},
        channels=("shop",),
        preparation=Preparation(find_text=False, find_faces=False, tone=None),
    )
    run_catalogue(configure(catalogue, config), progress=Silent(), run_id="night-1")
    return root, catalogue


@pytest.fixture
def shop(night, config, tmp_path, monkeypatch) -> Shop:
    """The catalogue after its night, with storages of the test's own."""
    root, catalogue = night
    monkeypatch.setenv("PACKSHOT_CONFIG", str(config))
    for name in ("source", "work", "published"):
        shutil.copytree(root / name, tmp_path / name)
    places = {n: Place(uri=(tmp_path / n).as_uri()) for n in ("source", "work", "published")}
    catalogue = catalogue.model_copy(update=places)
    opened = open_places(catalogue)
    return Shop(catalogue, opened.work, opened.published)


class Browser:
    """Asks the app as one person or another."""

    def __init__(self, shop: Shop):
        self.started: list = []
        self.app = create_app(lambda: [shop], self._identify)
        self._client = TestClient(self.app, follow_redirects=False)

    async def _identify(self, request):
        name = request.headers.get("x-person")
        if name is None:
            raise HTTPException(401, "Not signed in.")
        return Somebody(name, self.started)

    def get(self, path: str, *, who: str | None = "editor", accept: str = "text/html"):
        headers = {"accept": accept} | ({"x-person": who} if who else {})
        return self._client.get(path, headers=headers)

    def post(self, path: str, body: dict, *, who: str | None = "editor", headers=OWN):
        person = {"x-person": who} if who else {}
        return self._client.post(path, json=body, headers={**headers, **person})


@pytest.fixture
def browser(shop) -> Browser:
    return Browser(shop)


@pytest.fixture
def pictures(shop):
    """Pictures of the night by sku."""
    run = shop.run("night-1")
    return {picture.sku: picture for picture in shop.index(run).pictures}
