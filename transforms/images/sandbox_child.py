"""The child of the sandbox: reads pictures from its input, answers with measures as JSON.

Run as `python -m transforms.images.sandbox_child MEMORY_BYTES SECONDS`. Ends with its input,
so it does not outlive its parent.
"""

import json
import os
import resource
import signal
import sys
from dataclasses import asdict
from typing import IO, Any

import cv2

from transforms.errors import SourceError
from transforms.images.decoding import open_image, orientation, out_of_memory
from transforms.images.mask import read_supplied_mask
from transforms.images.measures import measure_image
from transforms.images.sandbox import LENGTH, read_message


def answer(request: dict[str, Any], data: bytes) -> dict[str, object]:
    """Measures and orientation of one picture, or the reason and message of its refusal.

    A request that says `size` and `orientation` of a picture is about a mask of that picture;
    of a good one there is nothing to say.
    """
    try:
        if request:
            read_supplied_mask(
                data, size=tuple(request["size"]), orientation=request["orientation"]
            )
            return {}
        image = open_image(data)
        return {"measures": asdict(measure_image(image)), "orientation": orientation(image)}
    except SourceError as error:
        return {"reason": error.reason, "message": error.message}
    except MemoryError:
        refusal = out_of_memory()
        return {"reason": refusal.reason, "message": refusal.message}


def serve(requests: IO[bytes], replies: IO[bytes], *, seconds: float) -> None:
    """Answer until the input ends. A picture that takes longer than `seconds` ends the process.

    The kernel's timer ends it, also inside a decoder that never returns to Python, and also
    when the parent is long gone.
    """
    while True:
        try:
            request, data = json.loads(read_message(requests)), read_message(requests)
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_REAL, seconds)
        reply = json.dumps(answer(request, data)).encode()
        signal.setitimer(signal.ITIMER_REAL, 0)
        replies.write(LENGTH.pack(len(reply)) + reply)
        replies.flush()


def main() -> None:
    """Set the limits, then serve."""
    memory_bytes, seconds = int(sys.argv[1]), float(sys.argv[2])
    cv2.setNumThreads(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    # What a library prints must not get between the replies.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, replies, seconds=seconds)


if __name__ == "__main__":
    main()
