"""Cut-out networks on onnxruntime, with weights that we checked; nothing is ever downloaded."""

import numpy as np
import numpy.typing as npt
from PIL import Image

from transforms.errors import ModelError
from transforms.models.entries import model_entry
from transforms.models.networks import load_session
from transforms.pixels import Pixels
from transforms.presets.model import Sight

_MEAN = np.array((0.485, 0.456, 0.406))
_STD = np.array((0.229, 0.224, 0.225))
_WHITE = 255


def salience(picture: Pixels, name: str) -> npt.NDArray[np.float32]:
    """Where the subject is, as the network sees it.

    The network's answer is kept as it is. Stretching each map to 0..1, as is often done, gives
    an empty sweep a subject made of noise.

    Args:
        picture: (height, width, 3), sRGB. Not modified.
        name: Model of `config/models.yaml`, for the task `cutout`.

    Returns:
        (input_px, input_px) of the model's entry, 0 to 1, of the whole picture: axes are scaled
        apart.

    Raises:
        ConfigError: No such model for cut-outs.
        ModelError: Weights are missing, are not the ones we know, or see another size than
            their entry says, or answer something else than one map of that size.

    Scaling as in the networks' training: U-2-Net (`data_loader.ToTensorLab`) divides by the
    brightest value, BiRefNet (`dataset.py`, torchvision's `ToTensor`) by 255.
    """
    sight = sight_of(name)
    side = (sight.input_px, sight.input_px)
    small = Image.fromarray(picture).resize(side, Image.Resampling.LANCZOS)
    values = np.asarray(small, dtype=np.float64)
    brightest = max(values.max(), 1e-6) if sight.scaling == "u2net" else _WHITE
    values = (values / brightest - _MEAN) / _STD
    inputs = values.transpose(2, 0, 1)[None].astype(np.float32)
    network = load_session(name)
    asked = network.get_inputs()[0]
    seen = tuple(asked.shape[2:])
    if seen != side and all(isinstance(extent, int) for extent in seen):
        raise ModelError(f"{name}: its weights see {seen} px; mend input_px of its entry")
    first_output = network.get_outputs()[0].name
    answer = network.run([first_output], {asked.name: inputs})[0]
    if answer.shape != (1, 1, *side):
        raise ModelError(
            f"{name}: its weights answer {answer.shape}, not a map of {side} px; "
            "export the network with its last map as the only output"
        )
    if sight.answer == "logit":
        # The logistic function, written so that large logits do not overflow.
        answer = (np.tanh(answer / 2) + 1) / 2
    salient: npt.NDArray[np.float32] = np.clip(answer[0, 0], 0, 1, dtype=np.float32)
    return salient


def sight_of(name: str) -> Sight:
    """How a cut-out network is shown pictures, by its entry in `config/models.yaml`.

    Raises:
        ConfigError: No such model for cut-outs.
    """
    sight = model_entry(name, task="cutout").sight
    if sight is None:  # the entry's own check lets none through
        raise TypeError(f"{name}: a model for cut-outs without sight")
    return sight
