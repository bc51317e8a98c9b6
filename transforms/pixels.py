"""What a picture is in memory: one name for each kind of array."""

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
"""Levels 0 to 255. (height, width, 3) is sRGB, (height, width, 4) has straight alpha behind it,
(height, width) is grey or a matte, where 255 is product and 0 what is around it."""

Mask = npt.NDArray[np.bool_]
"""(height, width): which pixels are meant."""

Plane = npt.NDArray[np.float32]
"""(height, width): one number a pixel."""

Floats = npt.NDArray[np.float32]
"""(height, width, channels), or any shape. 0 to 1 where nothing else is said."""
