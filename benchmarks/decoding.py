"""What the sandbox costs: the same pictures measured in it and in this process."""

import resource
import time
from collections.abc import Callable, Sequence

from transforms.images.decoding import open_image
from transforms.images.measures import Measures, measure_image
from transforms.images.sandbox import Sandbox


def bench_decoding(pictures: Sequence[bytes]) -> dict[str, float]:
    """Milliseconds of CPU a picture, as the mean over `pictures`, which must all decode.

    CPU and not wall clock, so that a busy machine does not count. This process keeps no memory
    between pictures as the sandbox's child does, so it may even be the slower one.

    Returns:
        `start_ms` of a child until its first answer (`start_wall_ms` on the clock),
        `sandbox_ms` of child and parent after that, `in_process_ms`, and of it `decode_ms`.
    """
    begin = time.perf_counter()
    start_ms = _sandboxed(pictures[:1])
    start_wall_ms = (time.perf_counter() - begin) * 1e3
    more = [*pictures, *pictures]
    sandbox_ms = (_sandboxed(more) - start_ms) / (len(more) - 1)
    return {
        "start_ms": start_ms,
        "start_wall_ms": start_wall_ms,
        "sandbox_ms": sandbox_ms,
        "in_process_ms": _here(_measured, pictures),
        "decode_ms": _here(open_image, pictures),
    }


def _sandboxed(pictures: Sequence[bytes]) -> float:
    begin = time.process_time() + _children()
    with Sandbox() as sandbox:
        for each in pictures:
            sandbox.measure(each)
    return (time.process_time() + _children() - begin) * 1e3


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _here(work: Callable[[bytes], object], pictures: Sequence[bytes]) -> float:
    work(pictures[0])
    begin = time.process_time()
    for each in pictures:
        work(each)
    return (time.process_time() - begin) * 1e3 / len(pictures)


def _measured(data: bytes) -> Measures:
    return measure_image(open_image(data))
