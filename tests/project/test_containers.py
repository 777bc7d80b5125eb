"""What can be known of the containers without an engine: their description, and the command that the image starts."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import yaml

from tests.server.neo4j_server import POM, VERSION

TOP = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((TOP / "docker-compose.yml").read_text())
ENVIRONMENT = (TOP / ".env.example").read_text()


def instructions() -> list[tuple[str, str]]:
    """Those of the Dockerfile, continued lines joined."""
    text = re.sub(r"\\\n\s*", " ", (TOP / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines]


def of(kind: str) -> list[str]:
    return [words for name, words in instructions() if name == kind]


def held_to_the_schema(file: Path) -> subprocess.CompletedProcess[str]:
    """What the schema of the Compose Specification says of a file."""
    check = Path(sys.executable).with_name("check-jsonschema")
    return subprocess.run(
        [str(check), "--builtin-schema", "vendor.compose-spec", str(file)], capture_output=True, text=True, timeout=60
    )


def test_compose_has_the_form_of_its_specification() -> None:
    done = held_to_the_schema(TOP / "docker-compose.yml")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("    restart: unless-stopped\n", "    restarts: unless-stopped\n", "restarts"),
        ("      retries: 24\n", "      retries: {of: 24}\n", "retries"),
        ("condition: service_healthy", "condition: service_well", "service_well"),
    ],
)
def test_the_schema_finds_what_compose_would_refuse(right: str, wrong: str, told: str, tmp_path: Path) -> None:
    text = (TOP / "docker-compose.yml").read_text()
    assert right in text
    (tmp_path / "docker-compose.yml").write_text(text.replace(right, wrong, 1))
    done = held_to_the_schema(tmp_path / "docker-compose.yml")
    assert done.returncode == 1 and told in done.stdout


def test_the_services_of_compose_fit_each_other() -> None:
    for service in COMPOSE["services"].values():
        assert all(isinstance(value, str) for value in service["environment"].values()), "YAML took one for a number"
        named = {volume.split(":")[0] for volume in service["volumes"]}
        assert named <= set(COMPOSE["volumes"])
        assert set(service.get("depends_on", {})) <= set(COMPOSE["services"])


def test_what_compose_takes_from_the_environment_is_told_or_has_a_default() -> None:
    wanted = re.findall(r"\$\{(\w+)(:[?-])", (TOP / "docker-compose.yml").read_text())
    assert {name for name, how in wanted if how == ":?"} == {"HYPOGRAPH_NEO4J_PASSWORD"}
    for name, _ in wanted:
        assert re.search(rf"^(# )?{name}=", ENVIRONMENT, re.MULTILINE), f"{name} is not in .env.example"
    assert re.search(r"^HYPOGRAPH_NEO4J_PASSWORD=$", ENVIRONMENT, re.MULTILINE), "no password of its own"


def test_all_ports_are_for_this_machine_alone() -> None:
    for service in COMPOSE["services"].values():
        assert all(re.fullmatch(r"127\.0\.0\.1:(\d+):\1", port) for port in service["ports"])


def test_the_server_is_the_one_that_is_tested() -> None:
    server = COMPOSE["services"]["neo4j"]
    assert server["image"] == f"neo4j:{VERSION}-community"
    assert f"<version>{VERSION}</version>" in POM.read_text()
    assert server["environment"]["NEO4J_AUTH"].startswith("neo4j/${HYPOGRAPH_NEO4J_PASSWORD:?")
    assert "cypher-shell" in server["healthcheck"]["test"][1]
    assert COMPOSE["services"]["web"]["depends_on"]["neo4j"]["condition"] == "service_healthy"


def test_compose_itself_finds_it_valid() -> None:
    if (
        shutil.which("docker") is None
        or subprocess.run(["docker", "compose", "version"], capture_output=True).returncode
    ):
        pytest.skip("needs docker compose")
    done = subprocess.run(
        ["docker", "compose", "--file", str(TOP / "docker-compose.yml"), "config", "--quiet"],
        env=os.environ | {"HYPOGRAPH_NEO4J_PASSWORD": "12345678"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_the_image_is_pinned_small_and_not_roots() -> None:
    names = [name for name, _ in instructions()]
    assert all(re.fullmatch(r"python:3\.11-slim-bookworm( AS \w+)?", base) for base in of("FROM"))
    assert len(of("FROM")) == 2, "what builds it is left behind"
    last = names[len(names) - names[::-1].index("FROM") :]
    assert {"USER", "HEALTHCHECK", "CMD"} <= set(last)
    assert of("USER") == ["10001"]
    assert "requirements-slim.lock" in " ".join(of("RUN"))
    assert not re.search(r"(?i)password|secret|token", (TOP / "Dockerfile").read_text())


def test_what_the_image_copies_is_there_and_let_through() -> None:
    ignored = (TOP / ".dockerignore").read_text().splitlines()
    let_through = {line[1:] for line in ignored if line.startswith("!")}
    copied = {word for words in of("COPY") if "--from" not in words for word in shlex.split(words)[:-1]}
    assert copied == let_through
    assert all((TOP / name).exists() for name in copied)
    assert "*" in ignored


def health(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


@pytest.mark.slow
def test_what_the_image_starts_answers_its_health_check_in_a_plain_environment(tmp_path: Path) -> None:
    (command,) = of("CMD")[-1:]
    words = json.loads(command)
    assert words[:2] == ["hypograph", "ui"] and words[words.index("--address") + 1] == "0.0.0.0"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words[words.index("--port") + 1] = str(port)
    check = json.loads(of("HEALTHCHECK")[0].partition("CMD ")[2])
    bin = Path(sys.executable).parent
    plain = {"PATH": f"{bin}:/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    library = {"HYPOGRAPH_LIBRARY": "bolt://127.0.0.1:1", "HYPOGRAPH_NEO4J_PASSWORD": "12345678"}
    app = subprocess.Popen(
        [str(bin / words[0]), *words[1:]], cwd=tmp_path, env=plain | library, stderr=subprocess.PIPE, text=True
    )
    try:
        until = time.monotonic() + 60
        while not health(port) and app.poll() is None and time.monotonic() < until:
            time.sleep(0.2)
        asked = [str(bin / "python"), *(word.replace("8501", str(port)) for word in check[1:])]
        done = subprocess.run(asked, env=plain, capture_output=True, text=True, timeout=30)
        assert done.returncode == 0, done.stderr
    finally:
        app.terminate()
        app.wait(timeout=30)
        if app.stderr is not None:
            app.stderr.close()
