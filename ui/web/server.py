"""The web app as a process: where it listens, what it may do, and what it is told about the library."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from kg.addresses import VARIABLE
from kg.errors import NoLibrary, UsageError
from ui.web.uploads import MOST_MB

if TYPE_CHECKING:
    from ingest.report import Progress
    from kg.library import Library

HOST = "127.0.0.1"
PORT = 8501
ALLOWED = (HOST, "localhost")
"""What an address bar may say: a page elsewhere that has its own name lead here is refused."""
APP = Path(__file__).parent.parent / "app.py"
SAMPLE = APP.parent / "sample"

# Nothing is asked of the outside, nothing listens beyond this machine, and no traceback is shown on a page.
OPTIONS: dict[str, str] = {
    "server.address": HOST,
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "server.maxUploadSize": str(MOST_MB),
    "server.enableStaticServing": "false",
    "server.showEmailPrompt": "false",
    "browser.gatherUsageStats": "false",
    "browser.serverAddress": HOST,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "client.toolbarMode": "minimal",
    "runner.magicEnabled": "false",
    "logger.hideWelcomeMessage": "true",
    "theme.light.primaryColor": "#0f766e",
    "theme.light.backgroundColor": "#ffffff",
    "theme.light.secondaryBackgroundColor": "#f3f6f5",
    "theme.light.textColor": "#1c2321",
    "theme.light.borderColor": "#d9e0dd",
    "theme.light.linkColor": "#0b5f58",
    "theme.dark.primaryColor": "#0e857b",
    "theme.dark.backgroundColor": "#121816",
    "theme.dark.secondaryBackgroundColor": "#1c2421",
    "theme.dark.textColor": "#e8eeec",
    "theme.dark.borderColor": "#33403c",
    "theme.dark.linkColor": "#5eead4",
    "theme.headingFont": "serif",
    "theme.paddingTop": "1.5rem",
    "theme.paddingBottom": "4rem",
    "theme.metricValueFontSize": "1.75rem",
    "theme.baseRadius": "8px",
    "theme.linkUnderline": "false",
}


def free_port(port: int | None) -> int:
    """The port to listen on: the one named, which must be free, else the first free one from 8501.

    Raises UsageError when it is taken, or no port.
    """
    if port is not None:
        if not 1 <= port <= 65535:
            raise UsageError(f"{port} is no port. Ports are 1 to 65535; leave --port out to have one chosen.")
        if not _is_free(port):
            raise UsageError(f"Port {port} on {HOST} is taken. Name another one, or leave --port out.")
        return port
    found = next((one for one in range(PORT, PORT + 100) if _is_free(one)), None)
    if found is None:
        raise UsageError(f"The ports {PORT} to {PORT + 99} on {HOST} are all taken. Name a free one with --port.")
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HOST, port))
        except OSError:
            return False
        return True


def command(port: int, address: str = HOST) -> list[str]:
    """What starts the app: Streamlit's own command, with this interpreter. It listens on `address`, and answers to the
    names in ALLOWED alone all the same."""
    options = [*(OPTIONS | {"server.address": address}).items(), *(("server.allowedHosts", one) for one in ALLOWED),
               ("server.port", str(port)), ("browser.serverPort", str(port))]
    return [sys.executable, "-m", "streamlit", "run", str(APP), *(f"--{name}={value}" for name, value in options)]


def environment(library: str) -> dict[str, str]:
    """What the app's process finds around it: the library's address, and no settings of Streamlit's own."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
    return {**mine, VARIABLE: library}


def become(port: int, library: str, address: str = HOST) -> NoReturn:
    """Turns this process into the app, so that Ctrl-C and signals reach it as they come."""
    os.execve(sys.executable, command(port, address), environment(library))  # noqa: S606  (no shell is wanted)


def sample() -> list[Path]:
    """The articles that come with the project, to look around with."""
    return sorted(path for path in SAMPLE.iterdir() if path.suffix)


def fill_with_sample(library: Library, on_progress: Callable[[Progress], None] | None = None) -> bool:
    """Reads the sample articles into a library that is not there yet; whether that was so."""
    try:
        library.info()
    except NoLibrary:
        library.add(*sample(), on_progress=on_progress)
        return True
    return False
