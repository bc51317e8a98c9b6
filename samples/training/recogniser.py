"""Trains the network that says what a picture shows; see `benchmarks.recogniser`."""

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from benchmarks.recogniser import Recogniser, as_seen
from samples.training.batches import Lesson, Pictures
from samples.training.captions import CLASSES
from samples.training.course import Course, device
from samples.training.recipe import Recipe


def untrained(recipe: Recipe) -> Recogniser:
    """With random weights."""
    torch.manual_seed(recipe.seed)
    return Recogniser(recipe.recogniser.width, {name: list(CLASSES[name]) for name in CLASSES})


def course(network: Recogniser, pictures: Pictures, recipe: Recipe) -> Course:
    """Teach it to name the attributes of pictures."""
    on = device()
    network.to(on)

    def loss(step: int) -> torch.Tensor:
        rng = np.random.default_rng((recipe.seed, 10, step))
        given, wanted = _lessons(pictures.lessons(rng, recipe.recogniser.batch))
        scores = network(given.to(on))
        parts = [
            cross_entropy(score, wanted[:, number].to(on)) for number, score in enumerate(scores)
        ]
        return torch.stack(parts).mean()

    return Course(
        "recogniser",
        network,
        loss,
        steps=recipe.recogniser.steps,
        learning_rate=recipe.recogniser.learning_rate,
        decay=0.98,
        check_every=recipe.check_every,
    )


@torch.no_grad()
def accuracy(
    network: Recogniser, pictures: Pictures, recipe: Recipe, count: int
) -> dict[str, float]:
    """Share of held-out pictures that it names rightly, for each attribute."""
    rng = np.random.default_rng((recipe.seed, 11))
    given, wanted = _lessons(pictures.lessons(rng, count))
    scores = network.eval()(given.to(device()))
    return {
        name: round(float((scores[number].argmax(1).cpu() == wanted[:, number]).float().mean()), 3)
        for number, name in enumerate(CLASSES)
    }


def _lessons(lessons: list[Lesson]) -> tuple[torch.Tensor, torch.Tensor]:
    given = as_seen([lesson.picture for lesson in lessons])
    return given, torch.tensor([lesson.attributes.numbers() for lesson in lessons])
