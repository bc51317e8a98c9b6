"""`packshot render`: presets on pictures and folders, with what a person changes, and mistakes."""

import json
import shutil
import weakref
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import yaml
from PIL import Image

from tests.support.product_pictures import COLOURS, png, vase
from tests.support.random_checkpoints import save_sd15
from transforms.cli.pictures import prepare_picture
from transforms.cli.render import choose_look, make_pictures
from transforms.images.contact_sheet import TILE_PX
from transforms.models.checkpoints import folder_sha256
from transforms.presets.loading import config_folder
from transforms.presets.scope import UNCHANGED


def cut_out(side: int = 240) -> bytes:
    """A picture from a studio that cuts out itself: no network is asked."""
    return png(vase(COLOURS[1], side=side, cut_out=True))


@pytest.fixture(scope="module")
def with_a_model(tmp_path_factory, small_config) -> Path:
    """A configuration that knows a checkpoint: real classes, tiny and with random weights."""
    folder = tmp_path_factory.mktemp("checkpoint") / "tiny"
    save_sd15(folder, "tiny")
    config = tmp_path_factory.mktemp("with-a-model") / "config"
    shutil.copytree(small_config, config)
    file = config / "models.yaml"
    models = yaml.safe_load(file.read_text())
    models["checkpoints"]["tiny"] = {
        "family": "sd15",
        "purpose": "Random and tiny.",
        "licence": "none",
        "commercial": True,
        "folder": str(folder),
        "sha256": folder_sha256(folder),
        "native_px": 64,
        "steps": 4,
    }
    file.write_text(yaml.safe_dump(models))
    for name in ("watercolour", "remove-object", "linen"):  # its tokeniser counts letters
        change(config / "presets" / f"{name}.yaml", prompt={"style": "ink"})
    return config


def change(preset: Path, **diffusion) -> None:
    """Change what a preset asks of its model; what it edits is held to the shapes it is given."""
    settings = yaml.safe_load(preset.read_text())
    settings["diffusion"] |= diffusion
    if settings["engine"] == "edit":
        settings["preserve"] = "structure"
    preset.write_text(yaml.safe_dump(settings))


def placed_from(path: Path) -> int:
    """First row of the picture that the prepared product shows."""
    return prepare_picture(path).facts.crop[1]


