"""The base of all configuration: frozen, and unknown keys are errors."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=64)]
"""Lower-case letters, digits and hyphens: names become parts of keys and of DAG ids."""


class Strict(BaseModel):
    """A configuration model."""

    model_config = ConfigDict(frozen=True, extra="forbid")
