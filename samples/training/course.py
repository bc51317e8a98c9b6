"""One network's training: the loop that all of them share, resumed from its last checkpoint."""

import copy
import json
import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

logger = logging.getLogger(__name__)

_LOGGED_EVERY = 50
_LARGEST_GRADIENT = 1.0
_WEIGHT_DECAY = 1e-4
_FALLING = 0.5
"""Last part of a course, in which the learning rate falls to nothing."""


@dataclass(frozen=True)
class Course:
    """What is trained, and for how long."""

    name: str
    network: nn.Module
    """What is trained and kept; on its device."""
    loss: Callable[[int], torch.Tensor]
    """Of one step. Whatever it draws comes from the step's number, so that a resumed run makes
    what an unbroken one makes."""
    steps: int
    learning_rate: float
    warm_up: int = 50
    remembered: float = 0.999
    """Of the squared gradients, from step to step: AdamW's second beta."""
    decay: float = 0.0
    """Of a moving average of the weights; 0: none."""
    check_every: int = 500
    check: Callable[[int, nn.Module], None] | None = None
    """Looks at the network, or at its moving average, whenever a checkpoint is written."""


def device() -> torch.device:
    """Where training runs."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def precision(on: torch.device) -> AbstractContextManager[None]:
    """bfloat16 where it is quick; a CPU without its instructions takes five times as long."""
    has = torch.cpu.get_capabilities()
    quick = on.type == "cuda" or has.get("avx512_bf16", False) or has.get("amx_bf16", False)
    return torch.autocast(on.type, torch.bfloat16) if quick else nullcontext()


def train(course: Course, folder: Path, *, until: int | None = None) -> nn.Module:
    """Train, or go on training.

    Args:
        course: What.
        folder: Of checkpoints and the log.
        until: Stop after this step all the same; None: at the course's end.

    Returns:
        The network, or its moving average where there is one; not in training mode.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path, log = folder / f"{course.name}.pt", folder / f"{course.name}.jsonl"
    network = course.network
    optimizer = torch.optim.AdamW(
        network.parameters(),
        course.learning_rate,
        betas=(0.9, course.remembered),
        weight_decay=_WEIGHT_DECAY,
    )
    average = copy.deepcopy(network).eval() if course.decay else None
    step = 0
    if path.exists():
        kept = torch.load(path, map_location=next(network.parameters()).device, weights_only=True)
        step = int(kept["step"])
        network.load_state_dict(kept["network"])
        optimizer.load_state_dict(kept["optimizer"])
        if average is not None:
            average.load_state_dict(kept["average"])
        logger.info("%s: goes on at step %d", course.name, step)
    end = min(course.steps, until) if until else course.steps
    begun, lately = time.monotonic(), []
    network.train()
    while step < end:
        for group in optimizer.param_groups:
            group["lr"] = course.learning_rate * _share(step, course)
        loss = course.loss(step)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), _LARGEST_GRADIENT)
        optimizer.step()
        step += 1
        lately.append(loss.detach())
        if average is not None:
            _follow(average, network, min(course.decay, (1 + step) / (10 + step)))
        if step % _LOGGED_EVERY == 0 or step == end:
            row = {
                "step": step,
                "loss": round(float(torch.stack(lately).mean()), 5),
                "seconds": round(time.monotonic() - begun, 1),
                "cpu_seconds": round(time.process_time(), 1),
            }
            with log.open("a") as lines:
                lines.write(json.dumps(row) + "\n")
            lately = []
        if step % course.check_every == 0 or step == end:
            _keep(path, step, network, optimizer, average)
            if course.check is not None:
                course.check(step, average or network)
                network.train()
    return (average or network).eval()


def _share(step: int, course: Course) -> float:
    """Of the learning rate: up in a line, level, down in a line.

    Level for half of the way, so that a course may be made longer or shorter while it runs: until
    the last part begins, `steps` is of no effect. Source: arXiv:2405.18392.
    """
    rising = (step + 1) / max(1, course.warm_up)
    falling = (course.steps - step) / max(1, course.steps * _FALLING)
    return min(1.0, rising, falling)


@torch.no_grad()
def _follow(average: nn.Module, network: nn.Module, decay: float) -> None:
    for kept, new in zip(average.parameters(), network.parameters(), strict=True):
        kept.lerp_(new, 1 - decay)


def _keep(
    path: Path,
    step: int,
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    average: nn.Module | None,
) -> None:
    unfinished = path.with_suffix(".part")
    state = {"step": step, "network": network.state_dict(), "optimizer": optimizer.state_dict()}
    if average is not None:
        state["average"] = average.state_dict()
    torch.save(state, unfinished)
    unfinished.replace(path)
