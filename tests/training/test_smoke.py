"""The whole way from plates to a folder of weights, in a few steps of every part."""

import numpy as np
import pytest
import torch
from PIL import Image

from benchmarks.bundled import LIMITS, bench_bundled
from samples.training.__main__ import main
from samples.training.autoencoder import as_tensor, untrained
from samples.training.bank import encoding
from samples.training.batches import Pictures
from samples.training.course import Course, train
from samples.training.latents import WIDTH, principal, write_encoder
from samples.training.recipe import RECIPES


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """A run that was stopped in the middle of the denoiser, and went on."""
    folder = tmp_path_factory.mktemp("work")
    for step in ("data", "text", "autoencoder"):
        main([step, str(folder), "--recipe", "smoke"])
    main(["denoiser", str(folder), "--recipe", "smoke", "--until", "2"])
    stopped = torch.load(folder / "checkpoints" / "denoiser.pt", weights_only=True)
    assert stopped["step"] == 2
    for step in ("denoiser", "recogniser", "export"):
        main([step, str(folder), "--recipe", "smoke"])
    return folder


def test_resumes_from_its_checkpoint(work):
    """The second start makes the steps that were missing, and no others."""
    kept = torch.load(work / "checkpoints" / "denoiser.pt", weights_only=True)
    logged = (work / "checkpoints" / "denoiser.jsonl").read_text().splitlines()

    assert kept["step"] == 4
    assert ['"step": 2' in logged[0], '"step": 4' in logged[1]] == [True, True]


def test_every_checkpoint_is_looked_at(work):
    looked = (work / "checkpoints" / "gates" / "gates.jsonl").read_text().splitlines()

    assert len(looked) == 2
    assert len(list((work / "checkpoints" / "gates").glob("sheet-*.png"))) == 2


@pytest.mark.parametrize("name", ["AutoPipelineForImage2Image", "AutoPipelineForInpainting"])
def test_diffusers_loads_what_is_exported(work, name):
    """The folder is an ordinary checkpoint: each stock pipeline makes a picture with it."""
    diffusers = pytest.importorskip("diffusers")
    pipeline = getattr(diffusers, name).from_pretrained(
        str(work / "model"), use_safetensors=True, local_files_only=True, dtype=torch.float32
    )
    pipeline.set_progress_bar_config(disable=True)
    grey = Image.new("RGB", (64, 64), (120, 130, 140))
    given = {"image": grey, "mask_image": grey} if "Inpaint" in name else {"image": grey}

    made = (
        pipeline("winter", **given, width=64, height=64, num_inference_steps=2, output_type="np")
        if "Inpaint" in name
        else pipeline("winter", **given, num_inference_steps=2, output_type="np")
    )

    assert np.asarray(made.images[0]).shape == (64, 64, 3)
    assert np.isfinite(made.images[0]).all()


def test_the_encoder_is_the_principal_components():
    """What the convolutions answer is what the filters measure, block by block."""
    diffusers = pytest.importorskip("diffusers")
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 256, (32, 32, 3)).astype(np.uint8)
    components = principal([picture], rng)
    gains = components.gains(0.5, 1.0)
    network = diffusers.AutoencoderTiny(
        encoder_block_out_channels=(WIDTH,) * 4,
        decoder_block_out_channels=(8,) * 4,
        num_encoder_blocks=(0, 0, 0, 0),
        num_decoder_blocks=(1, 0, 0, 0),
    )
    write_encoder(network.encoder.layers, components, gains)

    given = torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 127.5 - 1
    with torch.no_grad():
        latents = network.encode(given).latents[0].numpy()

    blocks = picture.reshape(4, 8, 4, 8, 3).transpose(0, 2, 1, 3, 4) / 255 - components.mean
    wanted = np.einsum("hwabc,kabc->khw", blocks, components.filters) * gains[:, None, None]
    np.testing.assert_allclose(latents, wanted, atol=1e-5)


def test_a_resumed_course_ends_where_an_unbroken_one_does(tmp_path):
    """Everything that a step draws comes from its number."""

    def course():
        torch.manual_seed(0)
        network = torch.nn.Linear(3, 1)

        def loss(step):
            given = torch.from_numpy(np.random.default_rng(step).standard_normal((4, 3))).float()
            return (network(given) - given.sum(1, keepdim=True)).square().mean()

        return Course("line", network, loss, steps=6, learning_rate=0.1, decay=0.9)

    whole = train(course(), tmp_path / "whole")
    train(course(), tmp_path / "parts", until=3)
    parts = train(course(), tmp_path / "parts")

    torch.testing.assert_close(parts.weight, whole.weight)


def test_the_encoder_read_as_one_matrix_says_the_same(work):
    """Lessons are encoded by a matrix product, pictures by the network: latents are equal."""
    recipe = RECIPES["smoke"]
    pictures = Pictures(work / "shards", recipe)
    network = untrained(pictures, recipe)
    picture = pictures.lesson(np.random.default_rng(0)).picture

    with torch.no_grad():
        latents = network.encoder(as_tensor([picture]))[0].numpy() * network.config.scaling_factor

    np.testing.assert_allclose(encoding(network)(picture), latents, atol=0.01)


def test_a_model_of_a_few_steps_is_judged_and_fails(work):
    """The table is made by the very folder that is exported, and finds it wanting."""
    measured = bench_bundled(work / "model", tries=1, steps=(5,))

    assert [row["name"] for row in measured["table"]] == list(LIMITS)
    assert measured["passed"] is False
    assert set(measured["seconds_a_picture"]) == {"5"}
