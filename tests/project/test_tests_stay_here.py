"""No test reaches beyond this machine, so none can reach, or pay, a provider of language models."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest
from pydantic import BaseModel, SecretStr

from kg.chat_models import Access
from kg.errors import ModelNotReached
from kg.language_model import Prompt
from kg.settings import ChatModel
from tests.alone.sitecustomize import WHY

OUTSIDE = ("1.1.1.1", 443)


class Word(BaseModel):
    word: str


def test_nothing_outside_is_connected_to() -> None:
    with socket.socket() as line, pytest.raises(ConnectionRefusedError, match=WHY):
        line.connect(OUTSIDE)
    with socket.socket() as line, pytest.raises(ConnectionRefusedError, match=WHY):
        line.connect_ex(OUTSIDE)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line, pytest.raises(ConnectionRefusedError, match=WHY):
        line.sendto(b"?", OUTSIDE)
    with pytest.raises(socket.gaierror, match=WHY):
        socket.create_connection(("api.openai.com", 443), timeout=1)


def test_this_machine_is_connected_to() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()[:2], timeout=5).close()
        socket.create_connection(("localhost", server.getsockname()[1]), timeout=5).close()


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_provider_is_not_reached_even_with_a_key(provider: str) -> None:
    model = Access(ChatModel(provider, "some-model", key=SecretStr("sk-secret"), retries=0, timeout=5)).open()
    with pytest.raises(ModelNotReached):
        model(Prompt("word@1", "Say a word.", "Now."), Word)


def test_a_program_that_a_test_starts_is_held_to_it_too() -> None:
    code = "import socket; socket.create_connection(('api.openai.com', 443), timeout=1)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert WHY in done.stderr


def test_no_key_and_no_model_is_in_the_environment() -> None:
    assert [name for name in os.environ if name.endswith("_API_KEY") or name.startswith("HYPOGRAPH_LLM")] == []
