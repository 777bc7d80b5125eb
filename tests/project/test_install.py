"""`make install`: from nothing to an environment, skipped when nothing changed, and clear about what is missing.

A small checkout with a lock of one package stands in for the project's: its `uv` is a wheel made here, whose command
writes down how it was called. Interpreter, pip and hash checking are the real ones; nothing is fetched.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent.parent
FAKE_UV = """#!/bin/sh
echo "$@" >> "{log}"
echo "UV_DEFAULT_INDEX=$UV_DEFAULT_INDEX UV_HTTP_TIMEOUT=$UV_HTTP_TIMEOUT" >> "{log}"
"""


def make_wheel(folder: Path, command: str) -> str:
    """A wheel of `uv` 1.0 with that text as its command; its sha256."""
    files = {
        "uv-1.0.data/scripts/uv": command,
        "uv-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: uv\nVersion: 1.0\n",
        "uv-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
        record += f"{name},sha256={digest},{len(text.encode())}\n"
    files["uv-1.0.dist-info/RECORD"] = record + "uv-1.0.dist-info/RECORD,,\n"
    path = folder / "uv-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o100755 << 16
            archive.writestr(entry, text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Checkout:
    """A checkout to set up, and what its `uv` was asked to do."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.wheels = folder.parent / "wheels"  # pip reads a list with blanks between; the checkout's name has one
        self.log = folder / "uv.log"
        (folder / "scripts").mkdir(parents=True)
        self.wheels.mkdir()
        shutil.copy(TOP / "scripts" / "install.sh", folder / "scripts")
        (folder / "pyproject.toml").write_text('[project]\nname = "small"\n')
        digest = make_wheel(self.wheels, FAKE_UV.format(log=self.log))
        self.lock = folder / "requirements.lock"
        self.lock.write_text(f"before==1.0 \\\n    --hash=sha256:00\nuv==1.0 \\\n    --hash=sha256:{digest}\n")

    def install(self, lock: str = "requirements.lock", **env: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_", "PYTHON"))}
        pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels), "PIP_CONFIG_FILE": os.devnull}
        return subprocess.run(
            [shutil.which("bash") or "bash", str(self.folder / "scripts" / "install.sh"), ".venv", lock],
            env={**kept, **pip, "PYTHON": sys.executable, **env},
            capture_output=True,
            text=True,
            timeout=120,
        )

    def calls(self) -> list[str]:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [line for line in lines if line.startswith("pip ")]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    checkout = Checkout(tmp_path_factory.mktemp("installed") / "a checkout")
    done = checkout.install(PIP_INDEX_URL="https://mirror.example/simple", PIP_TIMEOUT="77")
    assert done.returncode == 0, done.stderr
    return checkout


def test_the_lock_is_installed_by_hash_and_then_the_checkout(installed: Checkout) -> None:
    sync, checkout = installed.calls()[:2]
    assert sync.startswith("pip sync")
    assert "--require-hashes" in sync
    assert "requirements.lock" in sync
    assert "--no-deps" in checkout
    assert "--build-constraints requirements.lock" in checkout
    assert checkout.endswith("--editable .")


def test_what_pip_is_configured_with_reaches_uv(installed: Checkout) -> None:
    assert "UV_DEFAULT_INDEX=https://mirror.example/simple UV_HTTP_TIMEOUT=77" in installed.log.read_text()


def test_a_second_run_does_nothing_and_takes_no_time(installed: Checkout) -> None:
    before = installed.calls()
    begun = time.monotonic()
    again = installed.install()
    assert (again.returncode, again.stdout) == (0, ".venv is up to date\n")
    assert time.monotonic() - begun < 2
    assert installed.calls() == before


@pytest.mark.parametrize("change", ["lock", "project", "stamp"])
def test_a_change_of_what_it_was_made_from_brings_it_up_to_date(change: str, installed: Checkout) -> None:
    before = len(installed.calls())
    match change:
        case "lock":
            installed.lock.write_text(installed.lock.read_text() + "after==1.0 \\\n    --hash=sha256:00\n")
        case "project":
            (installed.folder / "pyproject.toml").write_text('[project]\nname = "other"\n')
        case "stamp":  # as after an installation that was interrupted
            (installed.folder / ".venv" / ".installed").unlink()
    assert installed.install().returncode == 0
    assert len(installed.calls()) == before + 2
    assert installed.install().stdout == ".venv is up to date\n"


def test_a_package_that_is_not_what_was_locked_is_refused(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "a checkout")
    make_wheel(checkout.wheels, FAKE_UV.format(log=checkout.log) + "# other content\n")
    refused = checkout.install()
    assert refused.returncode == 1
    assert "HASH" in refused.stderr.upper()
    assert "could not install uv" in refused.stderr
    assert checkout.calls() == []
    assert checkout.install().returncode == 1, "a failed installation must not look finished"


def test_a_machine_without_a_fitting_python_is_told_what_to_install(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "a checkout")
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("cat", "cut", "dirname", "sha256sum", "bash", "env", "awk", "flock"):
        if found := shutil.which(name):
            (tools / name).symlink_to(found)
    (tools / "python3").write_text("#!/bin/sh\nexit 1\n")  # as an older one answers the question for its version
    (tools / "python3").chmod(0o755)
    told = checkout.install(PATH=str(tools), PYTHON="")
    assert told.returncode == 1
    assert "no Python 3.11, 3.12 or 3.13" in told.stderr
    assert "apt-get install python3 python3-venv" in told.stderr
    assert "PYTHON=/path/to/python3.11" in told.stderr


def test_a_python_that_was_named_and_does_not_fit_is_said(tmp_path: Path) -> None:
    told = Checkout(tmp_path / "a checkout").install(PYTHON="/nowhere/python3.9")
    assert told.returncode == 1
    assert "PYTHON=/nowhere/python3.9" in told.stderr


def test_a_lock_that_is_not_there_is_said(tmp_path: Path) -> None:
    told = Checkout(tmp_path / "a checkout").install(lock="requirements-none.lock")
    assert told.returncode == 1
    assert "requirements-none.lock" in told.stderr
