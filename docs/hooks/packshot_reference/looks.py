"""The page of presets, checkpoints and networks, from their files."""

from pathlib import Path

from packshot_reference.markdown import code, heading, page, table
from transforms.presets.loading import load
from transforms.presets.model import Models
from transforms.presets.preset import Preset

_ROOT = Path(__file__).resolve().parents[3]
_ENGINES = {
    "standardise": "On the brand's canvas",
    "scene": "In a scene",
    "edit": "Remade by a diffusion model",
}


def pages() -> dict[str, str]:
    """Pages by address."""
    config = _ROOT / "config"
    presets = [load(path, Preset) for path in sorted((config / "presets").glob("*.yaml"))]
    models = load(config / "models.yaml", Models)
    groups = [
        page(heading(2, title), _presets([each for each in presets if each.engine == engine]))
        for engine, title in _ENGINES.items()
    ]
    return {
        "reference/looks.md": page(
            heading(1, "Presets and models"),
            "Made from `config/presets/*.yaml` and `config/models.yaml`. `packshot presets show "
            "NAME` prints one with its defaults; `packshot models list` says what is on a machine.",
            *groups,
            heading(2, "Diffusion checkpoints"),
            table(
                ("checkpoint", "family", "for shops", "licence", "from", "purpose"),
                [
                    (
                        code(name),
                        each.family,
                        each.for_shops,
                        each.licence,
                        code(each.hub or each.folder or ""),
                        each.purpose,
                    )
                    for name, each in models.checkpoints.items()
                ],
            ),
            heading(2, "Networks"),
            table(
                ("model", "task", "licence", "from", "purpose"),
                [
                    (
                        code(name),
                        each.task,
                        each.licence,
                        code(each.wheel.requirement) if each.wheel else "you bring it",
                        each.purpose,
                    )
                    for name, each in models.models.items()
                ],
            ),
        )
    }


def _presets(presets: list[Preset]) -> str:
    return table(
        ("preset", "preserves", "strength", "checkpoint", "purpose"),
        [
            (
                code(each.name),
                each.preserve,
                f"{each.diffusion.strength:g}"
                if each.diffusion and each.diffusion.strength
                else "",
                code(each.diffusion.model or "") if each.diffusion else "",
                each.purpose,
            )
            for each in presets
        ],
    )
