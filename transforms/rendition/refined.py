"""A backdrop that a diffusion model makes out of a plate or a scaffold, without the product."""

from dataclasses import replace

from transforms.errors import RenderError
from transforms.presets.gate import Gate
from transforms.presets.look import Look
from transforms.quality.metrics import OF_REFINED
from transforms.rendition.attempts import attempted
from transforms.rendition.backdrops import Drawn
from transforms.rendition.subject import Base, Engine, Finished, Subject
from transforms.scenes.scene import Scene


def refined(
    scene: Scene,
    seed: int,
    *,
    look: Look,
    engine: Engine,
    gate: Gate,
    words: tuple[str, str],
    lenient: bool = False,
) -> Drawn:
    """Make a backdrop more real, at the preset's strength.

    The product is not in it: what a model repaints around a product changes its edge, and a
    backdrop that many products share is asked for once.

    Args:
        scene: Plate or scaffold. Not modified.
        seed: Of the first candidate.
        look: With its checkpoint.
        engine: Of that checkpoint.
        gate: Says which attempts pass.
        words: Prompt and negative prompt, whole.
        lenient: Where no attempt passes, the best is used all the same: for a person who looks.

    Raises:
        RenderError: The model made nothing usable, or nothing that keeps the layout.
    """
    subject = Subject(
        number=0,
        preset=look.preset.model_copy(update={"seed": seed}),
        base=lambda: Base(scene.pixels, horizon=scene.horizon),
        rules=OF_REFINED,
        words=words,
    )
    (result,) = attempted(engine, [subject], gate)
    if not isinstance(result, Finished):
        raise result[1]
    if result.kept.reason and not lenient:
        raise RenderError(
            f"backdrop {look.preset.backdrop and look.preset.backdrop.scaffold}: no attempt kept "
            f"its layout ({result.kept.reason}); lower the preset's strength or add a ladder"
        )
    finished = replace(scene, pixels=result.pixels)
    return Drawn(finished, result.attempts, result.thumbnails)
