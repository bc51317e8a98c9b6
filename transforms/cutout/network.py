"""U-2-Net on onnxruntime, with weights that we checked; nothing is ever downloaded."""

import numpy as np
import numpy.typing as npt
from PIL import Image

from transforms.models.session import session

INPUT_PX = 320
"""The network sees a square of this side, whatever the picture's shape."""

_MEAN = np.array((0.485, 0.456, 0.406))
_STD = np.array((0.229, 0.224, 0.225))


def salience(picture: npt.NDArray[np.uint8], name: str) -> npt.NDArray[np.float32]:
    """Where the subject is, as the network sees it.

    The network's answer is kept as it is. Stretching each map to 0..1, as is often done, gives
    an empty sweep a subject made of noise.

    Args:
        picture: (height, width, 3), sRGB. Not modified.
        name: Model of `config/models.yaml`.

    Returns:
        (INPUT_PX, INPUT_PX), 0 to 1, of the whole picture: axes are scaled apart.

    Scaling as in the network's training (U-2-Net, `data_loader.ToTensorLab`): by the brightest
    value, then by ImageNet's mean and deviation.
    """
    small = Image.fromarray(picture).resize((INPUT_PX, INPUT_PX), Image.Resampling.LANCZOS)
    values = np.asarray(small, dtype=np.float64)
    values = (values / max(values.max(), 1e-6) - _MEAN) / _STD
    inputs = values.transpose(2, 0, 1)[None].astype(np.float32)
    network = session(name)
    feed = {network.get_inputs()[0].name: inputs}
    first_output = network.get_outputs()[0].name
    answer: npt.NDArray[np.float32] = network.run([first_output], feed)[0][0, 0]
    return np.clip(answer, 0, 1)
