from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

import pytest

from kg.errors import UsageError
from tests.fakes.web import small
from ui.web import server

PROGRAM = Path(sys.executable).with_name("hypograph")


@pytest.fixture
def taken() -> int:
    """A port that somebody listens on."""
    with socket.socket() as line:
        line.bind((server.HOST, 0))
        line.listen()
        yield line.getsockname()[1]


def test_a_taken_port_is_refused_with_advice(taken: int) -> None:
    with pytest.raises(UsageError, match=f"{taken}.* is taken"):
        server.free_port(taken)


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(UsageError, match="no port"):
        server.free_port(port)


def test_without_a_wish_a_free_port_is_found() -> None:
    port = server.free_port(None)
    assert server.PORT <= port < server.PORT + 100
    assert server.free_port(port) == port


def test_it_is_told_to_listen_here_alone_and_to_tell_nobody() -> None:
    words = server.command(8600)
    for option in ("--server.address=127.0.0.1", "--server.port=8600", "--browser.gatherUsageStats=false",
                   "--client.showErrorDetails=none", "--server.allowedHosts=127.0.0.1"):
        assert option in words


def test_streamlits_own_settings_in_the_environment_do_not_open_it_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMLIT_SERVER_ADDRESS", "0.0.0.0")
    environment = server.environment("/papers/library")
    assert "STREAMLIT_SERVER_ADDRESS" not in environment
    assert environment["HYPOGRAPH_LIBRARY"] == "/papers/library"


def test_the_sample_is_read_into_a_new_library_alone(tmp_path: Path) -> None:
    library = small(tmp_path)
    assert not server.fill_with_sample(library)
    assert len(library.papers()) == 3


def test_the_sample_articles_are_there() -> None:
    assert {path.suffix for path in server.sample()} == {".md", ".xml", ".pdf"}
    assert len(server.sample()) == 12


def test_the_command_says_where_serves_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    port = server.free_port(None)
    process = subprocess.Popen([PROGRAM, "ui", "--port", str(port), "--library", str(tmp_path / "none")],
                               stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=tmp_path)
    try:
        assert process.stderr is not None
        assert str(tmp_path / "none") in process.stderr.readline()
        assert f"http://127.0.0.1:{port} " in process.stderr.readline()
        deadline = time.monotonic() + 60
        while not answers(port):
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.communicate()
    assert not (tmp_path / "none").exists()


def test_the_command_refuses_a_taken_port(taken: int, tmp_path: Path) -> None:
    told = subprocess.run([PROGRAM, "ui", "--port", str(taken), "--library", str(tmp_path)], capture_output=True,
                          text=True)
    assert told.returncode == 2
    assert told.stderr == f"hypograph: Port {taken} on 127.0.0.1 is taken. Name another one, or leave --port out.\n"


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
