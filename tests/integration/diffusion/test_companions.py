"""ControlNets, IP-Adapters and LoRAs: each shows, and what is missing is said."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from tests.integration.diffusion import tiny_companions
from tests.integration.diffusion.pictures import distance, one, picture, request_for
from transforms.diffusion.engine import DiffusionEngine
from transforms.errors import ConfigError, ModelError
from transforms.presets.checkpoint import Companion

CONTROLLED = [(f, t) for f in ("sd15", "sdxl") for t in ("image-to-image", "inpaint")]


@pytest.fixture(scope="module")
def with_companion(checkpoint_of, tmp_path_factory):
    """From a family's name and a kind of companion to its checkpoint with one."""
    built = {}

    def find(family: str, kind: str):
        if (family, kind) not in built:
            make = {
                "canny": tiny_companions.control_net,
                "lora": tiny_companions.lora,
                "ip-adapter": tiny_companions.ip_adapter,
            }[kind]
            checkpoint = checkpoint_of(family)
            folder = tmp_path_factory.mktemp(f"{family}-{kind}") / "companion"
            companions = {"brand": make(checkpoint, folder)}
            built[family, kind] = checkpoint.model_copy(update={"companions": companions})
        return built[family, kind]

    return find


@pytest.fixture(scope="module")
def styles(tmp_path_factory) -> list[str]:
    """Two brand pictures."""
    folder, paths = tmp_path_factory.mktemp("styles"), []
    for seed in (21, 22):
        paths.append(str(folder / f"{seed}.png"))
        Image.fromarray(picture(seed, (48, 64))).save(paths[-1])
    return paths


def asking(task: str = "image-to-image", **asked):
    request = request_for(task)
    return replace(request, diffusion=request.diffusion.model_copy(update=asked))


def made(checkpoint, request) -> np.ndarray:
    with DiffusionEngine(checkpoint, device="cpu") as engine:
        return one(engine, request)


@pytest.mark.parametrize(("family", "task"), CONTROLLED)
def test_edges_hold_a_picture(with_companion, family, task):
    checkpoint = with_companion(family, "canny")
    free, held = request_for(task), asking(task, control="canny")
    with DiffusionEngine(checkpoint, device="cpu") as engine:
        assert distance(one(engine, free), one(engine, held)) > 1


def test_the_network_is_shown_the_edges_of_each_picture(with_companion):
    checkpoint, request = with_companion("sd15", "canny"), asking(control="canny")
    framed = request.pixels.copy()
    framed[60:120, 60:180] = 255 - framed[60:120, 60:180]
    with DiffusionEngine(checkpoint, device="cpu") as engine:
        pipeline = engine._model(request.diffusion)._pipeline
        seen = []
        pipeline.controlnet.register_forward_pre_hook(
            lambda _, __, named: seen.append(float(named["controlnet_cond"].mean())),
            with_kwargs=True,
        )
        one(engine, replace(request, pixels=framed))
        edged, seen[:] = list(seen), []
        one(engine, request)

    assert all(0.001 < each < 0.5 for each in edged)
    assert set(seen) == {0.0}  # blobs have none


@pytest.mark.parametrize("family", ["sd15", "sdxl", "flux-dev"])
def test_a_lora_changes_what_is_made_by_its_weight(with_companion, family):
    checkpoint = with_companion(family, "lora")
    plain, styled = made(checkpoint, request_for("image-to-image")), asking(loras=("brand",))
    lighter = checkpoint.companions["brand"].model_copy(update={"weight": 0.05})
    light = checkpoint.model_copy(update={"companions": {"brand": lighter}})

    strong, weak = (distance(plain, made(each, styled)) for each in (checkpoint, light))

    assert strong > weak > 0


