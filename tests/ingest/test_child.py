from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.child import MIB, Child, Failure
from kg.errors import NotFound, UnusableInput


def answering() -> Callable[[str], object]:
    def answer(asked: str) -> object:
        match asked:
            case "pid":
                return os.getpid()
            case "die":
                os.kill(os.getpid(), signal.SIGSEGV)
            case "hang":
                time.sleep(600)
            case "memory":
                return len(bytearray(900 * MIB))
            case "unusable":
                raise UnusableInput("it is odd")
            case "missing":
                raise NotFound("No model here.")
            case "mistake":
                return {}["nothing"]
            case "print":
                sys.stdout.write("litter")
                sys.stderr.write("litter")
        return asked

    return answer


def unable() -> Callable[[str], object]:
    raise NotFound("No model here.")


@pytest.fixture
def child() -> Iterator[Child]:
    made = Child(answering, 300 * MIB)
    yield made
    made.kill()


def asked(child: Child, what: str, seconds: float = 30) -> object:
    child.ask(what)
    return child.receive(seconds)


def test_a_child_answers_again_and_again_in_a_process_of_its_own(child: Child) -> None:
    pid = asked(child, "pid")
    assert pid != os.getpid()
    assert asked(child, "x") == "x"
    assert asked(child, "pid") == pid


def test_what_it_cannot_answer_is_told_and_it_goes_on(child: Child, capfd: pytest.CaptureFixture[str]) -> None:
    assert asked(child, "unusable") == Failure("it is odd", lasting=True)
    mistake = asked(child, "mistake")
    assert isinstance(mistake, Failure)
    assert "KeyError" in mistake.reason
    assert not mistake.lasting
    with pytest.raises(NotFound, match="No model"):
        asked(child, "missing")
    assert asked(child, "print") == "print"
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux says how much memory is in use")
def test_memory_is_limited(child: Child) -> None:
    told = asked(child, "memory")
    assert isinstance(told, Failure)
    assert "memory" in told.reason


def test_a_crash_is_noticed_and_named(child: Child) -> None:
    with pytest.raises(EOFError):
        asked(child, "die")
    assert "signal 11" in child.how_it_ended()


def test_a_hang_is_ended(child: Child) -> None:
    pid = asked(child, "pid")
    with pytest.raises(TimeoutError):
        asked(child, "hang", 0.2)
    assert isinstance(pid, int)
    assert not Path(f"/proc/{pid}").exists()


def test_a_child_that_could_not_be_made_says_why_to_every_request() -> None:
    child = Child(unable)
    for _ in range(2):
        with pytest.raises(NotFound, match="No model"):
            asked(child, "x")
    child.kill()


@pytest.mark.parametrize("busy", ["hang", "x"])
def test_a_child_ends_with_its_parent_and_does_not_hear_ctrl_c(busy: str) -> None:
    script = (
        "import time\nfrom ingest.child import Child\nfrom tests.ingest.test_child import answering\n"
        f"child = Child(answering)\nchild.ask('pid')\nprint(child.receive(), flush=True)\n"
        f"child.ask({busy!r})\ntime.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    os.kill(pid, signal.SIGINT)
    time.sleep(0.2)
    assert alive(pid)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 10
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(pid)


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
