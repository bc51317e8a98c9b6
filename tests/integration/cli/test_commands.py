"""The command line as people and scripts use it: output, exit codes, and what errors say."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from PIL import Image

from tests.support.product_pictures import jpeg, products, vase


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
        pytest.param(["presets", "show", "moon"], 2, "no moon.yaml; there:", id="no preset"),
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


def square(folder: Path, name: str, *, at: int = 30) -> Path:
    """A picture of 90 px that came cut out, so that no network is needed."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.new("RGBA", (90, 90))
    picture.paste((170, 40, 40, 255), (at, 20, at + 40, 70))
    picture.save(path)
    return path


def loaded(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        picture.load()
    return picture


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_cutout_keeps_folders_reports_failures_and_resumes(tmp_path):
    source, target = tmp_path / "in", tmp_path / "out"
    (source / "deep").mkdir(parents=True)
    (source / "deep" / "vase.jpg").write_bytes(jpeg(vase((30, 90, 160))))
    (source / "broken.jpg").write_bytes(b"\xff\xd8\xff not a picture")

    done = packshot("cutout", source, target)
    made = target / "deep" / "vase.png"
    modified = made.stat().st_mtime_ns
    square(source, "later.png")
    again = packshot("cutout", source, target)

    assert (done.returncode, again.returncode) == (1, 1)
    assert "broken.jpg" in done.stderr
    assert (done.stdout.strip(), again.stdout.strip()) == (str(made), str(target / "later.png"))
    assert made.stat().st_mtime_ns == modified
    assert files(target) == {"deep/vase.png", "later.png"}
    alpha = Image.open(made).getchannel("A")
    assert alpha.getpixel((210, 250)) == 255
    assert alpha.getpixel((5, 5)) == 0


def test_cutout_refuses_two_pictures_with_one_target(tmp_path):
    for name in ("vase.jpg", "vase.png"):
        vase((30, 90, 160), side=64).save(tmp_path / name)

    done = packshot("cutout", tmp_path, tmp_path / "out")

    assert done.returncode == 2
    assert "would both become" in done.stderr
    assert files(tmp_path) == {"vase.jpg", "vase.png"}


def test_what_cutout_wrote_within_its_input_is_not_cut_out_again(tmp_path):
    square(tmp_path, "in/deep/a.png")

    done = [
        packshot("cutout", "in", target, folder=tmp_path)
        for target in ("in/out", tmp_path / "in" / "out", "in/deep/../out")
    ]

    assert [each.returncode for each in done] == [0, 0, 0]
    assert [each.stdout.splitlines() for each in done] == [["in/out/deep/a.png"], [], []]
    assert files(tmp_path) == {"in/deep/a.png", "in/out/deep/a.png"}


def test_cutout_uses_a_mask_beside_its_picture_and_asks_no_network(tmp_path):
    mask = Image.new("L", (64, 64))
    mask.paste(255, (10, 20, 30, 50))
    for name in ("cup.jpg", "mug.jpg", "pot.jpg"):
        vase((30, 90, 160), side=64).save(tmp_path / name)
    mask.save(tmp_path / "cup.mask.png")
    mask.save(tmp_path / "mug.MASK.png")
    for name in ("pot.mask.png", "pot.Mask.png"):
        mask.save(tmp_path / name)
    out = tmp_path / "out"

    done = packshot("cutout", tmp_path, out, "--json", PACKSHOT_MODELS=str(tmp_path))

    assert files(out) == {"cup.png", "mug.png"}
    for path in out.iterdir():
        assert loaded(path).getchannel("A").tobytes() == mask.tobytes()
    assert done.returncode == 1
    assert "pot.Mask.png and pot.mask.png are both its mask" in done.stderr
    rows = json.loads(done.stdout)
    assert [row.get("matte", {}).get("origin") for row in rows] == ["mask", "mask", None]


def test_cutout_tells_a_mask_of_another_size(tmp_path):
    vase((30, 90, 160), side=64).save(tmp_path / "cup.jpg")
    Image.new("L", (50, 60), 255).save(tmp_path / "cup.mask.png")

    done = packshot("cutout", tmp_path / "cup.jpg", tmp_path / "cup.png")

    assert done.returncode == 1
    assert "50 x 60" in done.stderr
    assert not (tmp_path / "cup.png").exists()


def test_cutout_lays_sheets_of_24_pictures_each(tmp_path):
    for number in range(25):
        square(tmp_path, f"in/{number:02}.png", at=number)
    arguments = ["cutout", tmp_path / "in", tmp_path / "out", "--sheet"]

    many = packshot(*arguments, tmp_path / "looks" / "sheet.png")
    (tmp_path / "in" / "24.png").unlink()
    fewer = packshot(*arguments, tmp_path / "one.png")

    assert (many.returncode, fewer.returncode) == (0, 0)
    assert files(tmp_path / "looks") == {"sheet.png", "sheet-2.png"}
    first, second, only = (
        loaded(tmp_path / name) for name in ("looks/sheet.png", "looks/sheet-2.png", "one.png")
    )
    assert first.size == only.size == (1812, 12 * 322)
    assert second.size == (1812, 322)
    grey, magenta = (first.getpixel((place * 300 + 106, 16 + 110)) for place in (1, 2))
    assert (grey, magenta) == ((119, 119, 119), (255, 0, 255))
    assert first.getpixel((300 + 125, 16 + 150)) == (170, 40, 40)
    assert not (tmp_path / "one-2.png").exists()


def test_cutout_tells_everything_as_json(tmp_path):
    made, there = square(tmp_path, "in/deep/a.png"), square(tmp_path, "in/b.png")
    broken = tmp_path / "in" / "c.jpg"
    broken.write_bytes(b"GIF89a")
    out = tmp_path / "out"
    packshot("cutout", there, out / "b.png")

    done = packshot("cutout", tmp_path / "in", out, "--json")

    assert done.returncode == 1
    by_source = {row.pop("source"): row for row in json.loads(done.stdout)}
    assert set(by_source) == {str(made), str(there), str(broken)}
    first = by_source[str(made)]
    assert (first["target"], first["made"]) == (str(out / "deep" / "a.png"), True)
    assert first["matte"]["origin"] == "alpha"
    assert first["matte"]["area_share"] == round(40 * 50 / 8100, 5)
    assert by_source[str(there)] == {"target": str(out / "b.png"), "made": False}
    assert list(by_source[str(broken)]) == ["error"]
    assert by_source[str(broken)]["error"] in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["a.png", "b.jpg"], "b.jpg: must end in .png", id="no png"),
        pytest.param(["a.png", "b"], "b: must end in .png", id="a folder for one"),
        pytest.param(["a.png", "a.png"], "a.png: is the picture itself", id="itself"),
        pytest.param(["d/e.png", "d/../d/e.png"], "is the picture itself", id="by another way"),
        pytest.param(["d", "d"], "d: is the input", id="its folder"),
        pytest.param(["a.png", "b.png", "--sheet=c.jpg"], "c.jpg: must end in .png", id="sheet"),
        pytest.param(
            ["a.png", "b.png", "--sheet=a.png"], "a.png: is a picture", id="sheet over a picture"
        ),
        pytest.param(
            ["a.png", "b.png", "--sheet=b.png"], "b.png: is a picture", id="sheet over a cut-out"
        ),
        pytest.param(["d", "b", "--sheet=d/e.png"], "d/e.png: is a picture", id="sheet within"),
        pytest.param(
            ["a.png", "b.png", "--sheet=a.mask.png"], "not in .mask.png", id="over a mask"
        ),
    ],
)
def test_cutout_refuses_what_would_lose_or_confuse_pictures(tmp_path, arguments, said):
    pictures = [square(tmp_path, name) for name in ("a.png", "d/e.png")]
    before = [path.read_bytes() for path in pictures]

    done = packshot("cutout", *arguments, folder=tmp_path)

    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert [path.read_bytes() for path in pictures] == before
    assert files(tmp_path) == {"a.png", "d/e.png"}


