"""A process of its own that answers requests one at a time, and can be given up on.

`multiprocessing` would run the caller's script again in the child, which breaks plain scripts and notebooks; here the
child is given the caller's `sys.path` and a function's name, and nothing else.

A child ends with its parent, however that ends: a thread in it waits on a pipe of which only the parent holds the other
end. It does not hear Ctrl-C, which is the parent's to act on.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from kg.errors import HypographError, UnusableInput

log = logging.getLogger(__name__)

MIB = 2**20
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_START = (
    "import json, sys; given = json.loads(sys.argv[1]); sys.path[:] = given['path']; "
    "from ingest.child import serve; serve(given['requests'], given['lifeline'])"
)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer, as the end of a sentence. `lasting`: the same request will fail again."""

    reason: str
    lasting: bool


def answered(function: Callable[[Any], Any], request: Any) -> Any:
    """function(request), or a Failure that says why this request cannot be answered.

    A HypographError that is not about the request (a model that is not installed) is returned, for the asker to raise.
    """
    try:
        return function(request)
    except UnusableInput as error:
        return Failure(str(error), lasting=True)
    except HypographError as error:
        return error
    except MemoryError:
        return Failure("it needs more memory than is allowed", lasting=True)
    except RecursionError:
        return Failure("it is nested too deep", lasting=True)
    except Exception as error:
        log.debug("a request could not be answered", exc_info=True)
        return Failure(
            f"it could not be worked on ({type(error).__name__}: {str(error)[:300]}); please report this", lasting=False
        )


class Child:
    """A started process in which `make()` gives the function that answers.

    `make` and all requests and answers are pickled, so `make` must be found under its module's name. `memory` is how
    many bytes the process may take beyond what it has when it is ready.
    """

    def __init__(self, make: Callable[[], Callable[[Any], Any]], memory: int | None = None) -> None:
        mine, its = _pipe()
        lifeline, held = os.pipe()
        try:
            given = {
                "path": [entry if entry else str(Path.cwd()) for entry in sys.path],
                "requests": its.fileno(),
                "lifeline": lifeline,
            }
            # Nothing that a document makes a library print may reach the user's terminal or the JSON on stdout.
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", _START, json.dumps(given)],
                pass_fds=(its.fileno(), lifeline),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **_ONE_THREAD},
            )
        except OSError:
            mine.close()
            os.close(held)
            raise
        finally:
            its.close()
            os.close(lifeline)
        self.connection, self._held = mine, held
        self._send((make, memory))

    @property
    def pid(self) -> int:
        return self._process.pid

    def _send(self, value: Any) -> None:
        try:
            self.connection.send(value)
        except BrokenPipeError:
            log.debug("process %s is gone; receive() will say so", self.pid)

    def ask(self, request: Any) -> None:
        """Sends a request; `receive` gives its answer."""
        self._send(request)

    def receive(self, seconds: float | None = None) -> Any:
        """The answer or a Failure. Raises what `answered` returned to be raised.

        Waits for so long and then kills the process; None waits on. Raises TimeoutError and EOFError when the process
        is gone without an answer: it can answer no more.
        """
        if not self.connection.poll(seconds):
            self.kill()
            raise TimeoutError
        try:
            answer = self.connection.recv()
        except (EOFError, ConnectionResetError):
            self.kill()
            raise EOFError from None
        if isinstance(answer, HypographError):
            raise answer
        return answer

    def kill(self) -> None:
        """Ends the process now, whatever it does."""
        if self._held < 0:
            return
        self._process.kill()
        self._process.wait()
        self.connection.close()
        os.close(self._held)
        self._held = -1

    def how_it_ended(self) -> str:
        code = self._process.returncode
        if code is not None and code < 0:
            return f"ended by signal {-code} ({signal.strsignal(-code)})"
        return f"ended with status {code}"


def _pipe() -> tuple[Connection, Connection]:
    from multiprocessing import Pipe

    return Pipe()


def serve(requests: int, lifeline: int) -> None:
    """What runs in the child: reads requests and answers them until the parent closes or ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(lifeline,), daemon=True).start()
    connection = Connection(requests)
    try:
        make, memory = connection.recv()
        function = answered(_made, make)
        if memory is not None:
            _limit_memory(memory)
        while True:
            request = connection.recv()
            connection.send(answered(function, request) if callable(function) else function)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        os._exit(0)


def _made(make: Callable[[], Callable[[Any], Any]]) -> Callable[[Any], Any]:
    return make()


def _end_with_parent(lifeline: int) -> None:
    os.read(lifeline, 1)
    os._exit(0)


def _limit_memory(allowed: int) -> None:
    """Limits the address space to what is in use now and `allowed` bytes more, where the system can say and do so."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (ImportError, OSError):
        return
    limit = pages * resource.getpagesize() + allowed
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
    # Without this a crash for want of memory would write all of it to disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
