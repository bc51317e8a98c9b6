"""`packshot presets check` knows what strength does, and what a family of models ignores."""

from pathlib import Path

import pytest

from transforms.presets.advice import FACE_CAP, Advice, advise, not_for_shops
from transforms.presets.checkpoint import Checkpoint, Companion
from transforms.presets.family import FAMILIES
from transforms.presets.loading import load
from transforms.presets.model import Models
from transforms.presets.preset import Preset
from transforms.rendition.candidates import FACE_STRENGTH

CONFIG = Path(__file__).resolve().parents[3] / "config"


def preset(*, engine="edit", preserve="none", ladder=None, **diffusion) -> Preset:
    backdrop = {"backdrop": {"scaffold": "winter"}} if engine == "scene" else {}
    return Preset(
        name="look",
        purpose="Made for a test.",
        brand="house",
        engine=engine,
        preserve=preserve,
        diffusion={"model": "mine", "strength": 0.5} | diffusion,
        ladder=ladder or {},
        **backdrop,
    )


def checkpoint(family: str = "sdxl", **settings) -> Checkpoint:
    usual = {"licence": "Apache-2.0", "commercial": True, "hub": "acme/model"}
    return Checkpoint(name="mine", family=family, purpose="Made for a test.", **usual | settings)


def found(preset: Preset, checkpoint: Checkpoint | None) -> list[tuple[str, str]]:
    return [(each.level, each.field) for each in advise(preset, checkpoint)]


def told(preset: Preset, checkpoint: Checkpoint | None) -> Advice:
    (only,) = advise(preset, checkpoint)
    return only


FINE = [
    pytest.param({"preserve": "structure", "strength": 0.2}, id="touches up, lowest"),
    pytest.param({"preserve": "structure", "strength": 0.55}, id="surroundings, highest"),
    pytest.param({"preserve": "none", "strength": 0.4}, id="a style, lowest"),
    pytest.param({"preserve": "none", "strength": 0.59}, id="a style, highest with faces"),
    pytest.param(
        {"engine": "scene", "preserve": "product", "strength": 0.55}, id="a backdrop, highest"
    ),
    pytest.param({"preserve": "product", "task": "inpaint", "strength": 1.0}, id="a mask's inside"),
]


@pytest.mark.parametrize("asked", FINE)
def test_what_the_guides_recommend_is_not_remarked_on(asked):
    assert advise(preset(**asked), checkpoint()) == []


STRENGTHS = [
    pytest.param("structure", "edit", 0.19, "warning", "below 0.2 nothing is seen", id="too low"),
    pytest.param("structure", "edit", 0.56, "warning", "above 0.55 a product", id="recognisable"),
    pytest.param("structure", "edit", 0.71, "mistake", "above 0.7 composition goes", id="gone"),
    pytest.param("none", "edit", 0.39, "warning", "below 0.4 does not show", id="style hidden"),
    pytest.param("none", "edit", 0.7, "warning", "from 0.7 on it is another", id="another"),
    pytest.param("product", "scene", 0.56, "warning", "ground line and light move", id="scene"),
]


@pytest.mark.parametrize(("preserve", "engine", "strength", "level", "words"), STRENGTHS)
def test_strength_is_held_against_what_must_stay(preserve, engine, strength, level, words):
    given = advise(preset(preserve=preserve, engine=engine, strength=strength), checkpoint())

    assert given[0].level == level
    assert given[0].field == "diffusion.strength"
    assert f"{strength:g}: " in given[0].text
    assert words in given[0].text


def test_a_face_caps_strength_as_it_is_made():
    assert found(preset(strength=0.59), checkpoint()) == []
    warned = told(preset(strength=0.6), checkpoint())

    assert warned.level == "warning"
    assert f"made at {FACE_STRENGTH}" in warned.text
    assert FACE_CAP == FACE_STRENGTH < 0.6


@pytest.mark.parametrize(
    ("steps", "strength", "right"), [(5, 0.2, True), (4, 0.24, False), (2, 0.5, True)]
)
def test_at_least_one_step_must_be_left(steps, strength, right):
    asked = preset(preserve="structure", steps=steps, strength=strength)
    mistakes = [each for each in advise(asked, checkpoint()) if each.level == "mistake"]

    assert not mistakes if right else "are none" in mistakes[0].text


def test_steps_are_the_presets_else_the_checkpoints_else_the_familys():
    little = preset(preserve="structure", strength=0.2)

    assert found(little, checkpoint("sdxl-turbo")) == [("mistake", "diffusion.steps")]
    assert found(little, checkpoint("sdxl-turbo", steps=5)) == []
    assert found(little.model_copy(), checkpoint("sdxl")) == []


def test_every_rung_of_the_ladder_must_leave_a_step():
    rungs = {"down": (0.4, 0.2)}

    assert found(preset(strength=0.5, steps=4, ladder=rungs), None) == [
        ("mistake", "diffusion.steps")
    ]


