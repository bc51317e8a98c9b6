"""A picture that harms its decoder is refused, and the next one is measured as if nothing was."""

import io
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from transforms.errors import SourceError
from transforms.images.decoding import open_image
from transforms.images.measures import measure_image
from transforms.images.sandbox import Limits, Sandbox


def encoded(image, kind="JPEG", **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def photo(side=300) -> bytes:
    levels = np.random.default_rng(1).integers(0, 256, (side, side, 3), dtype=np.uint8)
    return encoded(Image.fromarray(levels))


PHOTO = photo()


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


def test_measures_as_in_this_process(sandbox):
    assert sandbox.measure(PHOTO) == measure_image(open_image(PHOTO))


def test_refusals_come_through(sandbox):
    with pytest.raises(SourceError) as caught:
        sandbox.measure(b"%PDF-1.7")

    assert caught.value.reason == "not_an_image"
    assert "PDF" in caught.value.message


def mask(size=(300, 300)) -> Image.Image:
    picture = Image.new("L", size)
    picture.paste(255, (20, 20, 90, 60))
    return picture


def test_a_good_mask_changes_no_measure(sandbox):
    assert sandbox.measure(PHOTO, encoded(mask(), "PNG")) == sandbox.measure(PHOTO)


def test_a_mask_is_held_against_the_picture_as_it_is_turned(sandbox):
    exif = Image.Exif()
    exif[0x0112] = 6
    tall = encoded(Image.open(io.BytesIO(PHOTO)).resize((300, 200)), exif=exif)

    assert sandbox.measure(tall, encoded(mask((200, 300)), "PNG")).width_px == 200
    assert sandbox.measure(tall, encoded(mask((300, 200)), "PNG")).width_px == 200
    with pytest.raises(SourceError, match=r"bad_mask: .*100 x 300 px and the picture 200 x 300"):
        sandbox.measure(tall, encoded(mask((100, 300)), "PNG"))


def test_a_bad_picture_is_told_before_its_mask(sandbox):
    with pytest.raises(SourceError, match="not_an_image"):
        sandbox.measure(b"%PDF-1.7", b"")


def test_a_mask_that_harms_its_decoder_is_refused_and_the_next_picture_goes_on():
    hungry = encoded(Image.new("L", (9900, 9900)), "PNG", compress_level=9)
    with Sandbox(Limits(seconds=0.2)) as hasty:
        with pytest.raises(SourceError, match=r"bad_mask: .*0\.2 seconds"):
            hasty.measure(PHOTO, hungry)

        assert hasty.measure(PHOTO).width_px == 300


def test_a_mask_whose_child_always_dies_is_refused():
    slow = encoded(Image.new("L", (9900, 9900)), "PNG", compress_level=1)
    with Sandbox(Limits(memory_bytes=600 << 20)) as small:
        small.measure(PHOTO)
        with pytest.raises(SourceError, match="bad_mask"):
            small.measure(PHOTO, slow + bytes(500 << 20))

        assert small.measure(PHOTO).width_px == 300


def test_bigger_than_a_pipe(sandbox):
    big = photo(1500)

    assert len(big) > 1 << 20
    assert sandbox.measure(big).width_px == 1500


def test_killed_while_idle(sandbox):
    sandbox.measure(PHOTO)
    os.kill(sandbox.child_id, signal.SIGKILL)

    assert sandbox.measure(PHOTO).width_px == 300


def test_killed_in_the_middle(sandbox):
    slow = encoded(Image.new("RGB", (6000, 6000)), "PNG", compress_level=1)
    sandbox.measure(PHOTO)
    first = sandbox.child_id
    threading.Timer(0.1, os.kill, (first, signal.SIGKILL)).start()

    assert sandbox.measure(slow).width_px == 6000
    assert sandbox.child_id != first


def test_a_picture_whose_child_always_dies_is_refused_and_the_next_goes_on():
    slow = encoded(Image.new("RGB", (9000, 9000)), "PNG", compress_level=1)
    stop = threading.Event()

    def kill_each_child():
        while not stop.wait(0.05):
            if sandbox.child_id:
                with suppress(ProcessLookupError):
                    os.kill(sandbox.child_id, signal.SIGSEGV)

    with Sandbox() as sandbox:
        killer = threading.Thread(target=kill_each_child)
        killer.start()
        with pytest.raises(SourceError, match=r"unreadable: .*breaks? off"):
            sandbox.measure(slow)
        stop.set()
        killer.join()

        assert sandbox.measure(PHOTO).width_px == 300


@pytest.mark.parametrize("megabytes", [400, 600], ids=["decoding", "measuring"])
def test_too_much_memory_is_refused(megabytes):
    hungry = encoded(Image.new("RGB", (9000, 9000)), "PNG", compress_level=1)
    with Sandbox(Limits(memory_bytes=megabytes << 20)) as small:
        small.measure(PHOTO)
        with pytest.raises(SourceError, match=r"too_large: .*memory"):
            small.measure(hungry)

        assert small.measure(PHOTO).width_px == 300


def test_a_file_that_does_not_fit_the_child_is_refused():
    with Sandbox(Limits(memory_bytes=600 << 20)) as small, pytest.raises(SourceError):
        small.measure(b"\xff\xd8\xff" + bytes(500 << 20))


def test_too_much_time_is_refused_and_the_time_is_kept():
    slow = encoded(Image.new("RGB", (9900, 9900)), "PNG", compress_level=9)
    with Sandbox(Limits(seconds=0.2)) as hasty:
        begin = time.monotonic()
        with pytest.raises(SourceError, match=r"too_large: .*0\.2 seconds"):
            hasty.measure(slow)

        assert time.monotonic() - begin < 5
        assert hasty.measure(PHOTO).width_px == 300


def test_child_is_renewed_after_so_many_pictures():
    with Sandbox(Limits(pictures=2)) as sandbox:
        children = []
        for _ in range(5):
            sandbox.measure(PHOTO)
            children.append(sandbox.child_id)

    assert [len({*children[:2]}), len({*children[2:4]}), len({*children})] == [1, 1, 3]


def test_child_has_no_credentials(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    with Sandbox() as fresh:
        fresh.measure(PHOTO)
        environment = Path(f"/proc/{fresh.child_id}/environ").read_bytes()

    assert b"hush" not in environment


def runs(process: int) -> bool:
    status = Path(f"/proc/{process}/status")
    return status.exists() and "\nState:\tZ" not in status.read_text()


def test_child_ends_with_its_parent():
    program = (
        "import os, sys; from transforms.images.sandbox import Sandbox\n"
        "sandbox = Sandbox().__enter__()\n"
        "print(sandbox.child_id, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=False, cwd=Path.cwd()
    )
    child = int(done.stdout)
    until = time.monotonic() + 10
    while runs(child) and time.monotonic() < until:
        time.sleep(0.1)

    assert done.returncode == -signal.SIGKILL
    assert not runs(child)


def test_child_loads_what_it_decodes_and_measures_with_and_no_more():
    """It starts often, and reads what nobody has checked."""
    program = "import sys, transforms.images.sandbox_child; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path.cwd()
    ).stdout.split()

    own = {name.split(".")[1] for name in loaded if name.startswith("transforms.")}
    assert own == {"errors", "images", "pixels"}
    assert {"pydantic", "pyarrow", "boto3", "obstore", "onnxruntime"}.isdisjoint(loaded)


def test_child_leaves_no_core_and_has_a_memory_limit(sandbox):
    sandbox.measure(PHOTO)

    assert resource.prlimit(sandbox.child_id, resource.RLIMIT_CORE) == (0, 0)
    assert resource.prlimit(sandbox.child_id, resource.RLIMIT_AS)[0] == 3 << 30


def test_nothing_is_left_behind():
    with Sandbox() as sandbox:
        child = sandbox.child_id
        assert Path(f"/proc/{child}").exists()

    assert not Path(f"/proc/{child}").exists()
