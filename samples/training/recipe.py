"""Every number that a run is made with."""

from dataclasses import dataclass, field

from samples.training.captions import KINDS

LATENT_CHANNELS = 4
"""The inpainting pipeline takes networks of 4 or 9 channels only."""
FACTOR = 8
"""Pixels a latent, along each side."""


@dataclass(frozen=True)
class AutoencoderRecipe:
    """Of the decoder; the encoder is computed, not trained."""

    width: int = 32
    blocks: tuple[int, int, int, int] = (3, 3, 1, 0)
    crop_px: int = 128
    batch: int = 8
    steps: int = 4000
    learning_rate: float = 2e-3


@dataclass(frozen=True)
class TextRecipe:
    """Of the text encoder."""

    width: int = 128
    layers: int = 2
    heads: int = 4
    batch: int = 48
    steps: int = 600
    learning_rate: float = 1e-3


@dataclass(frozen=True)
class DenoiserRecipe:
    """Of the denoiser."""

    widths: tuple[int, ...] = (64, 96, 128, 160)
    layers: int = 1
    heads_dim: int = 32
    groups: int = 8
    batch: int = 16
    steps: int = 12_000
    learning_rate: float = 6e-4
    """At 1e-3 a run was lost after 3,450 steps, all at once."""
    warm_up: int = 300
    remembered: float = 0.99
    """Of the squared gradients. With the usual 0.999 a sudden large one is divided by what is
    long out of date. Source: arXiv:2304.13013."""
    decay: float = 0.999
    """Of the moving average that is exported."""
    whitening: float = 0.5
    """Exponent on the variances of the latents: 1 makes all equal, 0 leaves them as in pixels.
    Between them brightness and colour, which eyes see first, are noised less than fine detail."""
    spread: float = 3.5
    """Standard deviation of the latents, as the root of their mean variance. At 1 the noise of
    strength 0.3 is a tenth of the range in every 8 x 8 pixels: blotches that a small network
    cannot take out again, and a layout that is lost at 0.5. At 3.5 it is 2/7 of that."""
    least_strength: float = 0.15
    greatest_strength: float = 0.75
    """Where image-to-image begins."""
    from_noise: float = 0.4
    """Share of the samples that are noised more than image-to-image needs, for pictures from
    words. With a twelfth, words were ignored after 8,000 such samples."""
    cropped: float = 0.5
    """Share of the steps that train on parts of pictures: a third of the cost each, with as much
    of a plain surface's grain, and of the colours that words ask for."""
    crop: int = 16
    """Side of such a part, in latents."""
    crops: int = 4
    """So many times the batch of them."""
    bridged: float = 0.6
    """Share of the others that begin at a sketch of the picture and end at the picture."""
    wordless: float = 0.1


@dataclass(frozen=True)
class RecogniserRecipe:
    """Of the network that judges."""

    width: int = 24
    batch: int = 32
    steps: int = 1200
    learning_rate: float = 2e-3


@dataclass(frozen=True)
class Recipe:
    """A whole run."""

    seed: int = 7
    kinds: tuple[str, ...] = KINDS
    side_px: int = 256
    stored_px: int = 320
    """Of the pictures that crops are taken of."""
    threads: int = 1
    """On cores that others use too, two threads wait for each other more than they work."""
    workers: int = 1
    """Processes that make lessons."""
    lessons: int = 24_000
    """Crops whose latents are made before the denoiser trains on them."""
    sweeps: int = 240
    """Drawn studio sweeps."""
    crops: int = 24
    """Of each plate."""
    held_out: int = 12
    """One picture in so many is never trained on."""
    check_every: int = 1000
    """Steps between checkpoints."""
    autoencoder: AutoencoderRecipe = field(default_factory=AutoencoderRecipe)
    text: TextRecipe = field(default_factory=TextRecipe)
    denoiser: DenoiserRecipe = field(default_factory=DenoiserRecipe)
    recogniser: RecogniserRecipe = field(default_factory=RecogniserRecipe)


SMOKE = Recipe(
    kinds=("winter", "marble", "studio"),
    side_px=64,
    stored_px=80,
    threads=1,
    lessons=6,
    sweeps=12,
    crops=1,
    held_out=4,
    check_every=2,
    autoencoder=AutoencoderRecipe(width=8, blocks=(1, 1, 0, 0), crop_px=32, batch=2, steps=4),
    text=TextRecipe(width=32, layers=1, heads=2, batch=8, steps=4),
    denoiser=DenoiserRecipe(
        widths=(8, 16), heads_dim=8, groups=4, batch=2, steps=4, warm_up=1, crop=4
    ),
    recogniser=RecogniserRecipe(width=4, batch=4, steps=4),
)
"""Trains every part for a few steps: that it runs, not that it learns."""

LARGE = Recipe(
    threads=8,
    workers=16,
    lessons=120_000,
    autoencoder=AutoencoderRecipe(width=48, blocks=(3, 3, 2, 1), crop_px=192, batch=32, steps=6000),
    text=TextRecipe(batch=128, steps=3000),
    denoiser=DenoiserRecipe(
        widths=(64, 128, 160), batch=256, steps=20_000, warm_up=500, decay=0.9995
    ),
    recogniser=RecogniserRecipe(width=48, steps=3000),
)
"""For a large GPU: about five million samples of the denoiser."""

RECIPES = {"smoke": SMOKE, "cpu": Recipe(), "gpu": LARGE}
