"""Trains the model step by step, or goes on where a step was stopped.

    python -m samples.training all WORK --traced DIR --recipe cpu   everything below, in this order
    python -m samples.training data WORK --traced DIR                 gather pictures into shards
    python -m samples.training text|autoencoder|denoiser|recogniser WORK
    python -m samples.training export WORK --to FOLDER               write what diffusers loads

Render DIR before with `python -m samples.training.traced DIR` in Blender's environment; without it
plates and drawn sweeps are all there is. WORK keeps shards, checkpoints, logs and sheets. On a GPU,
`--recipe gpu`.
"""

import argparse
import json
import logging
from pathlib import Path

import torch
from torch import nn

from benchmarks.recogniser import write_recogniser
from samples.training import autoencoder, denoiser, recogniser, text_encoder
from samples.training.bank import bank
from samples.training.batches import Pictures
from samples.training.course import device, train
from samples.training.data import gather
from samples.training.export import Parts, export
from samples.training.gates import Gates
from samples.training.recipe import RECIPES, Recipe
from samples.training.words import tokenizer

logger = logging.getLogger(__name__)

STEPS = ("data", "text", "autoencoder", "denoiser", "recogniser", "export")
_JUDGED = 64


class Run:
    """One run: its recipe and its folder."""

    def __init__(self, work: Path, recipe: Recipe) -> None:
        """Open a run.

        Args:
            work: Shards lie in `shards`, checkpoints in `checkpoints`.
            recipe: The same each time; another one needs another folder.
        """
        self._recipe = recipe
        self._shards, self._kept = work / "shards", work / "checkpoints"
        self._pictures: dict[bool, Pictures] = {}

    def data(self, traced: Path | None) -> None:
        """Gather pictures."""
        gather(self._shards, traced, self._recipe)

    def text(self, until: int | None = None) -> None:
        """Teach the text encoder."""
        words = tokenizer()
        taught = text_encoder.Taught(text_encoder.untrained(words, self._recipe))
        train(text_encoder.course(taught, words, self._recipe), self._kept, until=until)
        self._note("text", text_encoder.accuracy(taught, words, self._recipe))

    def autoencoder(self, until: int | None = None) -> None:
        """Train the decoder."""
        network = autoencoder.untrained(self._taken(), self._recipe)
        course = autoencoder.course(network, self._taken(), self._recipe)
        finished = train(course, self._kept, until=until)
        held_out = self._taken(held_out=True)
        ratio = autoencoder.round_trip_db(finished, held_out, self._recipe, _JUDGED)
        self._note("autoencoder", {"round_trip_db": round(ratio, 2)})

    def denoiser(self, until: int | None = None) -> None:
        """Train the denoiser; needs the text encoder, and for its sheets the decoder."""
        parts = self._parts()
        frozen = (parts.autoencoder, parts.encoder, parts.words)
        gates = Gates(self._kept / "gates", self._taken(held_out=True), frozen, self._recipe)
        lessons = bank(self._kept, self._taken(), parts.autoencoder, self._recipe)
        reading = (parts.encoder, parts.words)
        course = denoiser.course(parts.denoiser, reading, lessons, self._recipe, gates)
        train(course, self._kept, until=until)

    def recogniser(self, until: int | None = None) -> None:
        """Train the judge."""
        network = recogniser.untrained(self._recipe)
        course = recogniser.course(network, self._taken(), self._recipe)
        finished = train(course, self._kept, until=until)
        held_out = self._taken(held_out=True)
        self._note("recogniser", recogniser.accuracy(finished, held_out, self._recipe, _JUDGED))

    def export(self, folder: Path) -> None:
        """Write the folder, and the judge beside it."""
        judge = recogniser.untrained(self._recipe)
        self._load(judge, "recogniser", "average")
        size = export(self._parts(finished=True), folder)
        write_recogniser(judge, folder)
        logger.info("%s: %.1f MB", folder, size / 1e6)

    def _parts(self, *, finished: bool = False) -> Parts:
        words = tokenizer()
        taught = text_encoder.Taught(text_encoder.untrained(words, self._recipe))
        self._load(taught, "text", "network")
        decoder = autoencoder.untrained(self._taken(), self._recipe)
        if finished or (self._kept / "autoencoder.pt").exists():
            self._load(decoder, "autoencoder", "average")
        network = denoiser.untrained(self._recipe)
        if finished:
            self._load(network, "denoiser", "average")
        on = device()
        return Parts(
            decoder.to(on).eval().requires_grad_(False),
            taught.encoder.to(on).eval().requires_grad_(False),
            words,
            network.to(on),
        )

    def _load(self, network: nn.Module, name: str, part: str) -> None:
        path = self._kept / f"{name}.pt"
        if not path.exists():
            raise SystemExit(
                f"{path}: is not there yet; run `python -m samples.training {name}` first"
            )
        kept = torch.load(path, map_location="cpu", weights_only=True)
        network.load_state_dict(kept[part])

    def _taken(self, *, held_out: bool = False) -> Pictures:
        if held_out not in self._pictures:
            self._pictures[held_out] = Pictures(self._shards, self._recipe, held_out=held_out)
        return self._pictures[held_out]

    def _note(self, name: str, measured: dict[str, float]) -> None:
        logger.info("%s: %s", name, measured)
        with (self._kept / "measured.jsonl").open("a") as lines:
            lines.write(json.dumps({name: measured}) + "\n")


def main(arguments: list[str] | None = None) -> None:
    """Run one step, or all of them."""
    parser = argparse.ArgumentParser(
        prog="python -m samples.training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("step", choices=["all", *STEPS])
    parser.add_argument("work", type=Path)
    parser.add_argument("--recipe", choices=sorted(RECIPES), default="cpu")
    parser.add_argument("--traced", type=Path, help="folder of `python -m samples.training.traced`")
    parser.add_argument("--to", type=Path, help="folder of the exported model; else in WORK")
    parser.add_argument("--until", type=int, help="stop a network's training after this step")
    parser.add_argument("--threads", type=int, help="of a process; else the recipe's")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    recipe = RECIPES[options.recipe]
    torch.set_num_threads(options.threads or recipe.threads)
    run = Run(options.work, recipe)
    for step in STEPS if options.step == "all" else (options.step,):
        match step:
            case "data":
                run.data(options.traced)
            case "export":
                run.export(options.to or options.work / "model")
            case _:
                getattr(run, step)(options.until)


if __name__ == "__main__":
    main()
