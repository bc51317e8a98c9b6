"""What is known about strength and about families of models, held against a preset."""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from transforms.presets.checkpoint import Checkpoint
from transforms.presets.family import FAMILIES, Family
from transforms.presets.preset import Diffusion, Preset

TOUCHES_UP = 0.2
"""From here to 0.4 details are touched up; below, nothing is that anybody sees."""
STYLE_SHOWS = 0.4
"""A style below this strength does not show."""
RECOGNISABLE = 0.55
"""Up to this strength surroundings change and the motif stays what it was."""
COMPOSITION_GOES = 0.7
"""Above it the model draws another picture."""
FACE_CHANGES = 0.6
"""From here on a face is another person's; pictures with one are capped below."""

FACE_CAP = 0.55
"""What they are capped to."""

_NO_GUIDANCE = 1.0
"""Up to it the model is asked once, and a negative prompt is not shown to it."""
_PARTIAL = ("image-to-image", "inpaint")
"""Tasks that begin from a picture that is noised in part: they alone know a strength."""


class Advice(NamedTuple):
    """One finding."""

    level: Literal["mistake", "warning"]
    field: str
    text: str


def advise(preset: Preset, checkpoint: Checkpoint | None) -> list[Advice]:
    """Everything that is wrong or doubtful about what a preset asks of a model.

    Args:
        preset: Any.
        checkpoint: That it asks; None: the catalogue chooses, so only what holds for all is told.
    """
    if preset.diffusion is None:
        return []
    found = [*_strength(preset, preset.diffusion), *_ladder(preset, preset.diffusion)]
    if checkpoint:
        family = FAMILIES[checkpoint.family]
        found += _family(preset.diffusion, family)
        found += _guidance(preset.diffusion, checkpoint, family)
        found += _companions(preset.diffusion, checkpoint)
        steps = preset.diffusion.steps or checkpoint.steps or family.steps
        found += _steps(preset, preset.diffusion, steps)
        if not checkpoint.commercial:
            text = f"licence {checkpoint.licence}: not for shops without another one"
            found.append(Advice("warning", "diffusion.model", text))
    elif preset.diffusion.steps:
        found += _steps(preset, preset.diffusion, preset.diffusion.steps)
    return found


def not_for_shops(checkpoints: Iterable[Checkpoint]) -> list[str]:
    """A sentence for each checkpoint whose licence does not allow a shop to use what it makes."""
    forbidden = {each.name: each.licence for each in checkpoints if not each.commercial}
    return [
        f"checkpoint {name}: its licence, {licence}, does not allow a shop to use what it makes"
        for name, licence in sorted(forbidden.items())
    ]


def _strength(preset: Preset, diffusion: Diffusion) -> Iterator[Advice]:
    strength, field = diffusion.strength, "diffusion.strength"
    if diffusion.task not in _PARTIAL:
        if strength is not None:
            yield Advice("mistake", field, f"the task {diffusion.task} knows no strength")
        return
    if strength is None:
        yield Advice("mistake", field, f"the task {diffusion.task} needs one")
        return
    if diffusion.task == "inpaint":
        return  # it is the masked part's, and that may be wholly new
    if strength < TOUCHES_UP:
        yield Advice("warning", field, f"{strength:g}: below {TOUCHES_UP} nothing is seen of it")
    yield from _remaining(preset, strength)
    if preset.engine == "edit" and strength >= FACE_CHANGES:
        text = (
            f"{strength:g}: pictures with a face are made at {FACE_CAP}, for from {FACE_CHANGES} "
            "on it is another person's"
        )
        yield Advice("warning", field, text)


def _remaining(preset: Preset, strength: float) -> Iterator[Advice]:
    """Whether what is to stay stays, and what is to show shows."""
    field = "diffusion.strength"
    if preset.engine == "scene" and strength > RECOGNISABLE:
        text = f"{strength:g}: above {RECOGNISABLE} a backdrop's ground line and light move"
        yield Advice("warning", field, text)
    elif preset.preserve == "structure" and strength > COMPOSITION_GOES:
        text = f"{strength:g}: above {COMPOSITION_GOES} composition goes, and structure is to stay"
        yield Advice("mistake", field, text)
    elif preset.preserve == "structure" and strength > RECOGNISABLE:
        text = f"{strength:g}: above {RECOGNISABLE} a product is no longer sure to be recognised"
        yield Advice("warning", field, text)
    elif preset.preserve == "none" and TOUCHES_UP <= strength < STYLE_SHOWS:
        yield Advice("warning", field, f"{strength:g}: a style below {STYLE_SHOWS} does not show")
    elif preset.preserve == "none" and strength >= COMPOSITION_GOES:
        text = f"{strength:g}: from {COMPOSITION_GOES} on it is another picture of such a thing"
        yield Advice("warning", field, text)


