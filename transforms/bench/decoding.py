"""What the sandbox costs: the same pictures measured in it and in this process."""

import time
from collections.abc import Callable, Sequence
from statistics import median

from transforms.images.decoding import open_image
from transforms.images.measures import Measures, measure_image
from transforms.images.sandbox import Sandbox


def bench_decoding(pictures: Sequence[bytes]) -> dict[str, float]:
    """Milliseconds a picture, wall clock: the median over `pictures`, which must all decode.

    Returns:
        `start_ms` of a child with its first picture, `sandbox_ms`, `in_process_ms`, of which
        `decode_ms`, and their difference `overhead_ms`.
    """
    with Sandbox() as sandbox:
        start_ms = _milliseconds(sandbox.measure, pictures[0])
        sandboxed = median(_milliseconds(sandbox.measure, each) for each in pictures)
    decoded = median(_milliseconds(open_image, each) for each in pictures)
    here = median(_milliseconds(_measured, each) for each in pictures)
    return {
        "start_ms": start_ms,
        "sandbox_ms": sandboxed,
        "in_process_ms": here,
        "decode_ms": decoded,
        "overhead_ms": sandboxed - here,
    }


def _measured(data: bytes) -> Measures:
    return measure_image(open_image(data))


def _milliseconds(work: Callable[[bytes], object], picture: bytes) -> float:
    begin = time.perf_counter()
    work(picture)
    return (time.perf_counter() - begin) * 1e3