@pytest.mark.parametrize(
    ("ladder", "field"),
    [
        ({"down": (0.3, 0.4)}, "ladder.down"),
        ({"down": (0.5,)}, "ladder.down"),
        ({"up": (0.7, 0.6)}, "ladder.up"),
        ({"up": (0.45,)}, "ladder.up"),
    ],
    ids=["rises", "not below", "falls", "not above"],
)
def test_a_ladder_goes_away_from_the_strength(ladder, field):
    assert found(preset(strength=0.5, ladder=ladder), checkpoint()) == [("mistake", field)]


def test_a_task_without_strength_is_given_none():
    edit = preset(task="instruct", strength=None)
    assert found(edit, checkpoint("flux-kontext", commercial=True)) == []

    assert found(preset(task="instruct", strength=0.5), checkpoint("flux-kontext")) == [
        ("mistake", "diffusion.strength")
    ]
    climbing = preset(task="instruct", strength=None, ladder={"down": (0.3,)})
    assert found(climbing, checkpoint("flux-kontext")) == [("mistake", "ladder")]


def test_a_task_with_strength_is_given_one():
    assert found(preset(strength=None), checkpoint()) == [("mistake", "diffusion.strength")]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_task_that_a_family_does_not_do_is_a_mistake(family):
    for task in ("image-to-image", "inpaint", "instruct", "upscale"):
        strength = 0.5 if task in {"image-to-image", "inpaint"} else None
        given = found(preset(task=task, strength=strength), checkpoint(family))
        assert (("mistake", "diffusion.task") in given) == (task not in FAMILIES[family].pipelines)


@pytest.mark.parametrize("family", FAMILIES)
def test_what_a_family_ignores_is_said(family):
    task = next(iter(FAMILIES[family].pipelines))
    strength = 0.5 if task in {"image-to-image", "inpaint"} else None
    asked = preset(
        task=task, strength=strength, guidance=5.0, prompt={"style": "snow", "negative": "blurry"}
    )
    given = found(asked, checkpoint(family))

    assert (("warning", "diffusion.guidance") in given) == (FAMILIES[family].guided_by is None)
    assert (("warning", "diffusion.prompt.negative") in given) == (not FAMILIES[family].negative)


def test_a_negative_prompt_needs_guidance():
    asked = preset(guidance=1.0, prompt={"negative": "blurry"})

    assert "no negative prompt is read" in told(asked, checkpoint()).text
    assert found(preset(prompt={"negative": "blurry"}), checkpoint()) == []


def test_an_upscaler_without_guidance_reads_no_prompt():
    asked = preset(task="upscale", strength=None, prompt={"style": "sharp"})

    assert "reads no prompt" in told(asked, checkpoint("latent-upscaler")).text
    assert found(asked, checkpoint("sd-upscaler")) == []
    assert found(asked, checkpoint("latent-upscaler", guidance=3.0)) == []


@pytest.mark.parametrize(
    ("asked", "field", "kind"),
    [
        ({"control": "canny"}, "diffusion.control", "canny"),
        ({"style_picture": "style.png"}, "diffusion.style_picture", "ip-adapter"),
        ({"loras": ("brand",)}, "diffusion.loras", "lora"),
    ],
    ids=["control", "style", "lora"],
)
def test_a_companion_must_be_named_by_the_entry(asked, field, kind):
    named = {"brand": Companion(kind=kind, folder="brand")}

    assert found(preset(**asked), checkpoint()) == [("mistake", field)]
    assert found(preset(**asked), checkpoint(companions=named)) == []


@pytest.mark.parametrize(("family", "right"), [("sdxl", True), ("sd3", False), ("z-image", False)])
def test_another_noise_scheduler_is_for_those_families_that_take_one(family, right):
    given = found(preset(scheduler="dpm++"), checkpoint(family))

    assert given == ([] if right else [("mistake", "diffusion.scheduler")])


def test_depth_is_a_mistake_whatever_is_named():
    named = {"depth": Companion(kind="depth", folder="depth")}

    assert (
        "nothing here estimates it"
        in told(preset(control="depth"), checkpoint(companions=named)).text
    )


def test_a_licence_that_is_not_for_shops_is_said():
    forbidden = checkpoint(licence="Non-Commercial", commercial=False)

    warned = told(preset(), forbidden)
    assert (warned.level, warned.field) == ("warning", "diffusion.model")
    assert "Non-Commercial" in warned.text


def test_a_run_says_each_such_licence_once():
    asked = [checkpoint(), *[checkpoint(licence="Non-Commercial", commercial=False)] * 2]

    (said,) = not_for_shops(asked)
    assert said.startswith("checkpoint mine: its licence, Non-Commercial, does not allow")


def test_without_a_checkpoint_only_what_holds_for_all_is_said():
    assert found(preset(guidance=9.0, control="canny"), None) == []


def test_the_librarys_own_presets_make_no_mistake():
    entries = load(CONFIG / "models.yaml", Models).checkpoints
    for path in sorted((CONFIG / "presets").glob("*.yaml")):
        each = load(path, Preset)
        model = each.diffusion.model if each.diffusion else None
        given = advise(each, entries[model] if model else None)
        assert [e for e in given if e.level == "mistake"] == [], path.name
