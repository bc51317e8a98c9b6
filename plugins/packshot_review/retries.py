"""Another try: what a person may ask for, and the run that makes it."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Annotated

from anyio import from_thread
from fastapi import HTTPException
from pydantic import BaseModel, ConfigDict, Field

from packshot_review.access import Reviewer, start
from packshot_review.looks import choices
from packshot_review.shop import Shop
from transforms.errors import ConfigError
from transforms.presets.loading import config_folder
from transforms.presets.look import Overrides, look_of
from transforms.presets.preset import Candidates, Strength
from transforms.presets.strict import Name
from transforms.publishing.decisions import ReviewDecision, record_decision

RETRY_DAG = "rerender"
"""Makes what the decisions that name its run ask for."""


class Settings(BaseModel):
    """What shall be tried instead; None: as before."""

    model_config = ConfigDict(extra="forbid")

    preset: Name | None = None
    model: Name | None = None
    """Of `config/models.yaml`."""
    seed: Annotated[int, Field(ge=0, lt=2**32)] | None = None
    strength: Strength | None = None
    candidates: Candidates | None = None

    @property
    def overrides(self) -> Overrides:
        """What of it changes the preset."""
        return Overrides(**self.model_dump(exclude={"preset", "model"}))


def check_settings(shop: Shop, settings: Settings, presets: Collection[str]) -> None:
    """Refuse, with HTTPException 422, what cannot be made of pictures with these presets."""
    if settings == Settings():
        told = "Choose what shall be different: a preset, a model, seed or strength."
        raise HTTPException(422, told)
    try:
        for preset in [settings.preset] if settings.preset else presets:
            look_of(
                "another-try",
                preset,
                config_folder(),
                scene_model=shop.catalogue.scene_model,
                model=settings.model,
                overrides=settings.overrides,
            )
            if settings.model:
                _check_fit(preset, settings.model)
    except ConfigError as error:
        raise HTTPException(422, str(error)) from error


def _check_fit(preset: str, model: str) -> None:
    fitting = choices().presets.get(preset, ())
    if model not in fitting:
        listed = ", ".join(fitting) or "none"
        raise ConfigError(f"preset {preset} cannot ask {model}; models that fit it: {listed}")


def start_retry(shop: Shop, person: Reviewer, run_id: str, recorded: list[ReviewDecision]) -> None:
    """Start the DAG that makes other attempts; takes the decisions back where it does not start."""
    try:
        from_thread.run(start, person, RETRY_DAG, run_id, {"catalogue": shop.name})
    except HTTPException:
        for each in recorded:
            back = {"number": each.number + 1, "action": "undo", "at": datetime.now(UTC)}
            record_decision(shop.work, each.model_copy(update=back))
        shop.log.refresh(at_once=True)
        raise
