"""Measures pictures in a child process, so that a hostile or broken file harms nobody.

The child (`transforms.images.sandbox_child`) has a memory limit, a time limit for each picture
and an environment without credentials. When a picture makes it crash, that picture is refused,
a new child begins, and the run goes on. No `multiprocessing`: a task may run in a daemonic
process, which must not have children of that kind.
"""

import json
import os
import signal
import struct
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

import transforms
from transforms.errors import SourceError
from transforms.images.mask import BAD_MASK, bad_mask
from transforms.images.measures import Measures

LENGTH = struct.Struct("!Q")
"""Every message begins with its length."""

PIPE_BYTES = 1 << 20
"""A whole picture fits, mostly, so parent and child need not take turns. Linux's maximum."""

_BROKEN_OFF = "The file makes the decoder break off: open it in an image editor and export it anew."


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may take."""

    memory_bytes: int = 3 << 30
    """Address space of the child. 100 megapixels take up to 1.8 GB (WebP)."""
    seconds: float = 60.0
    """Wall clock for one picture. 100 megapixels take 2 to 5 s of an idle core."""
    pictures: int = 500
    """A child ends after as many, so that leaks of decoders do not add up."""


DEFAULT_LIMITS = Limits()


class Sandbox:
    """A child process that measures one picture at a time; a context manager."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.limits = limits
        self._child: subprocess.Popen[bytes] | None = None
        self._left = 0

    def __enter__(self) -> Self:
        self._begin()  # it imports while the first picture is on its way
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._end()

    @property
    def child_id(self) -> int | None:
        """Process id of the child; None where there is none now."""
        return self._child.pid if self._child else None

    def measure(self, data: bytes, mask: bytes | None = None) -> Measures:
        """Decode and measure one picture.

        Args:
            data: The picture's bytes.
            mask: Bytes of the mask supplied for it, to be checked against it; None: none was.

        Raises:
            SourceError: As `open_image`; `too_large` also where memory or time ran out, and
                `unreadable` where the decoder crashed, twice. `bad_mask` where any of this, or
                what `supplied_mask` refuses, befalls the mask.
        """
        found = self._answered({}, data)
        measures = Measures(**found["measures"])
        if mask is not None:
            size = measures.width_px, measures.height_px
            try:
                self._answered({"size": size, "orientation": found["orientation"]}, mask)
            except SourceError as error:
                raise error if error.reason == BAD_MASK else bad_mask(error.message) from error
        return measures

    def _answered(self, request: dict[str, object], data: bytes) -> dict[str, Any]:
        try:
            return self._ask(request, data)
        except ChildProcessError:
            # Perhaps the child was killed for something else, so the picture gets one more try.
            try:
                return self._ask(request, data)
            except ChildProcessError as error:
                raise SourceError("unreadable", _BROKEN_OFF) from error

    def _ask(self, request: dict[str, object], data: bytes) -> dict[str, Any]:
        if self._child is None or self._left == 0:
            self._end()
            self._begin()
        self._left -= 1
        child = cast("subprocess.Popen[bytes]", self._child)
        requests, replies = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)
        try:
            for message in (json.dumps(request).encode(), data):
                requests.write(LENGTH.pack(len(message)))
                requests.write(message)
            requests.flush()
            reply: dict[str, Any] = json.loads(read_message(replies))
        except (BrokenPipeError, EOFError) as error:
            self._end()
            if child.returncode == -signal.SIGALRM:
                raise SourceError(
                    "too_large",
                    f"Decoding took more than {self.limits.seconds:g} seconds: export it smaller.",
                ) from error
            raise ChildProcessError(f"decoder ended with {child.returncode}") from error
        if "reason" in reply:
            raise SourceError(reply["reason"], reply["message"])
        return reply

    def _begin(self) -> None:
        limits = self.limits
        self._left = limits.pictures
        self._child = subprocess.Popen(  # noqa: S603  # our own module
            [
                *(sys.executable, "-m", "transforms.images.sandbox_child"),
                *(str(limits.memory_bytes), str(limits.seconds)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pipesize=PIPE_BYTES,
            env={
                "PYTHONPATH": str(Path(transforms.__file__).parents[1]),
                "PATH": os.defpath,
                "OPENBLAS_NUM_THREADS": "1",
                "OMP_NUM_THREADS": "1",
                # Keep up to 256 MB of freed memory for the next picture: fetching it anew from
                # the kernel cost 35 of 82 ms a picture (2000 x 2000 JPEG).
                "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
                "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
            },
        )

    def _end(self) -> None:
        """End the child and wait for it; it ends by itself when its input does."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            with suppress(BrokenPipeError):  # what was not sent yet is lost with the child
                cast("IO[bytes]", pipe).close()
        child.wait()


def read_message(stream: IO[bytes]) -> bytes:
    """Read one message.

    Raises:
        EOFError: The other side is gone.
    """
    (length,) = LENGTH.unpack(_exactly(stream, LENGTH.size))
    return _exactly(stream, length)


def _exactly(stream: IO[bytes], count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data
