"""The workspace that every page begins with: a checkout in which `make demo` has run."""

import os
import shutil
import sys
import uuid
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "docs" / "hooks"))  # as MkDocs does

SAMPLES = (
    "MUG-COBALT/front.jpg",
    "TEAPOT-SAND/front.jpg",
    "BAD-GIF/front.gif",
    "BAD-EMPTY/front.jpg",
)
CANVAS_PX = 400


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Path:
    """Some samples, the configuration with a small canvas, a night and two seasons of it."""
    from tests.docs.story import packshot  # noqa: PLC0415 - needs the path above

    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(ROOT / "config", folder / "config", ignore=shutil.ignore_patterns("plates"))
    (folder / "config" / "plates").symlink_to(ROOT / "config" / "plates")
    for path in (folder / "config" / "brands").glob("*.yaml"):
        brand = yaml.safe_load(path.read_text()) | {"canvas_px": CANVAS_PX}
        path.write_text(yaml.safe_dump(brand))
    catalogue = folder / "config" / "catalogues" / "samples.yaml"
    one_channel = yaml.safe_load(catalogue.read_text()) | {"channels": ["shop"]}  # for speed
    catalogue.write_text(yaml.safe_dump(one_channel, sort_keys=False))
    for name in SAMPLES:
        (folder / "samples" / "source" / name).parent.mkdir(parents=True)
        shutil.copy(ROOT / "samples" / "source" / name, folder / "samples" / "source" / name)
    brought = {
        "photos/MUG-1/front.jpg": "samples/source/MUG-COBALT/front.jpg",
        "brand-plates/winter/lake.jpg": "config/plates/winter-dusk.jpg",
    }
    for name, source in brought.items():
        (folder / name).parent.mkdir(parents=True)
        shutil.copy(ROOT / source, folder / name)
    shutil.copy(ROOT / ".env.example", folder)
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        here.delenv("PACKSHOT_CONFIG", raising=False)
        night = ["run", "--catalogue", "config/catalogues/samples.yaml"]
        assert packshot(night)[0] == 1  # two of the samples cannot be used
        for season in ("winter", "festive"):
            code, told = packshot([*night, "--variant", season, "--product", "MUG-*"])
            assert code == 0, told
    return folder


@pytest.fixture
def workspace(demo, tmp_path, monkeypatch) -> Path:
    """A copy of it, for one page."""
    folder = tmp_path / "checkout"
    photographs = demo / "samples" / "source"
    shutil.copytree(
        demo,
        folder,
        symlinks=True,
        ignore=lambda at, names: names if Path(at) == photographs else [],
    )
    # As links: a copy would count as photographed again.
    shutil.copytree(
        photographs, folder / "samples" / "source", copy_function=os.link, dirs_exist_ok=True
    )
    monkeypatch.chdir(folder)
    monkeypatch.delenv("PACKSHOT_CONFIG", raising=False)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    return folder


@pytest.fixture
def bucket(s3_server, s3_session, workspace, monkeypatch) -> str:
    """Where the pages' buckets lie on a SeaweedFS, with a photograph in the studio's."""
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    place = uuid.uuid4().hex
    photograph = workspace / "samples" / "source" / "MUG-COBALT" / "front.jpg"
    s3_session.client("s3", endpoint_url=s3_server.endpoint_url).upload_file(
        str(photograph), s3_server.bucket, f"{place}/studio/products/MUG-1/front.jpg"
    )
    return f"s3://{s3_server.bucket}/{place}/"