@pytest.mark.parametrize("family", ["sd15", "sdxl"])
@pytest.mark.parametrize("task", ["image-to-image", "inpaint"])
def test_a_style_picture_shows(with_companion, styles, family, task):
    checkpoint = with_companion(family, "ip-adapter")
    plain = made(checkpoint, request_for(task))

    one_way, other = (made(checkpoint, asking(task, style_picture=each)) for each in styles)

    assert distance(plain, one_way) > 0.5
    assert distance(one_way, other) > 0


def test_a_style_picture_serves_a_whole_batch(with_companion, styles):
    request = asking(style_picture=styles[0])
    requests = [request, replace(request, pixels=picture(5), seed=5)]
    with DiffusionEngine(with_companion("sd15", "ip-adapter"), device="cpu") as engine:
        alone = [one(engine, each) for each in requests]
        together = [each.pixels for each in engine.generate(requests)]

    for one_way, other in zip(alone, together, strict=True):
        assert np.abs(one_way.astype(int) - other).max() <= 2


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        ({"control": "canny"}, "canny"),
        ({"loras": ("brand",)}, "LoRA brand"),
        ({"style_picture": "style.png"}, "ip-adapter"),
    ],
    ids=["control", "lora", "style"],
)
def test_a_companion_that_no_entry_names_is_said(checkpoint_of, asked, what):
    with pytest.raises(
        ConfigError, match=f"sd15: companions: .*asks for {what}, and there is none"
    ):
        made(checkpoint_of("sd15"), asking(**asked))


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("canny", {"control": "canny"}),
        ("lora", {"loras": ("brand",)}),
        ("ip-adapter", {"style_picture": "style.png"}),
    ],
    ids=["control", "lora", "style"],
)
def test_a_companion_that_is_not_there_is_said(checkpoint_of, kind, asked):
    gone = {"brand": Companion(kind=kind, folder="/nowhere", sha256="0" * 64)}
    checkpoint = checkpoint_of("sd15").model_copy(update={"companions": gone})

    with pytest.raises(ModelError, match="sd15: companion brand: /nowhere is not there"):
        made(checkpoint, asking(**asked))


def test_a_companion_of_another_family_is_said(checkpoint_of, with_companion):
    foreign = with_companion("sdxl", "ip-adapter").companions
    checkpoint = checkpoint_of("sd15").model_copy(update={"companions": foreign})

    with pytest.raises(ModelError, match="companion brand: does not fit its checkpoint"):
        made(checkpoint, asking(style_picture="style.png"))


def test_which_of_several_files_is_meant_must_be_said(with_companion, tmp_path):
    folder = tmp_path / "several"
    tiny_companions.lora(with_companion("sd15", "lora"), folder)
    (folder / "other.safetensors").write_bytes(
        (folder / "pytorch_lora_weights.safetensors").read_bytes()
    )
    several = tiny_companions._described("lora", folder)
    checkpoint = with_companion("sd15", "lora")

    with pytest.raises(ModelError, match=r"`file` must name one of .*other\.safetensors"):
        made(
            checkpoint.model_copy(update={"companions": {"brand": several}}),
            asking(loras=("brand",)),
        )


def test_a_style_picture_that_is_not_there_is_said(with_companion):
    with pytest.raises(ConfigError, match=r"style_picture /nowhere\.png: cannot be opened"):
        made(with_companion("sd15", "ip-adapter"), asking(style_picture="/nowhere.png"))


def test_depth_says_that_nothing_estimates_it(checkpoint_of):
    with pytest.raises(ConfigError, match="depth needs an estimator"):
        made(checkpoint_of("sd15"), asking(control="depth"))


def test_a_family_without_control_says_so(checkpoint_of):
    with pytest.raises(ConfigError, match=r"FLUX\.1 dev has no ControlNet here"):
        made(checkpoint_of("flux-dev"), asking(control="canny"))


def test_a_family_without_ip_adapter_says_so(checkpoint_of):
    with pytest.raises(ConfigError, match="qwen-image takes no IP-Adapter"):
        made(checkpoint_of("qwen-image"), asking(style_picture="style.png"))
