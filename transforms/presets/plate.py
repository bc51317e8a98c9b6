"""A plate: a photograph of a backdrop, with what has to be known to stand a product in it."""

from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from transforms.presets.strict import Name, Strict

Share = Annotated[float, Field(ge=0, le=1)]


class PlateLight(Strict):
    """The main light of a plate; see `transforms.scenes.scene.Light`."""

    azimuth_deg: Annotated[float, Field(ge=-180, le=180)]
    """Where it comes from, seen from above: -90 left, 0 from the camera, 90 right, 180 behind."""
    elevation_deg: Annotated[float, Field(ge=0, le=90)]
    """Above the ground; 90 is straight from above."""
    colour: tuple[Share, Share, Share]
    """Linear RGB; the brightest channel is 1."""
    softness: Share
    """0: sharp shadows, as in the sun; 1: hardly any, as under clouds."""


class Plate(Strict):
    """`<name>.yaml` beside `<name>.jpg`. Shares are of the picture's height, from the top."""

    name: Name
    """As picture and notes are called."""
    kind: Name
    """What presets ask for: `winter`, `wood`, ..."""
    view: Literal["level", "raised", "overhead"]
    """How the camera looks at the ground: about 8 degrees down, about 30, straight down."""
    horizon: Share
    """Where the ground ends; 0 in overhead views."""
    stand: Share
    """Where a product's lowest pixel belongs, in focus; in overhead views its middle, 0.5."""
    light: PlateLight
    """The main light, for shadows."""
    gloss: Share = 0.0
    """0: matt ground; 1: a mirror."""
    tinted: Share = 0.0
    """How far its colours are drawn to the brand's first one: paper, cloth and plaster may be, snow
    and sky may not."""
    title: str = ""
    """For people."""
    licence: str = ""
    """What allows its use."""
    source: str = ""
    """The photographer, or the program that made it."""
    photographed: bool = False
    """It is a photograph of a real place, so that pictures before it may say so
    (`compositeCapture`); false: nothing is claimed of it."""

    @model_serializer(mode="wrap")
    def _without_what_is_usual(self, serialise: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what most plates do not say, so that their pictures keep their identity."""
        shown: dict[str, Any] = serialise(self)
        if not self.photographed:
            shown.pop("photographed", None)
        return shown


class StockedPlate(Strict):
    """A plate as a run found it: exactly these pixels."""

    plate: Plate
    key: str
    """Of its picture, in the storage of plates."""
    sha256: str
    estimated: bool = False
    """Its notes were estimated, since none lay beside it."""
