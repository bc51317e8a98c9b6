"""A preset: one look, by name."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from transforms.presets.strict import Name, Strict

EngineName = Literal["standardise", "scene", "edit"]
Preserve = Literal["product", "structure", "none"]
DiffusionTask = Literal["image-to-image", "inpaint", "instruct", "upscale"]
Strength = Annotated[float, Field(gt=0, le=1)]
Candidates = Annotated[int, Field(ge=1, le=8)]


class Shadow(Strict):
    """The shadow laid under the product; the product's own pixels are never darkened."""

    kind: Literal["contact", "none"] = "contact"
    """`contact`: a soft one where the product stands, darkest at its foot."""
    opacity: Annotated[float, Field(ge=0, le=1)] = 0.85
    """Darkest point, as a share of black laid over the background in linear light."""
    spread: Annotated[float, Field(gt=0, le=0.3)] = 0.14
    """How far the soft part reaches, as a share of the product's width."""


class Backdrop(Strict):
    """What stands behind and under the product in a scene."""

    scaffold: Name
    """A procedural scene (`transforms.scenes.scaffold.KINDS`); drawn where no plate fits."""
    plates: tuple[Name, ...] = ()
    """Kinds of plates that may take its place, as their notes say (`winter`); none: the scaffold
    alone. Of those seen as the product was photographed, each product gets one."""
    variations: Annotated[int, Field(ge=1, le=64)] = 6
    """Different backdrops a batch gets. All views of a product share one, by its sku."""
    foreground: bool = False
    """Whether blurred near elements may overlap the product; never over its label."""


class Prompt(Strict):
    """A prompt in its parts. The brand's words are appended once, the preset's order is kept."""

    style: str = ""
    """The outcome: what is to be seen. For instruction editing: the instruction."""
    preserve: str = ""
    """What must stay as it is."""
    quality: str = ""
    """How it should look as a picture: light, lens, finish."""
    negative: str = ""
    """What must not be seen; models without guidance ignore it."""


class Diffusion(Strict):
    """What a diffusion model does for a preset."""

    task: DiffusionTask = "image-to-image"
    """Which of the checkpoint's abilities is asked for."""
    model: Name | None = None
    """Checkpoint of `config/models.yaml`. None, in scenes only: the catalogue's `scene_model`."""
    prompt: Prompt = Prompt()
    """What the model is told."""
    strength: Strength | None = None
    """How much of the picture is made anew. None for tasks that know none (`instruct`)."""
    steps: Annotated[int, Field(ge=1, le=200)] | None = None
    """None: the checkpoint's."""
    guidance: Annotated[float, Field(ge=0, le=30)] | None = None
    """None: the checkpoint's."""
    scheduler: Literal["ddim", "euler", "euler-ancestral", "dpm++", "lcm", "unipc"] | None = None
    """Noise scheduler. None: the checkpoint's own."""
    control: Literal["canny", "depth"] | None = None
    """Structure that a ControlNet holds."""
    style_picture: str | None = None
    """File below the configuration folder that an IP-Adapter takes the style from."""
    loras: tuple[Name, ...] = ()
    """Companions of the checkpoint that are laid onto its weights, by name."""
    mask: Literal["background", "given"] | None = None
    """What an inpainting model paints anew. `given`: a mask that the person brings
    (`packshot render --mask`), so such a preset is no variant of a catalogue."""
    enlarge: Literal[1, 2, 4] = 1
    """Of the task `upscale`."""


class Ladder(Strict):
    """What is tried when no candidate passes: other strengths, a bounded number of times."""

    down: tuple[Strength, ...] = ()
    """Strengths tried in order while the result is too different."""
    up: tuple[Strength, ...] = ()
    """Strengths tried in order while the style does not show."""


class Preset(Strict):
    """How one variant is made from a prepared picture."""

    name: Name
    """As the file is called."""
    purpose: Annotated[str, Field(min_length=10)]
    """One sentence for the person who chooses."""
    brand: Name
    """File of `config/brands` that frames it."""
    engine: EngineName = "standardise"
    """`standardise`: the brand's plain canvas, no model. `scene`: the product in a backdrop, which
    a diffusion model may refine. `edit`: a diffusion model is given the whole picture."""
    preserve: Preserve = "product"
    """`product`: its own pixels are laid on unchanged, and the gate proves it. `structure`: shapes
    and place stay, surfaces may not. `none`: an interpretation."""
    shadow: Shadow = Shadow()
    """Of `standardise`; a scene casts its own."""
    backdrop: Backdrop | None = None
    """For the engine `scene` and for edits of scenes."""
    diffusion: Diffusion | None = None
    """None: no model is asked."""
    edits: Literal["standard", "scene"] = "standard"
    """What the engine `edit` gives the model: the product on the brand's canvas, or in the
    preset's backdrop."""
    candidates: Candidates = 1
    """Seeds tried for each picture; the best that passes is kept."""
    ladder: Ladder = Ladder()
    """Further strengths, where no candidate passes."""
    overlay_text: Literal["report", "remove"] = "report"
    """`remove`: text laid over the photograph goes with the backdrop where it lies off the product,
    and is then no reason to wait for a person. On the product it stays, and always is."""
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    """Equal seeds give equal pictures; another one gives others."""

    @model_validator(mode="after")
    def _parts_fit_the_engine(self) -> Self:
        """Each engine has what it needs and nothing that it would ignore."""
        if self.engine == "standardise" and (self.backdrop or self.diffusion):
            raise ValueError("engine standardise knows neither backdrop nor diffusion")
        if self.engine != "edit" and self.preserve != "product":
            raise ValueError(f"engine {self.engine} always preserves the product")
        if self.engine == "edit" and self.diffusion is None:
            raise ValueError("engine edit needs diffusion")
        if (self.engine == "scene" or self.edits == "scene") != (self.backdrop is not None):
            raise ValueError("backdrop is needed for engine scene and for edits: scene alone")
        if self.edits == "scene" and self.engine != "edit":
            raise ValueError("edits: scene is for the engine edit alone")
        if self.diffusion and self.engine == "edit" and self.diffusion.model is None:
            raise ValueError("diffusion.model is needed for the engine edit")
        if self.diffusion is None and (self.candidates > 1 or self.ladder != Ladder()):
            raise ValueError("candidates and ladder need diffusion: without it all are alike")
        return self
