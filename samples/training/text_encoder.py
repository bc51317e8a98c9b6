"""The text encoder: taught what captions say, then frozen.

Trained along with the denoiser it collapses, and prompts are ignored (see README.md).
"""

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from samples.training.captions import CLASSES, Attributes, caption
from samples.training.course import Course, device
from samples.training.recipe import Recipe
from samples.training.words import LONGEST

_UNSAID = -1
_HELD_OUT = 1000


class Taught(nn.Module):
    """A text encoder with one head for each attribute; the heads are thrown away afterwards."""

    def __init__(self, encoder: CLIPTextModel) -> None:
        super().__init__()
        self.encoder = encoder
        wide = encoder.config.hidden_size
        self.heads = nn.ModuleDict(
            {name: nn.Linear(wide, len(values)) for name, values in CLASSES.items()}
        )

    def forward(self, tokens: torch.Tensor) -> list[torch.Tensor]:
        """Scores, (batch, values) for each attribute."""
        # What the denoiser reads are all tokens' states, so all of them are taught.
        states = self.encoder(tokens).last_hidden_state
        ends = tokens.argmax(dim=1)
        reach = torch.arange(tokens.shape[1], device=tokens.device)[None] <= ends[:, None]
        mean = (states * reach[..., None]).sum(dim=1) / reach.sum(dim=1, keepdim=True)
        return [head(mean) for head in self.heads.values()]


def untrained(words: CLIPTokenizer, recipe: Recipe) -> CLIPTextModel:
    """With random weights."""
    settings = recipe.text
    torch.manual_seed(recipe.seed)
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(words),
            hidden_size=settings.width,
            intermediate_size=4 * settings.width,
            num_hidden_layers=settings.layers,
            num_attention_heads=settings.heads,
            max_position_embeddings=LONGEST,
            bos_token_id=words.bos_token_id,
            eos_token_id=words.eos_token_id,
            pad_token_id=words.eos_token_id,
        )
    )


def course(taught: Taught, words: CLIPTokenizer, recipe: Recipe) -> Course:
    """Teach it what captions say."""
    on = device()
    taught.to(on)

    def loss(step: int) -> torch.Tensor:
        tokens, wanted = _sentences(words, (recipe.seed, 3, step), recipe.text.batch)
        scores = taught(tokens.to(on))
        parts = [
            cross_entropy(score, wanted[:, number].to(on), ignore_index=_UNSAID)
            for number, score in enumerate(scores)
            if (wanted[:, number] != _UNSAID).any()
        ]
        return torch.stack(parts).mean()

    return Course(
        "text",
        taught,
        loss,
        steps=recipe.text.steps,
        learning_rate=recipe.text.learning_rate,
        check_every=recipe.check_every,
    )


@torch.no_grad()
def accuracy(taught: Taught, words: CLIPTokenizer, recipe: Recipe) -> dict[str, float]:
    """Share of sentences never trained on whose attributes are read rightly."""
    tokens, wanted = _sentences(words, (recipe.seed, 4), _HELD_OUT)
    scores = taught.eval()(tokens.to(device()))
    result = {}
    for number, name in enumerate(CLASSES):
        said = wanted[:, number] != _UNSAID
        right = scores[number].argmax(dim=1).cpu() == wanted[:, number]
        result[name] = round(float(right[said].float().mean()), 3)
    return result


def encoded(encoder: CLIPTextModel, words: CLIPTokenizer, sentences: list[str]) -> torch.Tensor:
    """States of sentences as the pipelines compute them, (n, 77, width)."""
    on = next(encoder.parameters()).device
    tokens = _tokens(words, sentences, padding="max_length").to(on)
    with torch.no_grad():
        return encoder(tokens).last_hidden_state


def _sentences(
    words: CLIPTokenizer, seed: tuple[int, ...], count: int
) -> tuple[torch.Tensor, torch.Tensor]:
    rng = np.random.default_rng(seed)
    sentences, numbers = [], []
    for _ in range(count):
        chosen = {name: str(rng.choice(values)) for name, values in CLASSES.items()}
        sentence, said = caption(Attributes(**chosen), rng)
        sentences.append(sentence)
        numbers.append(said)
    # Padding teaches nothing, and takes most of the time.
    return _tokens(words, sentences, padding="longest"), torch.tensor(numbers)


def _tokens(words: CLIPTokenizer, sentences: list[str], *, padding: str) -> torch.Tensor:
    return words(
        sentences, padding=padding, max_length=LONGEST, truncation=True, return_tensors="pt"
    ).input_ids