def opened(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def test_a_picture_becomes_a_png_in_the_presets_look(command, tmp_path):
    (tmp_path / "mug.png").write_bytes(cut_out())

    ended = command(
        "render", "--preset=linen", tmp_path / "mug.png", tmp_path / "out.png", "--json"
    )

    assert ended.code == 0, ended.err
    (told,) = json.loads(ended.out)
    assert told["output"] == str(tmp_path / "out.png")
    assert (told["engine"], told["checkpoint"], told["strength"]) == ("scene", "", None)
    assert opened(tmp_path / "out.png").shape == (400, 400, 3)


def test_an_outlets_frame_is_no_larger_than_the_product_has_pixels(command, tmp_path):
    (tmp_path / "mug.png").write_bytes(png(vase((176, 42, 38), side=700, cut_out=True)))

    ended = command(
        *("render", "--preset=standard", "--channel=zalando", "--json"),
        *(tmp_path / "mug.png", tmp_path / "out.png"),
    )

    assert ended.code == 0, ended.err
    (told,) = json.loads(ended.out)
    assert (told["reduced"], told["enlarged"], told["placement"]["scale"]) == (True, False, 1)
    height, width = opened(tmp_path / "out.png").shape[:2]
    assert height / width == pytest.approx(1.44, rel=0.005)


def test_of_a_folder_one_bad_picture_does_not_stop_the_others(command, tmp_path):
    for sku in ("A", "B", "C"):
        (tmp_path / "in" / sku).mkdir(parents=True)
    (tmp_path / "in/A/front.png").write_bytes(cut_out())
    (tmp_path / "in/B/front.jpg").write_bytes(b"<html>not a picture</html>")
    (tmp_path / "in/C/front.png").write_bytes(cut_out())

    ended = command("render", "--preset", "standard", tmp_path / "in", tmp_path / "out", "--json")

    assert ended.code == 1
    made = sorted(path.relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*.*"))
    assert [str(path) for path in made] == ["A/front.png", "C/front.png"]
    told = {Path(each["source"]).parent.name: each for each in json.loads(ended.out)}
    assert told["B"]["error"] in ended.err
    assert "output" in told["C"]


def test_what_it_made_is_not_taken_for_a_photograph_by_the_next_call(command, tmp_path):
    (tmp_path / "mug.png").write_bytes(cut_out())

    for _ in range(2):
        assert command("render", "--preset=standard", tmp_path, tmp_path / "out").code == 0

    assert [path.name for path in (tmp_path / "out").rglob("*.png")] == ["mug.png"]


def test_a_scaffold_is_drawn_also_where_a_plate_fits(command, small_config, tmp_path):
    (tmp_path / "mug.png").write_bytes(cut_out())
    config = tmp_path / "config"
    shutil.copytree(small_config, config)
    shutil.copytree(config_folder() / "plates", config / "plates", dirs_exist_ok=True)
    kinds = []
    for more in ([], ["--scaffold"]):
        ended = command(
            *("render", "--preset=linen", "--json", *more),
            *(tmp_path / "mug.png", tmp_path / "out.png"),
            config=config,
        )
        assert ended.code == 0, ended.err
        kinds.append(json.loads(ended.out)[0]["backdrop"]["kind"])

    assert kinds == ["plate", "scaffold"]


def test_equal_seeds_give_equal_bytes_and_another_one_another_backdrop(command, tmp_path):
    (tmp_path / "mug.png").write_bytes(cut_out())
    made = []
    for seed in (1, 1, 2):
        target = tmp_path / "out.png"
        options = ("--preset=wood-table", f"--seed={seed}")
        assert command("render", *options, tmp_path / "mug.png", target).code == 0
        made.append(target.read_bytes())

    assert made[0] == made[1]
    assert made[0] != made[2]


@pytest.mark.usefixtures("_one_thread")
def test_strength_seed_and_candidates_are_heeded_and_told(command, with_a_model, tmp_path):
    (tmp_path / "mug.png").write_bytes(cut_out())
    options = ("--model=tiny", "--strength=0.5", "--seed=7", "--candidates=2", "--json")

    ended = command(
        "render", "--preset=watercolour", *options, tmp_path / "mug.png", tmp_path / "out.png",
        config=with_a_model,
    )  # fmt: skip

    (told,) = json.loads(ended.out)
    assert [(each["strength"], each["seed"]) for each in told["attempts"]][:2] == [
        (0.5, 7),
        (0.5, 8),
    ]
    assert told["checkpoint"].startswith("sha256:")
    # Random weights make noise: the best is written, and a person is told.
    assert ended.code == 1
    assert told["broken"]
    assert f"did not pass: {', '.join(told['broken'])}" in ended.err
    assert (tmp_path / "out.png").is_file()


@pytest.mark.usefixtures("_one_thread")
def test_outside_of_its_mask_a_picture_stays_as_it_was(command, with_a_model, tmp_path):
    side = 240
    (tmp_path / "in").mkdir()
    (tmp_path / "masks").mkdir()
    for sku in ("A", "B"):
        (tmp_path / "in" / f"{sku}.png").write_bytes(cut_out(side))
    marked = np.zeros((side, side), np.uint8)
    marked[: side // 2] = 255
    Image.fromarray(marked).save(tmp_path / "masks" / "A.png")

    ended = command(
        "render", "--preset=remove-object", "--model=tiny", "--mask", tmp_path / "masks", "--json",
        tmp_path / "in", tmp_path / "out", config=with_a_model,
    )  # fmt: skip
    plain = command("render", "--preset=standard", tmp_path / "in/A.png", tmp_path / "plain.png")

    assert plain.code == 0
    told = {Path(each["source"]).stem: each for each in json.loads(ended.out)}
    assert "There is no mask" in told["B"]["error"]
    before, after = opened(tmp_path / "plain.png"), opened(tmp_path / "out/A.png")
    placed = told["A"]["placement"]
    edge = round(placed["top"] + placed["scale"] * (side // 2 - placed_from(tmp_path / "in/A.png")))
    assert np.array_equal(before[edge + 1 :], after[edge + 1 :])
    assert (before[:edge] != after[:edge]).any(axis=2).mean() > 0.1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--preset=moon", "a.png", "o.png"], "no moon.yaml; there:", id="preset"),
        pytest.param(["--preset=standard", "b.png", "o.png"], "no such picture", id="input"),
        pytest.param(["--preset=standard", "a.png", "o.jpg"], "must end in .png", id="format"),
        pytest.param(["--preset=standard", "a.png", "a.png"], "is one of the pictures", id="self"),
        pytest.param(["--preset=standard", "two", "o"], "would both become o/x.png", id="clash"),
        pytest.param(["--preset=standard", "two", "o.png"], "must be a folder", id="file"),
        pytest.param(["--preset=standard", "empty", "o"], "there is no picture in it", id="empty"),
        pytest.param(
            ["--preset=anime", "--model=sd15", "a.png", "o.png"], "packshot models fetch sd15",
            id="checkpoint in place of the preset's",
        ),
        pytest.param(
            ["--preset=anime", "a.png", "o.png"], "checkpoint sdxl: ", id="missing checkpoint"
        ),
        pytest.param(
            ["--preset=standard", "--mask=a.png", "a.png", "o.png"], "takes no --mask", id="mask"
        ),
        pytest.param(
            ["--preset=standard", "--strength=0.5", "a.png", "o.png"],
            "strength and candidates are for presets that ask", id="strength",
        ),
        pytest.param(
            ["--preset=winter", "--strength=0.5", "a.png", "o.png"],
            "to let one refine this one's backdrops", id="strength of a scene without a model",
        ),
        pytest.param(
            ["--preset=standard", "--model=sdxl", "a.png", "o.png"], "takes no --model", id="model"
        ),
        pytest.param(
            ["--preset=winter", "--channel=zalando", "a.png", "o.png"],
            "channel zalando takes products on plain canvases alone", id="scene for a white outlet",
        ),
        pytest.param(
            ["--preset=standard", "--channel=nowhere", "a.png", "o.png"],
            "no nowhere.yaml; there: amazon-main", id="no such channel",
        ),
    ],
)  # fmt: skip
def test_wrong_use_is_one_clear_line_before_any_work(
    command, tmp_path, monkeypatch, arguments, said
):
    monkeypatch.chdir(tmp_path)
    Path("a.png").write_bytes(b"never read")
    Path("empty").mkdir()
    Path("two").mkdir()
    for name in ("x.jpg", "x.png"):
        Path("two", name).write_bytes(b"never read")

    ended = command("render", *arguments)

    assert ended.code == 2
    assert said in ended.err
    assert ended.err.count("\n") == 1
    assert not Path("o").exists()


def test_a_preset_that_paints_a_mask_needs_one(command, with_a_model, tmp_path):
    (tmp_path / "mug.png").write_bytes(cut_out())
    arguments = ("--preset=remove-object", "--model=tiny", tmp_path / "mug.png", tmp_path / "o.png")

    ended = command("render", *arguments, config=with_a_model)

    assert ended.code == 2
    assert "preset remove-object needs --mask" in ended.err


def test_of_a_folder_no_more_than_two_pictures_are_held_at_once(
    tmp_path, small_config, monkeypatch
):
    monkeypatch.setenv("PACKSHOT_CONFIG", str(small_config))
    (tmp_path / "mug.png").write_bytes(cut_out())
    held: list[weakref.ref] = []
    most = 0

    def counted(path):
        nonlocal most
        found = prepare_picture(path)
        held.append(weakref.ref(found.image))
        most = max(most, sum(each() is not None for each in held))
        return found

    look = choose_look("linen", UNCHANGED, None)
    made = 0
    for _ in make_pictures(look, [partial(counted, tmp_path / "mug.png")] * 5):
        made += 1

    assert (made, len(held)) == (5, 5)
    assert most <= 2


class TestSweep:
    def test_a_sheet_has_the_photograph_and_a_column_for_each_seed(self, command, tmp_path):
        (tmp_path / "mug.png").write_bytes(cut_out())
        options = ("--preset=linen", "--strengths=0.2,0.4", "--seed=3")

        ended = command("sweep", *options, tmp_path / "mug.png", tmp_path / "sheet.png")

        assert ended.code == 0, ended.err
        sheet = opened(tmp_path / "sheet.png")
        assert sheet.shape[1] > 3 * TILE_PX
        assert "1 picture x 2" in ended.out
        columns = [sheet[200:500, 28 + n * 372 : 28 + n * 372 + TILE_PX] for n in range(3)]
        assert all(column.std() > 5 for column in columns)
        assert not np.array_equal(columns[1], columns[2])

    @pytest.mark.usefixtures("_one_thread")
    def test_each_strength_gets_a_column_without_a_ladder(self, command, with_a_model, tmp_path):
        (tmp_path / "in").mkdir()
        (tmp_path / "in/A.png").write_bytes(cut_out())
        (tmp_path / "in/B.jpg").write_bytes(b"no picture")
        options = ("--preset=watercolour", "--model=tiny", "--strengths=0.3,0.6")

        ended = command(
            "sweep", *options, tmp_path / "in", tmp_path / "sheet.png", config=with_a_model
        )

        assert ended.code == 1, "one picture could not be used"
        assert "2 pictures x 2" in ended.out
        assert ended.err.count("B.jpg: strength 0.3") == 1
        assert len(opened(tmp_path / "sheet.png")) > 2 * TILE_PX

    @pytest.mark.usefixtures("_one_thread")
    def test_a_refined_scene_stands_beside_the_one_that_is_not(
        self, command, with_a_model, tmp_path
    ):
        (tmp_path / "mug.png").write_bytes(cut_out())
        options = ("--preset=linen", "--model=tiny", "--scaffold", "--strengths=0.3,0.9")

        ended = command(
            "sweep", *options, tmp_path / "mug.png", tmp_path / "sheet.png", config=with_a_model
        )

        assert ended.code == 0, ended.err
        assert "1 picture x 3" in ended.out
        sheet = opened(tmp_path / "sheet.png").astype(int)
        drawn, little, much = (
            sheet[200:500, 28 + n * 372 : 28 + n * 372 + TILE_PX] for n in (1, 2, 3)
        )
        assert all(np.abs(column - drawn).mean() > 5 for column in (little, much))
        assert np.abs(little - much).mean() > 5

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--preset=anime", "a.png", "o.png"], "checkpoint sdxl: "),
            (["--preset=linen", "a.png", "o.jpg"], "must end in .png"),
            (["--preset=linen", "a.png", "a.png"], "is one of the pictures"),
            (["--preset=watercolour", "--model=tiny", "--strengths=0.2,high", "a.png", "o.png"],
             "'high' is no number above 0 and up to 1"),
            (["--preset=watercolour", "--model=tiny", "--strengths=0.2,1.5", "a.png", "o.png"],
             "'1.5' is no number above 0 and up to 1"),
            (["--preset=remove-object", "--model=tiny", "a.png", "o.png"], "needs a mask"),
            (["--preset=watercolour", "--model=tiny", "--scaffold", "a.png", "o.png"],
             "preset watercolour has no backdrop, so it takes no --scaffold"),
        ],
    )  # fmt: skip
    def test_wrong_use_is_one_clear_line(self, command, with_a_model, monkeypatch, arguments, said):
        monkeypatch.chdir(with_a_model.parent)
        Path("a.png").write_bytes(b"never read")

        ended = command("sweep", *arguments, config=with_a_model)

        assert ended.code == 2
        assert said in ended.err
        assert ended.err.count("\n") == 1