def test_a_benchmark_is_not_begun_with_what_is_not_there(tmp_path):
    square(tmp_path, "a.png")

    missing = packshot("bench", "throughput", ".", "--rembg=nowhere", folder=tmp_path)
    single = packshot("bench", "throughput", ".", folder=tmp_path)

    assert (missing.returncode, single.returncode) == (2, 2)
    assert "nowhere" in missing.stderr
    assert "2 or more" in single.stderr


def test_checkpoints_are_listed_by_their_names(small_config):
    done = packshot("models", "list", "--json", PACKSHOT_CONFIG=str(small_config))

    listed = {each["name"]: each for each in json.loads(done.stdout)["checkpoints"]}
    assert (listed["packshot-mini"]["for_shops"], listed["packshot-mini"]["missing"]) == (
        "to try out",
        "",
    )
    assert (listed["sdxl"]["for_shops"], listed["flux-dev"]["for_shops"]) == ("yes", "no")
    assert "" not in listed


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
    mini = findings["demonstration packshot-mini"]
    assert mini["state"] == "ok"
    alternatives = {"sdxl", "sd15", "flux-schnell", "flux2-klein", "qwen-image"}
    assert alternatives <= set(re.findall(r"[\w-]+", mini["message"]))


def test_doctor_warns_of_a_night_with_the_demonstration_model(small_config, tmp_path):
    config = tmp_path / "config"
    shutil.copytree(small_config, config)
    (file,) = (config / "catalogues").glob("*.yaml")
    catalogue = yaml.safe_load(file.read_text()) | {"scene_model": "packshot-mini"}
    file.write_text(yaml.safe_dump(catalogue))

    done = packshot("doctor", "--json", PACKSHOT_CONFIG=str(config))

    found = [each for each in json.loads(done.stdout) if each["state"] == "warning"]
    assert "checkpoint packshot-mini" in {each["what"] for each in found}
