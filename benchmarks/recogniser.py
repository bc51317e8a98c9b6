"""A small network that says what a backdrop shows: the judge of what models make of prompts.

It is trained by `samples.training.recogniser` on pictures that no model made; it is no part of one.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import nn

SIDE_PX = 64
"""What it is shown: enough to know snow from sand."""

_WEIGHTS, _SETTINGS = "recogniser.safetensors", "recogniser.json"


class Recogniser(nn.Module):
    """Four convolutions and one answer for each attribute."""

    def __init__(self, width: int, classes: dict[str, list[str]]) -> None:
        super().__init__()
        self.width, self.classes = width, classes
        layers: list[nn.Module] = []
        before = 3
        for factor in (1, 2, 4, 4):
            layers += [
                nn.Conv2d(before, width * factor, 3, stride=2, padding=1),
                nn.GroupNorm(1, width * factor),
                nn.ReLU(),
            ]
            before = width * factor
        self.body = nn.Sequential(*layers)
        # Corners are told from middles: where a horizon lies says how a camera looks.
        self.pool = nn.AdaptiveAvgPool2d((2, 1))
        self.heads = nn.ModuleDict(
            {name: nn.Linear(2 * before, len(values)) for name, values in classes.items()}
        )

    def forward(self, pictures: torch.Tensor) -> list[torch.Tensor]:
        """Scores of (batch, 3, 64, 64), -1 to 1: (batch, values) for each attribute."""
        seen = self.pool(self.body(pictures)).flatten(1)
        return [head(seen) for head in self.heads.values()]

    def named(self, pictures: Sequence[npt.NDArray[np.float32]]) -> list[dict[str, str]]:
        """What pictures, (height, width, 3), sRGB 0 to 1, show."""
        with torch.no_grad():
            scores = self(as_seen(pictures))
        chosen = [score.argmax(dim=1).tolist() for score in scores]
        return [
            {
                name: self.classes[name][row[number]]
                for name, row in zip(self.classes, chosen, strict=True)
            }
            for number in range(len(pictures))
        ]


def as_seen(pictures: Sequence[npt.NDArray[np.float32]]) -> torch.Tensor:
    """Pictures, (height, width, 3), sRGB 0 to 1, as the network takes them."""
    small = [
        cv2.resize(each, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA) for each in pictures
    ]
    return torch.from_numpy(np.stack(small)).permute(0, 3, 1, 2).float().contiguous() * 2 - 1


def write_recogniser(network: Recogniser, folder: Path) -> None:
    """Write it into a folder."""
    from safetensors.torch import save_file  # noqa: PLC0415 - an extra

    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: value.half().contiguous() for name, value in network.state_dict().items()}
    save_file(weights, str(folder / _WEIGHTS))
    settings = {"width": network.width, "classes": network.classes}
    (folder / _SETTINGS).write_text(json.dumps(settings, indent=2) + "\n")


def read_recogniser(folder: Path) -> Recogniser:
    """Read it out of a folder.

    Raises:
        FileNotFoundError: There is none.
    """
    from safetensors.torch import load_file  # noqa: PLC0415 - an extra

    settings = json.loads((folder / _SETTINGS).read_text())
    network = Recogniser(settings["width"], settings["classes"])
    weights = load_file(str(folder / _WEIGHTS))
    network.load_state_dict({name: value.float() for name, value in weights.items()})
    return network.eval()
