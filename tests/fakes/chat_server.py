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
    """The model's answer. `usage` None: the server does not count. `calls` are tools that the model uses, with what it
    hands them. Where a stream is asked for, the answer comes in `pieces`, `pause` seconds apart, and ends before its
    end at `cut` of them."""

    content: str | None
    finish: str = "stop"
    refusal: str | None = None
    usage: tuple[int, int] | None = (100, 20)
    after: float = 0.0
    calls: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    pieces: int = 4
    pause: float = 0.0
    cut: int | None = None

    def in_pieces(self) -> list[str]:
        """The text, cut where no word ends."""
        text = "" if self.content is None else self.content
        long = max(1, -(-len(text) // self.pieces))
        return [text[at : at + long] for at in range(0, len(text), long)]


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
        self.script, self._guard, self._now = script, threading.Lock(), 0
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
            if callable(self.script):
                return self.script(asked)
            return self.script[min(len(self.asked), len(self.script)) - 1]

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
                        dialect = _DIALECTS.get(self.path, OPENAI)
                        if body.get("stream"):
                            self.send_pieces(step, list(dialect.pieces(step, body)))
                        else:
                            self.send(200, json.dumps(dialect.whole(step, body)) + "\n", {})

            def send_pieces(self, step: Says, pieces: list[str]) -> None:
                """A stream, whose length is announced so that a client sees whether it was cut."""
                try:
                    self.send_response(200)
                    self.send_header("Content-Type", "text/event-stream")
                    self.send_header("Content-Length", str(sum(len(piece.encode()) for piece in pieces)))
                    self.end_headers()
                    for piece in pieces[: step.cut]:
                        self.wfile.write(piece.encode())
                        self.wfile.flush()
                        time.sleep(step.pause)
                except (BrokenPipeError, ConnectionResetError):
                    pass  # whoever asked has not waited
                self.close_connection = True

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
    message: dict[str, Any] = {"role": "assistant", "content": step.content, "refusal": step.refusal}
    if step.calls:
        message["tool_calls"] = _functions(step)
    choice = {"index": 0, "message": message, "finish_reason": _end(step), "logprobs": None}
    told = {"id": "chatcmpl-1", "object": "chat.completion", "created": 0, "model": body["model"], "choices": [choice]}
    return told | ({} if step.usage is None else {"usage": _counted(step.usage)})


def completion_in_pieces(step: Says, body: Mapping[str, Any]) -> Iterator[str]:
    """The same as server-sent events; tokens are counted in the last one where that is wished."""

    def event(**said: Any) -> str:
        told = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 0, "model": body["model"]} | said
        return f"data: {json.dumps(told)}\n\n"

    def choice(delta: Mapping[str, Any], finish: str | None = None) -> str:
        return event(choices=[{"index": 0, "delta": delta, "finish_reason": finish}])

    yield choice({"role": "assistant", "content": ""})
    if step.refusal is not None:
        yield choice({"refusal": step.refusal})
    for piece in step.in_pieces():
        yield choice({"content": piece})
    if step.calls:
        yield choice({"tool_calls": [{"index": at, **one} for at, one in enumerate(_functions(step))]})
    yield choice({}, _end(step))
    if step.usage is not None and body.get("stream_options", {}).get("include_usage"):
        yield event(choices=[], usage=_counted(step.usage))
    yield "data: [DONE]\n\n"


def _functions(step: Says) -> list[dict[str, Any]]:
    return [
        {"id": f"call_{at}", "type": "function", "function": {"name": name, "arguments": json.dumps(handed)}}
        for at, (name, handed) in enumerate(step.calls)
    ]


def _end(step: Says) -> str:
    return "tool_calls" if step.calls else step.finish


def _counted(usage: tuple[int, int]) -> dict[str, int]:
    return {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}


def anthropic_message(step: Says, body: Mapping[str, Any]) -> dict[str, Any]:
    """As Anthropic's server says it: a reply of a given form is the use of a tool."""
    text = "" if step.content is None else step.content
    content: list[dict[str, Any]] = [{"type": "text", "text": text}] if text else []
    stop = {"length": "max_tokens", "content_filter": "refusal"}.get(step.finish, "end_turn")
    used = [*step.calls]
    if body.get("tools") and text.startswith("{") and text.endswith("}") and stop == "end_turn":
        content, used = [], [(body["tools"][0]["name"], json.loads(text)), *used]
    for at, (name, handed) in enumerate(used):
        content.append({"type": "tool_use", "id": f"toolu_{at}", "name": name, "input": handed})
        stop = "tool_use"
    read, written = step.usage if step.usage is not None else (0, 0)
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": content,
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": {"input_tokens": read, "output_tokens": written},
    }


def anthropic_in_pieces(step: Says, body: Mapping[str, Any]) -> Iterator[str]:
    """The same as server-sent events: each block begins, comes in pieces and ends."""

    def event(type: str, **said: Any) -> str:
        return f"event: {type}\ndata: {json.dumps({'type': type, **said})}\n\n"

    whole = anthropic_message(step, body)
    counted = whole["usage"]
    begun = {**whole, "content": [], "stop_reason": None, "usage": {**counted, "output_tokens": 1}}
    yield event("message_start", message=begun)
    for at, block in enumerate(whole["content"]):
        used = block["type"] == "tool_use"
        empty = {**block, "input": {}} if used else {**block, "text": ""}
        yield event("content_block_start", index=at, content_block=empty)
        text = json.dumps(block["input"]) if used else block["text"]
        for piece in Says(text, pieces=step.pieces).in_pieces():
            delta = (
                {"type": "input_json_delta", "partial_json": piece} if used else {"type": "text_delta", "text": piece}
            )
            yield event("content_block_delta", index=at, delta=delta)
        yield event("content_block_stop", index=at)
    delta = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    yield event("message_delta", delta=delta, usage=counted)
    yield event("message_stop")


def ollama_message(step: Says, body: Mapping[str, Any]) -> dict[str, Any]:
    """As Ollama says it where no stream is asked for."""
    used = [{"function": {"name": name, "arguments": handed}} for name, handed in step.calls]
    message = {"role": "assistant", "content": step.content, **({"tool_calls": used} if used else {})}
    told: dict[str, Any] = {
        "model": body["model"],
        "created_at": "2026-01-01T00:00:00Z",
        "message": message,
        "done": True,
        "done_reason": step.finish,
    }
    if step.usage is not None:
        told["prompt_eval_count"], told["eval_count"] = step.usage
    return told


def ollama_in_pieces(step: Says, body: Mapping[str, Any]) -> Iterator[str]:
    """The same as JSON lines; the last one tells the end and the counts."""
    whole = ollama_message(step, body)
    for piece in step.in_pieces():
        said = {"message": {"role": "assistant", "content": piece}, "done": False}
        yield json.dumps({"model": whole["model"], "created_at": whole["created_at"], **said}) + "\n"
    yield json.dumps({**whole, "message": {**whole["message"], "content": ""}}) + "\n"


@dataclass(frozen=True)
class Dialect:
    """How a provider's server says an answer, whole and as a stream."""

    whole: Callable[[Says, Mapping[str, Any]], dict[str, Any]]
    pieces: Callable[[Says, Mapping[str, Any]], Iterator[str]]


OPENAI = Dialect(completion, completion_in_pieces)
_DIALECTS = {
    "/v1/messages": Dialect(anthropic_message, anthropic_in_pieces),
    "/api/chat": Dialect(ollama_message, ollama_in_pieces),
}
