"""Stories in a real browser with a language model behind a server on this machine: a run that is seen while it is made,
stopped, left alone and answered; and the model tried.

Screenshots are left in `artifacts/web`, to be looked at.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright import sync_api

from kg.library import Library
from tests.fakes.chat_server import Asked, ChatServer, Says
from tests.fakes.helpful_model import form_of, helpful
from tests.ui.web.test_browser import CHROMIUM, FLAGS, App, Tab, healthy
from ui.web import server

pytestmark = pytest.mark.slow

FINDING = "What does dragline silk contain?"
BACK = {"standing": FINDING, "back": "Whose silk is meant?", "options": ["that of spiders", "that of silkworms"]}


@dataclass
class Model:
    """A model that answers after `pause` seconds, and asks back once where it is told to."""

    pause: float = 0.0
    asks_back: bool = False

    def __call__(self, asked: Asked) -> Says:
        if self.asks_back and form_of(asked) == "SaidUnderstood":
            said = helpful(asked, SaidUnderstood=BACK)
        else:
            said = helpful(asked)
        return Says(said.content, usage=said.usage, after=self.pause)


@pytest.fixture(scope="module")
def model() -> Model:
    return Model()


@pytest.fixture(scope="module")
def chat(model: Model) -> Iterator[ChatServer]:
    with ChatServer(model).running() as running:
        yield running


@pytest.fixture(scope="module")
def app(chat: ChatServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app over the sample articles, with the model set."""
    folder = tmp_path_factory.mktemp("web") / "library"
    with Library(folder) as library:
        library.add(*server.sample())
    (folder / "prices.toml").write_text('["openai:gpt-test"]\nread = 0.5\nwritten = 2\n')
    port = server.free_port(None)
    environment = server.environment(str(folder)) | {
        "HYPOGRAPH_LLM": "openai:gpt-test",
        "HYPOGRAPH_LLM_BASE_URL": chat.url,
        "HYPOGRAPH_LLM_BUDGET_TOKENS": "500000",
        "XDG_CONFIG_HOME": str(folder.parent),
    }
    process = subprocess.Popen(
        server.command(port),
        env=os.environ | environment,
        cwd=folder.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    app = App(folder, process, f"http://{server.HOST}:{port}")
    try:
        deadline = time.monotonic() + 60
        while not healthy(app):
            assert process.poll() is None and time.monotonic() < deadline, "the app did not start"
            time.sleep(0.1)
        yield app
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture(scope="module")
def browser(needs: Callable[[object, str], None]) -> Iterator[Any]:
    needs(CHROMIUM, "Chromium: apt-get install chromium fonts-liberation")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def tab(app: App, browser: Any) -> Iterator[Callable[..., Tab]]:
    made: list[Tab] = []

    def open_tab(path: str, wait: bool = True, **wishes: Any) -> Tab:
        window = browser.new_context(viewport={"width": 1360, "height": 900}, **wishes)
        window.set_default_timeout(20_000)
        one = Tab(window.new_page(), app)
        one.page.on("request", lambda request: one.asked.append(request.url))
        made.append(one)
        if wait:
            one.open(path)
        else:
            one.page.goto(app.address + path)
        return one

    yield open_tab
    for one in made:
        assert [url for url in one.asked if not url.startswith((app.address, "data:", "blob:"))] == []
        one.page.context.close()


def states(app: App) -> dict[str, str]:
    with app.library() as library:
        return {one["question"]: one["state"] for one in library.runs()}


def test_a_run_is_seen_while_it_is_made_and_is_stopped_and_gone_on_with(
    app: App, chat: ChatServer, model: Model, tab: Callable[..., Tab]
) -> None:
    model.pause = 1.5
    one = tab("/ask?q=What+is+nacre+made+of%3F", wait=False)
    one.sees("Checked the question")
    one.sees(re.compile(r"\d+ s · [\d,]+ tokens for 0\.\d+"))
    assert one.page.locator(".hg-number").count() == 0
    one.picture("ask-under-way")
    one.page.get_by_role("button", name="Cancel").click()
    one.sees(re.compile("Stopped after \\d+ steps?"))
    one.settle()
    one.picture("ask-stopped")
    assert states(app)["What is nacre made of?"] == "cancelled"
    before = len(chat.asked)
    model.pause = 0.0
    one.page.get_by_role("button", name="Go on").click()
    one.page.locator(".hg-number").first.wait_for()
    one.settle()
    one.picture("ask-gone-on")
    assert [form_of(asked) for asked in chat.asked[before:]].count("SaidUnderstood") == 0, "nobody is asked twice"
    assert states(app)["What is nacre made of?"] == "done"


def test_the_page_may_be_left_while_a_run_is_made(app: App, model: Model, tab: Callable[..., Tab]) -> None:
    model.pause = 1.0
    one = tab("/ask?q=What+is+chitin%3F", wait=False)
    one.sees("Checked the question")
    one.go("Library")
    one.go("Ask")
    one.page.locator(".hg-number").first.wait_for(timeout=40_000)
    model.pause = 0.0
    assert states(app)["What is chitin?"] == "done"


def test_a_question_back_is_answered_and_the_run_goes_on(app: App, model: Model, tab: Callable[..., Tab]) -> None:
    model.asks_back = True
    one = tab("/ask?q=What+does+dragline+silk+contain%3F")
    one.sees("Whose silk is meant?")
    one.picture("ask-back")
    model.asks_back = False
    one.page.get_by_text("that of silkworms").click()
    one.page.get_by_role("button", name="Go on").click()
    one.page.locator(".hg-number").first.wait_for()
    with app.library() as library:
        (run,) = [each["run"] for each in library.runs() if each["question"] == FINDING]
        assert "that of silkworms" in library.run(run)["said"].values()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_runs_are_looked_at_and_replayed(app: App, chat: ChatServer, tab: Callable[..., Tab], scheme: str) -> None:
    one = tab("/ask?q=What+is+spider+silk%3F", color_scheme=scheme)
    one.page.locator(".hg-number").first.wait_for()
    one.settle()
    one.picture(f"ask-{scheme}")
    one.go("Runs")
    one.picture(f"runs-{scheme}")
    one.page.get_by_role("link", name="What is spider silk?").first.click()
    asked = len(chat.asked)
    one.page.get_by_role("button", name="Replay").click()
    one.sees(re.compile("to the letter"))
    assert len(chat.asked) == asked
    one.settle()
    one.picture(f"run-{scheme}")
    with one.page.expect_download() as saved:
        one.page.get_by_role("button", name="Run (Markdown)").click()
    text = Path(saved.value.path()).read_text(encoding="utf-8")
    assert "What is spider silk" in text
    assert "| prompt | model | tokens |" in text
    one.page.get_by_role("link", name="← All runs").click()
    one.page.get_by_placeholder("Words of a question").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_model_is_tried(tab: Callable[..., Tab], scheme: str) -> None:
    one = tab("/settings", color_scheme=scheme)
    one.page.get_by_role("button", name="Try it").click()
    one.sees(re.compile("openai:.?gpt-test answers: Proteins"))
    one.settle()
    one.picture(f"settings-{scheme}")
