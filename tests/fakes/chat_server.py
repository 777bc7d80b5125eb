"""A server on loopback that speaks as OpenAI's, Anthropic's and Ollama's do, and says what a test has scripted."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Says:
    """The model's answer. `usage` None: the server does not count."""

    content: str | None
    finish: str = "stop"
    refusal: str | None = None
    usage: tuple[int, int] | None = (100, 20)
    after: float = 0.0


@dataclass(frozen=True)
class Fails:
    """An HTTP error; status 200 with a body is an answer that is no chat completion."""

    status: int
    message: str = "something is wrong"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None


class HangsUp:
    """The connection ends in the middle."""


Step = Says | Fails | HangsUp


@dataclass(frozen=True)
class Asked:
    """A request as it came in."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def system(self) -> str:
        return str(self.body["messages"][0]["content"])

    @property
    def user(self) -> str:
        """The last thing that was said to the model."""
        return str(self.body["messages"][-1]["content"])


class ChatServer:
    """Takes its steps from a list, the last one again and again, or from a function of the request."""

    def __init__(self, script: list[Step] | Callable[[Asked], Step]) -> None:
        self.asked: list[Asked] = []
        self.most_at_once = 0
        self._script, self._guard, self._now = script, threading.Lock(), 0
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    @contextmanager
    def running(self) -> Iterator[ChatServer]:
        thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._http.shutdown()
            self._http.server_close()
            thread.join()

    def next_step(self, asked: Asked) -> Step:
        with self._guard:
            self.asked.append(asked)
            if callable(self._script):
                return self._script(asked)
            return self._script[min(len(self.asked), len(self._script)) - 1]

    @contextmanager
    def counted(self) -> Iterator[None]:
        with self._guard:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            yield
        finally:
            with self._guard:
                self._now -= 1

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                with server.counted():
                    body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                    self.answer(
                        server.next_step(
                            Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
                        ),
                        body,
                    )

            def answer(self, step: Step, body: Mapping[str, Any]) -> None:
                match step:
                    case HangsUp():
                        self.close_connection = True
                    case Fails(status, message, headers, text):
                        told = json.dumps({"error": {"message": message, "type": "error", "code": None}})
                        self.send(status, told if text is None else text, headers)
                    case Says():
                        time.sleep(step.after)
                        told = _FORMS.get(self.path, completion)(step, body)
                        self.send(200, json.dumps(told) + "\n", {})

            def send(self, status: int, text: str, headers: Mapping[str, str]) -> None:
                data = text.encode()
                try:
                    self.send_response(status)
                    for name, value in {
                        "Content-Type": "application/json",
                        "Content-Length": str(len(data)),
                        **headers,
                    }.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(data)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True  # whoever asked has not waited

            def log_message(self, *words: object) -> None:
                pass

        return Handler


def completion(step: Says, body: Mapping[str, Any]) -> dict[str, Any]:
    """As OpenAI's server says it."""
    message = {"role": "assistant", "content": step.content, "refusal": step.refusal}
    told: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": step.finish, "logprobs": None}],
    }
    if step.usage is not None:
        read, written = step.usage
        told["usage"] = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
    return told


def anthropic_message(step: Says, body: Mapping[str, Any]) -> dict[str, Any]:
    """As Anthropic's server says it: a reply of a given form is the use of a tool."""
    text = "" if step.content is None else step.content
    content: dict[str, Any] = {"type": "text", "text": text}
    stop = {"length": "max_tokens", "content_filter": "refusal"}.get(step.finish, "end_turn")
    if body.get("tools") and text.startswith("{") and stop == "end_turn":
        content = {"type": "tool_use", "id": "toolu_1", "name": body["tools"][0]["name"], "input": json.loads(text)}
        stop = "tool_use"
    read, written = step.usage if step.usage is not None else (0, 0)
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": [content],
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": {"input_tokens": read, "output_tokens": written},
    }


def ollama_message(step: Says, body: Mapping[str, Any]) -> dict[str, Any]:
    """As Ollama says it: one line of a stream, which is the last."""
    told: dict[str, Any] = {
        "model": body["model"],
        "created_at": "2026-01-01T00:00:00Z",
        "message": {"role": "assistant", "content": step.content},
        "done": True,
        "done_reason": step.finish,
    }
    if step.usage is not None:
        told["prompt_eval_count"], told["eval_count"] = step.usage
    return told


_FORMS = {"/v1/messages": anthropic_message, "/api/chat": ollama_message}
