"""A look's pictures in the frames that channels ask for, beside the brand's own."""

from collections.abc import Callable

from transforms.presets.look import Look
from transforms.rendition.edited import edited_in
from transforms.rendition.painter import Load, Painter, Picture

KEPT = 4
"""Backdrops that the painter of a frame keeps in memory: a look has several frames."""


class Frames:
    """Makes pictures in frames, each with a painter of its own that is kept."""

    def __init__(self, painter: Callable[[Look], Painter]) -> None:
        """Prepare to make them.

        Args:
            painter: Makes the painter of a framed look.
        """
        self._painter = painter
        self._painters: dict[str, Painter] = {}

    def made(self, look: Look, load: Load, own: Callable[[], Picture]) -> Picture:
        """Make one picture in a frame, as it is made on the brand's own canvas.

        A picture that a model made whole is not made again, which would be another picture: it is
        reduced.

        Args:
            look: In the frame; see `Look.in_frame`.
            load: The prepared picture.
            own: The finished picture on the brand's own canvas; asked only where that is needed.

        Raises:
            RenderError: The frame cannot be had: too few pixels, another aspect than a model's
                picture has, or a backdrop that cannot be made.
            StorageError: Storage does not answer; to be tried again.
        """
        if look.preset.engine == "edit":
            picture = own()
            shown = load() if look.preset.preserve == "product" else None
            product = (shown.image, shown.matte) if shown else None
            return Picture(*edited_in(look, picture.facts, picture.pixels, product=product))
        if look.identity not in self._painters:
            self._painters[look.identity] = self._painter(look)
        return self._painters[look.identity].composed(load())
