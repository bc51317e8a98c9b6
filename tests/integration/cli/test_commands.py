"""The command line as people and scripts use it: output, exit codes, and what errors say."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.product_pictures import jpeg, products, vase


def packshot(*arguments: object, folder: Path | None = None, **environment: str):
    """Run the command; its exit code, output and errors."""
    return subprocess.run(
        [sys.executable, "-m", "transforms.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, **environment},
    )


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> dict[str, str]:
    """Three products and a file that is none, after their first night."""
    folder = tmp_path_factory.mktemp("shop")
    source = folder / "source"
    source.mkdir()
    for sku, picture in products(3, side=700).items():
        (source / f"{sku}.jpg").write_bytes(picture)
    (source / "notes.txt").write_text("call the studio")
    places = {
        name: f"--{name}={(folder / name).as_uri()}" for name in ("source", "published", "work")
    }
    done = packshot("run", *places.values(), "--json")
    assert done.returncode == 1, done.stderr  # the notes need a person
    places["first"] = done.stdout
    return places


def test_run_prints_one_object_that_accounts_for_every_picture(shop):
    first = json.loads(shop["first"])

    assert first["counts"] == {
        "listed": 4,
        "unchanged": 0,
        "published": 3,
        "review": 0,
        "quarantined": 1,
        "failed": 0,
        "deferred": 0,
    }
    assert first["reasons"] == {"key_does_not_fit": 1}
    assert first["manifest"].startswith("file:///")
    assert first["seconds"] > 0
    report = Path(first["report"].removeprefix("file://"))
    assert "VASE-1" in report.read_text()


def test_a_second_run_has_nothing_to_do(shop):
    done = packshot("run", shop["source"], shop["published"], shop["work"], "--json")

    again = json.loads(done.stdout)
    assert again["ending"] == "unchanged"
    assert (again["counts"]["unchanged"], again["counts"]["published"]) == (3, 0)
    assert again["version"] == json.loads(shop["first"])["version"]


def test_plan_tells_and_writes_nothing(shop, tmp_path):
    work = tmp_path / "work"

    done = packshot("plan", shop["source"], shop["published"], f"--work={work}", "--json")

    assert done.returncode == 0
    assert json.loads(done.stdout)["pictures"] == 3  # this work storage knows of no earlier run
    assert not work.exists()


def test_runs_are_listed_shown_and_rolled_back(shop):
    listed = json.loads(packshot("runs", "list", shop["work"], "--json").stdout)
    shown = packshot("runs", "show", listed[0]["run_id"], shop["work"], "--json")
    rolled = packshot("runs", "rollback", listed[0]["version"], shop["published"], "--json")

    assert json.loads(shown.stdout) == listed[0]
    assert json.loads(rolled.stdout)["version"] == listed[0]["version"]


def test_rolling_back_to_nowhere_tells_which_versions_there_are(shop):
    done = packshot("runs", "rollback", "000009-abc", shop["published"])

    assert done.returncode == 1
    assert json.loads(shop["first"])["version"] in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["run"], 2, "give --catalogue FILE, or also --source", id="no place"),
        pytest.param(
            ["run", "--catalogue=nowhere.yaml"], 2, "nowhere.yaml: cannot be read", id="no file"
        ),
        pytest.param(
            ["run", "--source=ftp://a", "--work=w", "--published=p"],
            2,
            "allowed: file:///folder or s3://",
            id="no such storage",
        ),
        pytest.param(
            ["run", "--source=missing", "--work=w", "--published=p"], 1, "missing", id="no folder"
        ),
        pytest.param(["presets", "show", "winter"], 2, "no winter.yaml; there:", id="no preset"),
        pytest.param(["cutout", "a.jpg", "b.png"], 2, "no such picture or folder", id="no input"),
        pytest.param(["models", "fetch", "magic"], 2, "no model 'magic'; there:", id="no model"),
    ],
)
def test_wrong_use_is_one_clear_line(tmp_path, arguments, code, said):
    done = packshot(*arguments, folder=tmp_path)

    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_preset_stops_a_run_before_anything_happens(small_config, tmp_path):
    preset = small_config / "presets" / "standard.yaml"
    before = preset.read_text()
    preset.write_text(before.replace("opacity: ", "opacity: 7"))
    try:
        done = packshot(
            "run",
            "--source=.",
            "--work=w",
            "--published=p",
            folder=tmp_path,
            PACKSHOT_CONFIG=str(small_config),
        )
    finally:
        preset.write_text(before)

    assert done.returncode == 2
    assert f"{preset}: shadow.opacity = 7" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_without_its_weights_a_run_says_what_to_do_and_loses_nothing(tmp_path):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "VASE.jpg").write_bytes(jpeg(vase((170, 40, 40))))
    places = [f"--{name}={tmp_path / name}" for name in ("source", "work", "published")]

    without = packshot("run", *places, PACKSHOT_MODELS=str(tmp_path / "models"))
    after = packshot("run", *places, "--json")

    assert without.returncode == 1
    assert "packshot models fetch u2netp" in without.stderr
    assert json.loads(after.stdout)["counts"]["listed"] == 1


def test_cutout_keeps_folders_reports_failures_and_resumes(tmp_path):
    source, target = tmp_path / "in", tmp_path / "out"
    (source / "deep").mkdir(parents=True)
    (source / "deep" / "vase.jpg").write_bytes(jpeg(vase((30, 90, 160))))
    (source / "broken.jpg").write_bytes(b"\xff\xd8\xff not a picture")

    done = packshot("cutout", source, target)
    made = target / "deep" / "vase.png"
    modified = made.stat().st_mtime_ns
    packshot("cutout", source, target)

    assert done.returncode == 1
    assert "broken.jpg" in done.stderr
    assert made.stat().st_mtime_ns == modified
    alpha = Image.open(made).getchannel("A")
    assert alpha.getpixel((210, 250)) == 255
    assert alpha.getpixel((5, 5)) == 0


def test_cutout_refuses_two_pictures_with_one_target(tmp_path):
    for name in ("vase.jpg", "vase.png"):
        vase((30, 90, 160), side=64).save(tmp_path / name)

    done = packshot("cutout", tmp_path, tmp_path / "out")

    assert done.returncode == 2
    assert "would both become" in done.stderr


def test_doctor_finds_what_is_missing(small_config, tmp_path):
    done = packshot(
        "doctor",
        "--json",
        PACKSHOT_CONFIG=str(small_config),
        PACKSHOT_MODELS=str(tmp_path),
    )

    findings = {each["what"]: each for each in json.loads(done.stdout)}
    assert done.returncode == 1
    assert findings["configuration"]["state"] == "ok"
    assert findings["model u2netp"]["state"] == "broken"
    assert "packshot models fetch u2netp" in findings["model u2netp"]["message"]
