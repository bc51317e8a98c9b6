"""What a plate says of itself is near to what is known of it; notes beside it always win."""

import io

import numpy as np
import pytest
import yaml
from PIL import Image

from transforms.errors import ConfigError, RenderError
from transforms.presets.plate import Plate
from transforms.scenes.framing import frame_plate
from transforms.scenes.light import linear
from transforms.scenes.plate_notes import estimate_plate
from transforms.scenes.plates import read_plate, stock_plates
from transforms.scenes.scaffold import draw_scaffold
from transforms.storage.folder import FolderStorage

PALETTE = ((201, 183, 160), (86, 101, 89))
SEED = 2
KNOWN = [(kind, view) for kind in ("winter", "wood", "concrete") for view in ("level", "raised")]


def room(*, horizon: float, lit_from: str = "left") -> np.ndarray:
    """A dark table before a pale wall, brighter on one side, with something tall on the table."""
    side = 300
    pixels = np.full((side, side, 3), (214, 208, 200), np.float32)
    pixels[round(horizon * side) :] = (120, 84, 60)
    pixels[40:, 30:60] = (40, 80, 40)
    fall = np.linspace(1.15, 0.7, side)
    pixels *= (fall if lit_from == "left" else fall[::-1])[None, :, None]
    return np.clip(pixels, 0, 255).astype(np.uint8)


def jpeg(pixels: np.ndarray, **options) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=92, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(("horizon", "view"), [(0.62, "level"), (0.3, "raised")])
def test_the_ground_ends_where_the_picture_changes(horizon, view):
    plate = estimate_plate(room(horizon=horizon), name="p", kind="wood")

    assert plate.view == view
    assert abs(plate.horizon - horizon) < 0.03
    assert plate.stand > plate.horizon


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_light_comes_from_the_brighter_side(side):
    plate = estimate_plate(room(horizon=0.6, lit_from=side), name="p", kind="wood")

    assert (plate.light.azimuth_deg < 0) == (side == "left")
    assert abs(plate.light.azimuth_deg) > 20


@pytest.mark.parametrize(("kind", "view"), KNOWN)
def test_scenes_whose_geometry_is_known_are_read_right(kind, view):
    drawn = draw_scaffold(kind, width=384, height=384, view=view, palette=PALETTE, seed=SEED)

    plate = estimate_plate(drawn.pixels, name="p", kind=kind)

    assert plate.view == view
    assert abs(plate.horizon - drawn.horizon) < 0.08


def test_an_even_sweep_is_taken_for_one_that_things_stand_on():
    sweep = np.repeat(np.linspace(200, 240, 300)[:, None, None], 300, axis=1).repeat(3, axis=2)

    assert estimate_plate(sweep.astype(np.uint8), name="p", kind="studio").view == "raised"


def test_without_notes_the_folder_names_the_kind(tmp_path):
    (tmp_path / "winter").mkdir()
    (tmp_path / "winter" / "Lake View.jpg").write_bytes(jpeg(room(horizon=0.6)))

    (found,) = stock_plates(FolderStorage(tmp_path))

    assert (found.plate.name, found.plate.kind, found.estimated) == ("lake-view", "winter", True)


def test_notes_beside_a_plate_win(tmp_path):
    (tmp_path / "winter").mkdir()
    (tmp_path / "winter" / "lake.jpg").write_bytes(jpeg(room(horizon=0.6)))
    noted = estimate_plate(room(horizon=0.3), name="mine", kind="autumn")
    (tmp_path / "winter" / "lake.yaml").write_text(yaml.safe_dump(noted.model_dump(mode="json")))

    (found,) = stock_plates(FolderStorage(tmp_path))

    assert found.plate == noted
    assert not found.estimated


@pytest.mark.parametrize(
    ("files", "said"),
    [
        pytest.param(
            {"lake.jpg": jpeg(room(horizon=0.6))}, "no folder says its kind", id="no kind"
        ),
        pytest.param({"winter/lake.jpg": b"<html>"}, "cannot be used as a plate", id="no picture"),
        pytest.param(
            {"winter/lake.yaml": b"name: lake"}, "no picture of the same", id="notes alone"
        ),
        pytest.param(
            {"winter/a.jpg": jpeg(room(horizon=0.6)), "autumn/a.jpg": jpeg(room(horizon=0.3))},
            "'a' is used more than once",
            id="one name twice",
        ),
    ],
)
def test_what_cannot_be_a_plate_is_told(tmp_path, files, said):
    for key, data in files.items():
        (tmp_path / key).parent.mkdir(exist_ok=True)
        (tmp_path / key).write_bytes(data)

    with pytest.raises(ConfigError, match=said):
        stock_plates(FolderStorage(tmp_path))


def test_a_plate_is_read_upright_and_only_as_it_was_stocked(tmp_path):
    storage, exif = FolderStorage(tmp_path), Image.Exif()
    exif[0x0112] = 3
    storage.create("winter/lake.jpg", jpeg(room(horizon=0.6)[::-1, ::-1], exif=exif))
    (found,) = stock_plates(storage)

    upright = read_plate(storage, found)

    assert np.abs(upright.astype(int) - room(horizon=0.6)).mean() < 3
    (tmp_path / "winter" / "lake.jpg").write_bytes(jpeg(room(horizon=0.3)))
    with pytest.raises(RenderError, match="was replaced while the run"):
        read_plate(storage, found)


def test_a_tinted_plate_takes_the_brands_hue_and_keeps_its_brightness():
    noted = estimate_plate(room(horizon=0.6), name="p", kind="linen").model_dump()
    tinted = Plate.model_validate(noted | {"tinted": 0.5})
    size = {"width": 200, "height": 200, "seed": 0}

    plain = frame_plate(room(horizon=0.6), tinted, **size).pixels
    toned = frame_plate(room(horizon=0.6), tinted, **size, palette=((60, 90, 160),)).pixels

    before, after = (linear(each).reshape(-1, 3).mean(axis=0) for each in (plain, toned))
    assert after[2] / after[0] > 1.3 * before[2] / before[0]
    assert abs(after @ (0.2126, 0.7152, 0.0722) / (before @ (0.2126, 0.7152, 0.0722)) - 1) < 0.03