def _steps(preset: Preset, diffusion: Diffusion, steps: int) -> Iterator[Advice]:
    """A picture is made anew in `int(steps * strength)` steps, and none is no picture."""
    tried = (diffusion.strength, *preset.ladder.down, *preset.ladder.up)
    for strength in tried:
        if strength is not None and int(steps * strength) < 1:
            text = f"{steps} steps at strength {strength:g} are none; give more steps"
            yield Advice("mistake", "diffusion.steps", text)


def _ladder(preset: Preset, diffusion: Diffusion) -> Iterator[Advice]:
    strength, ladder = diffusion.strength, preset.ladder
    if strength is None:
        if ladder.down or ladder.up:
            yield Advice("mistake", "ladder", f"the task {diffusion.task} knows no strength")
        return
    if list(ladder.down) != sorted(ladder.down, reverse=True) or any(
        rung >= strength for rung in ladder.down
    ):
        text = f"{list(ladder.down)}: must fall, from below the strength, {strength:g}"
        yield Advice("mistake", "ladder.down", text)
    if list(ladder.up) != sorted(ladder.up) or any(rung <= strength for rung in ladder.up):
        text = f"{list(ladder.up)}: must rise, from above the strength, {strength:g}"
        yield Advice("mistake", "ladder.up", text)


def _family(diffusion: Diffusion, family: Family) -> Iterator[Advice]:
    if diffusion.task not in family.pipelines:
        text = f"{family.title} does not do {diffusion.task}: {', '.join(family.pipelines)}"
        yield Advice("mistake", "diffusion.task", text)
    if diffusion.scheduler and not family.schedulers:
        text = f"{diffusion.scheduler}: {family.title} works with its own alone; leave it out"
        yield Advice("mistake", "diffusion.scheduler", text)
    if diffusion.guidance is not None and family.guided_by is None:
        text = f"{family.title} is distilled and knows no guidance: this changes nothing"
        yield Advice("warning", "diffusion.guidance", text)
    if diffusion.prompt.negative and not family.negative:
        text = f"{family.title} reads no negative prompt: say what is to be seen instead"
        yield Advice("warning", "diffusion.prompt.negative", text)


def _guidance(diffusion: Diffusion, checkpoint: Checkpoint, family: Family) -> Iterator[Advice]:
    """Guidance that leaves a prompt unread, though the family could read it."""
    asked = (diffusion.guidance, checkpoint.guidance, family.guidance)
    guidance = next(each for each in asked if each is not None)
    if family.guided_by is None:
        return
    if not guidance and diffusion.task == "upscale":
        text = f"{family.title} reads no prompt at guidance 0: give more than 1, or leave it out"
        if diffusion.prompt.style or diffusion.prompt.negative:
            yield Advice("warning", "diffusion.guidance", text)
    elif diffusion.prompt.negative and family.negative and guidance <= _NO_GUIDANCE:
        text = f"at guidance {guidance:g} no negative prompt is read: give more than 1"
        yield Advice("warning", "diffusion.prompt.negative", text)


def _companions(diffusion: Diffusion, checkpoint: Checkpoint) -> Iterator[Advice]:
    """What the checkpoint's entry must name beside its own weights."""
    kinds = {each.kind for each in checkpoint.companions.values()}
    if diffusion.control == "depth":
        text = "depth: nothing here estimates it; canny holds shapes by their edges"
        yield Advice("mistake", "diffusion.control", text)
    elif diffusion.control and diffusion.control not in kinds:
        text = f"{diffusion.control}: the entry {checkpoint.name} names no companion of that kind"
        yield Advice("mistake", "diffusion.control", text)
    if diffusion.style_picture and "ip-adapter" not in kinds:
        text = f"the entry {checkpoint.name} names no companion of the kind ip-adapter"
        yield Advice("mistake", "diffusion.style_picture", text)
    for name in diffusion.loras:
        if name not in checkpoint.companions or checkpoint.companions[name].kind != "lora":
            text = f"{name}: the entry {checkpoint.name} names no such companion of the kind lora"
            yield Advice("mistake", "diffusion.loras", text)
