"""A mask that a person supplied beside a picture. Pure: bytes in, matte or SourceError out."""

import numpy as np
from PIL import Image

from transforms.errors import SourceError
from transforms.images.decoding import eight_bits, open_image, turn_upright, upright
from transforms.pixels import Pixels

BAD_MASK = "bad_mask"

_HALF = 128
"""From this level on a pixel is more product than not."""
_LEAST_SHARE = 1e-4
"""Of product, and of what is none: less is dust. 35 px square in 12 megapixels."""
_COLOURED_LEVELS, _COLOURED_SHARE = 32, 0.01
"""A photograph put in place of its mask is coloured; a grey mask kept as JPEG is by 2 levels."""
_WANTED = "Make the product white, and all else black or transparent."
_STRIP_ROWS = 512


def read_supplied_mask(data: bytes, *, size: tuple[int, int], orientation: int) -> Pixels:
    """Decode a mask and lay it as its picture lies.

    Transparency is the mask where the file has any, else brightness is. A mask of the upright
    picture's size belongs to the upright picture; one of the stored picture's size, where that
    is another, is turned as the picture is.

    Args:
        data: The file's bytes, of any kind that `open_image` decodes.
        size: Width and height of the upright picture, in pixels.
        orientation: EXIF orientation of the picture, 1-8.

    Returns:
        (height, width) of the upright picture, 255 is product. Belongs to the caller.

    Raises:
        SourceError: `bad_mask`: it does not decode, has another size, is coloured, or shows no
            product or nothing else.
    """
    try:
        image = upright(open_image(data))
    except SourceError as error:
        raise bad_mask(error.message) from error
    width, height = image.size
    if image.size != size:
        image = turn_upright(image, orientation)
    if image.size != size:
        raise SourceError(
            BAD_MASK,
            f"Its mask is {width} x {height} px and the picture {size[0]} x {size[1]}: export the "
            "mask anew at the picture's size.",
        )
    mask = _levels(eight_bits(image))
    product = np.count_nonzero(mask >= _HALF) / mask.size
    if product < _LEAST_SHARE:
        raise SourceError(BAD_MASK, f"Its mask shows no product. {_WANTED}")
    if product > 1 - _LEAST_SHARE:
        raise SourceError(BAD_MASK, f"Its mask is product all over. {_WANTED}")
    return mask


def bad_mask(message: str) -> SourceError:
    """The refusal of a picture for its mask, with what is wrong with that file."""
    return SourceError(BAD_MASK, f"Its mask cannot be used. {message}")


def _levels(image: Image.Image) -> Pixels:
    if image.has_transparency_data:
        if "A" not in image.getbands():  # one colour, or entries of the palette, are transparent
            image = image.convert("RGBA")
        alpha = np.array(image.getchannel("A"))
        if alpha.min() < np.iinfo(np.uint8).max:
            return alpha
    return _brightness(image)


def _brightness(image: Image.Image) -> Pixels:
    """Luma. In strips: the colours of 100 megapixels take 400 MB once more."""
    levels = np.empty(image.size[::-1], np.uint8)
    coloured = 0
    for top in range(0, image.height, _STRIP_ROWS):
        bottom = min(top + _STRIP_ROWS, image.height)
        strip = image.crop((0, top, image.width, bottom)).convert("RGB")
        red, green, blue = np.moveaxis(np.asarray(strip), -1, 0)
        spread = np.maximum(np.maximum(red, green), blue)
        spread -= np.minimum(np.minimum(red, green), blue)
        coloured += int(np.count_nonzero(spread > _COLOURED_LEVELS))
        levels[top:bottom] = np.asarray(strip.convert("L"))
    if coloured > _COLOURED_SHARE * levels.size:
        raise SourceError(
            BAD_MASK, f"Its mask is coloured, as if it were the photograph. {_WANTED}"
        )
    return levels
