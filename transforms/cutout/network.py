"""U-2-Net through rembg, on weights that we checked; nothing is ever downloaded."""

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from transforms.cutout.weights import model_path

INPUT_PX = 320
"""The network sees a square of this side, whatever the picture's shape."""

_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


@lru_cache(maxsize=1)
def network(name: str, *, threads: int = 1) -> Any:
    """Rembg's session on checked weights; one a process.

    rembg looks for weights in folders of its own and downloads what it does not find. Here it
    is given the path of ours instead.

    Args:
        name: Model of `config/models.yaml`, by which rembg knows it too.
        threads: Of one picture. Workers run one a core, so more only get in each other's way.

    Raises:
        ConfigError: No such model.
        ModelError: Weights are missing, or are not the ones we know.
    """
    path = model_path(name)
    import onnxruntime as ort  # noqa: PLC0415 - rembg takes 2 s to load
    from rembg.sessions import sessions_class  # noqa: PLC0415

    known = next(each for each in sessions_class if each.name() == name)
    checked = type("Checked", (known,), {"download_models": staticmethod(lambda: str(path))})
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # the arena never gives memory back
    return checked(name, options, providers=["CPUExecutionProvider"])


def salience(picture: npt.NDArray[np.uint8], name: str) -> npt.NDArray[np.float32]:
    """Where the subject is, as the network sees it.

    rembg's own `predict` stretches each map to 0..1 and rounds it to 8 bits, so that an empty
    sweep gets a subject made of noise; here the network's answer is kept as it is.

    Args:
        picture: (height, width, 3), sRGB. Not modified.
        name: Model of `config/models.yaml`.

    Returns:
        (INPUT_PX, INPUT_PX), 0 to 1, of the whole picture: axes are scaled apart.
    """
    session = network(name)
    inputs = session.normalize(Image.fromarray(picture), _MEAN, _STD, (INPUT_PX, INPUT_PX))
    answer: npt.NDArray[np.float32] = session.inner_session.run(None, inputs)[0][0, 0]
    return np.clip(answer, 0, 1)
