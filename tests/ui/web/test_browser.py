"""Five stories in a real browser, on the sample articles; nothing leaves the machine in any of them.

Screenshots are left in `artifacts/web`, to be looked at.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest
from playwright import sync_api

from kg.library import Library
from ui.web import server

pytestmark = pytest.mark.slow

TOP = Path(__file__).resolve().parents[3]
PICTURES = TOP / "artifacts" / "web"
PAGES = TOP / "ui" / "web" / "pages"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
HARM = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script> and $x^2$ and :red[hot]'
NOTE = json.dumps({"id": "glowworms", "year": 2020, "title": f"A note on glowworm threads {HARM}", "text":
                   "Glowworm threads contain mucus droplets, and humidity increases the stickiness of glowworm "
                   f"threads. It is written {HARM} here. Urea may attract water to the droplets."})


@dataclass
class App:
    """The web app as a process of its own."""

    folder: Path
    process: subprocess.Popen[bytes]
    address: str

    def library(self) -> Library:
        return Library(self.folder)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app over a folder in which there is no library yet."""
    folder = tmp_path_factory.mktemp("web") / "library"
    port = server.free_port(None)
    process = subprocess.Popen(server.command(port), env=server.environment(str(folder)), cwd=folder.parent,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    app = App(folder, process, f"http://{server.HOST}:{port}")
    try:
        deadline = time.monotonic() + 60
        while not healthy(app):
            assert process.poll() is None, process.stderr and process.stderr.read().decode()
            assert time.monotonic() < deadline, "the app did not start"
            time.sleep(0.1)
        yield app
    finally:
        process.terminate()
        process.communicate(timeout=20)


def healthy(app: App) -> bool:
    try:
        with urllib.request.urlopen(f"{app.address}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


@pytest.fixture(scope="module")
def browser(needs: Callable[[object, str], None]) -> Iterator[Any]:
    needs(CHROMIUM, "Chromium: apt-get install chromium fonts-liberation")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Tab:
    """A tab in a window of its own, and what it asked for."""

    page: Any
    app: App
    asked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def open(self, path: str = "/") -> None:
        self.page.goto(self.app.address + path)
        self.settle()

    def settle(self) -> None:
        """Waits until the page's script has run and what it drew stands still."""
        self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
        self.page.wait_for_function("document.querySelectorAll('[data-testid=stSkeleton]').length === 0")
        self.page.wait_for_timeout(150)

    def go(self, name: str) -> None:
        """To another page, by the navigation at the top."""
        self.page.get_by_test_id("stTopNavLink").filter(has_text=name).click()
        self.page.get_by_role("heading", name=name, exact=True, level=1).wait_for()
        self.settle()

    def picture(self, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png")

    def sees(self, text: str | re.Pattern[str], timeout: float = 15_000) -> Any:
        found = self.page.get_by_text(text).first
        found.wait_for(timeout=timeout)
        return found


Tabs = Callable[..., Tab]


@pytest.fixture
def tab(app: App, browser: Any) -> Iterator[Tabs]:
    """Makes tabs; at the end, none of them may have asked anybody but the app for anything, or hit a mistake."""
    made: list[Tab] = []

    def open_tab(path: str = "/", **wishes: Any) -> Tab:
        window = browser.new_context(viewport={"width": 1360, "height": 900}, **wishes)
        window.set_default_timeout(20_000)
        one = Tab(window.new_page(), app)
        one.page.on("request", lambda request: one.asked.append(request.url))
        one.page.on("websocket", lambda socket: one.asked.append(socket.url))
        one.page.on("pageerror", lambda error: one.wrong.append(str(error)))
        one.page.on("dialog", lambda dialog: one.wrong.append(f"dialog: {dialog.message}"))
        made.append(one)
        one.open(path)
        return one

    yield open_tab
    local = (app.address, app.address.replace("http", "ws"), "data:", "blob:")
    for one in made:
        assert [url for url in one.asked if not url.startswith(local)] == []
        assert one.asked
        assert one.wrong == []
        assert one.page.evaluate("window.harmed") is None
        one.page.context.close()


@pytest.fixture
def sampled(app: App) -> App:
    """The app with the sample articles in its library."""
    with app.library() as library:
        there = {paper.key for paper in library.papers()} if (app.folder / "library.sqlite").exists() else set()
        if missing := [path for path in server.sample() if path.name not in there]:
            library.add(*missing)
    return app


def number_of(tab: Tab, name: str) -> str:
    return str(tab.page.get_by_test_id("stMetric").filter(has_text=name).get_by_test_id("stMetricValue").inner_text())


def test_a_first_visit_ends_in_a_library_to_look_around_in(app: App, tab: Tabs) -> None:
    one = tab("/")
    one.sees("Nothing has been read yet.")
    one.picture("first-visit")
    one.page.get_by_role("button", name="Read the sample articles").click()
    one.sees(re.compile(r"Reading · \d+ of 12 files"))
    one.picture("reading")
    one.sees(re.compile(r"Read in \d+ s: 12 added"), timeout=90_000)
    assert number_of(one, "Papers") == "12"
    one.picture("library")
    one.go("Graph")
    one.page.locator(".graph[data-nodes]").wait_for()
    assert int(one.page.locator(".graph").get_attribute("data-nodes")) > 10


def test_an_upload_answers_a_question_and_its_quote_leads_to_the_text(sampled: App, tab: Tabs, tmp_path: Path) -> None:
    (tmp_path / "glowworms.jsonl").write_text(NOTE)
    one = tab("/")
    one.page.get_by_text("Add papers").click()
    one.page.locator("input[type=file]").set_input_files(tmp_path / "glowworms.jsonl")
    one.page.get_by_role("button", name="Read 1 file").click()
    one.sees(re.compile(r"Read in \d+ s: 1 (added|replaced|unchanged)"), timeout=60_000)
    one.picture("uploaded")
    one.go("Ask")
    one.page.get_by_label("Your question").fill("What do glowworm threads contain?")
    one.page.get_by_role("button", name="Ask", exact=True).click()
    quote = one.page.locator("blockquote.hg-quote", has=one.page.locator(".hg-number")).first
    quote.wait_for()
    assert "Glowworm threads contain mucus droplets" in quote.inner_text()
    assert "glowworms · 2020" in quote.inner_text()
    quote.get_by_text("In its context").click()
    assert quote.locator(".hg-cited").inner_text().startswith("Glowworm threads contain")
    assert HARM in quote.locator(".hg-passage").inner_text()
    one.picture("answer")
    one.page.get_by_role("link", name="Open in the paper →").first.click()
    passage = one.page.locator(".hg-target")
    passage.wait_for()
    sync_api.expect(passage).to_be_in_viewport()
    assert HARM in one.page.locator("h1.hg-heading").inner_text()
    one.settle()
    one.picture("paper")


def test_a_line_of_the_graph_leads_to_its_sentences(sampled: App, tab: Tabs) -> None:
    one = tab("/graph?concept=spider+silk")
    graph = one.page.locator(".graph")
    one.page.locator(".graph[data-nodes]").wait_for()
    one.picture("graph")
    with sampled.library() as library:
        relation = next(each for each in library.concept("spider silk").relations() if each.predicate == "contains")
    where = graph.evaluate("(root, id) => root.view.where(id)", relation.id)
    one.page.mouse.move(where["x"], where["y"])
    one.page.locator(".tip:not([hidden])").wait_for()
    assert f"{relation.subject} – contains – {relation.object}" in one.page.locator(".tip").inner_text()
    one.page.mouse.click(where["x"], where["y"])
    one.sees(re.compile("For · \\d"))
    quote = one.page.locator("blockquote.hg-for").first
    assert relation.object.split()[-1] in quote.inner_text().lower()
    one.settle()
    one.picture("sentences")


def test_a_click_on_a_concept_brings_in_its_neighbours(sampled: App, tab: Tabs) -> None:
    one = tab("/graph?concept=spider+silk")
    graph = one.page.locator(".graph")
    one.page.locator(".graph[data-nodes]").wait_for()
    before = set(graph.evaluate("root => root.view.cy.nodes().map((node) => node.id())"))
    with sampled.library() as library:
        centre = library.concept("spider silk").id
        ids = {each.label: each.id for each in library.concepts()}
        beyond = {end: ids[label] for each in library.relations()
                  for label, end in ((each.subject, ids[each.object]), (each.object, ids[each.subject]))
                  if ids[label] not in before and end in before and end != centre}
    where = graph.evaluate("(root, id) => root.view.where(id)", min(beyond))
    at = graph.evaluate("(root, id) => root.view.cy.getElementById(id).position()", centre)
    one.page.mouse.click(where["x"], where["y"])
    one.page.locator(f".graph:not([data-nodes='{len(before)}'])").wait_for()
    after = set(graph.evaluate("root => root.view.cy.nodes().map((node) => node.id())"))
    assert before < after
    assert beyond[min(beyond)] in after
    one.settle()
    assert graph.evaluate("(root, id) => root.view.cy.getElementById(id).position()", centre) == at
    one.picture("expanded")


def test_a_paper_is_removed(sampled: App, tab: Tabs) -> None:
    one = tab("/")
    papers = int(number_of(one, "Papers"))
    one.page.get_by_label("Filter papers").fill("nacre.md")
    one.page.get_by_label("Filter papers").press("Enter")
    one.sees(re.compile(r"1 of \d+ papers"))
    sync_api.expect(one.page.get_by_role("button", name="Remove")).to_have_count(1, timeout=20_000)
    one.page.get_by_role("button", name="Remove").click()
    dialog = one.page.get_by_role("dialog")
    dialog.get_by_text("stays where it is").wait_for()
    one.picture("remove")
    dialog.get_by_role("button", name="Keep").click()
    dialog.wait_for(state="hidden")
    one.page.get_by_role("button", name="Remove").click()
    dialog.get_by_role("button", name="Remove").click()
    one.sees("No paper fits")
    assert number_of(one, "Papers") == str(papers - 1)
    with sampled.library() as library:
        assert "nacre.md" not in [paper.key for paper in library.papers()]


def test_two_tabs_each_go_their_way_in_one_library(sampled: App, tab: Tabs) -> None:
    one, two = tab("/graph?concept=collagen"), tab("/graph?concept=nacre", color_scheme="dark")
    for each in (one, two):
        each.page.locator(".graph[data-nodes]").wait_for()
    assert one.page.locator("p.hg-heading").inner_text().lower() == "collagen"
    assert two.page.locator("p.hg-heading").inner_text().lower() == "nacre"
    two.picture("dark")
    one.go("Library")
    two.go("Library")
    papers = number_of(two, "Papers")
    with sampled.library() as library:
        library.remove("bone.md")
    two.go("Disagreements")
    two.picture("disagreements-dark")
    for each in (one, two):
        each.go("Ask")
        each.go("Library")
        assert int(number_of(each, "Papers")) == int(papers) - 1


@pytest.mark.parametrize("path", ["/", "/ask?q=What+is+nacre%3F", "/graph", "/paper", "/disagreements", "/table",
                                  "/settings", "/runs", "/hypotheses", "/notes", "/prediction"])
def test_every_page_can_be_the_first_one_and_asks_nobody_else(sampled: App, tab: Tabs, path: str) -> None:
    one = tab(path)
    assert one.page.get_by_test_id("stException").count() == 0
    assert one.page.get_by_test_id("stTopNavLink").count() == len(list(PAGES.glob("[a-z]*.py")))
    one.picture("page-" + (path.strip("/").partition("?")[0] or "library"))


def test_a_hypothesis_is_made_looked_at_and_kept(sampled: App, tab: Tabs) -> None:
    one = tab("/hypotheses?from=spider+silk")
    one.page.get_by_role("button", name="Make hypotheses").click()
    first = one.page.locator("[class*=st-key-open-h-] button").first
    first.wait_for(timeout=60_000)
    one.settle()
    one.picture("hypotheses")
    first.click()
    one.sees("What nobody here states:")
    picture = one.page.get_by_test_id("stImage").locator("img").first
    picture.wait_for()
    assert picture.evaluate("image => image.complete && image.naturalWidth > 300"), "the path is drawn"
    assert one.page.locator("blockquote.hg-quote").count() > 0
    one.picture("hypothesis-path")
    for name, shows in (("Facets", "Outcome"), ("Critique", "Is it new"), ("Arguments", "grounded semantics")):
        one.page.get_by_role("tab", name=name).click()
        one.sees(shows)
        one.picture(f"hypothesis-{name.lower()}")
    one.page.get_by_role("tab", name="Your judgement").click()
    one.page.get_by_label("Why").fill("worth a trial")
    one.page.get_by_role("button", name="Keep", exact=True).click()
    one.page.locator(".hg-badge", has_text="kept").wait_for()
    with sampled.library() as library:
        assert [each.reason for each in library.hypotheses] == ["worth a trial"]
    one.page.get_by_text("What is new", exact=True).click()
    one.sees("Nothing new for 1 hypothesis that you keep")


def test_a_note_is_written_linked_removed_and_brought_back(sampled: App, tab: Tabs) -> None:
    one = tab("/notes", color_scheme="dark")
    one.page.get_by_role("textbox", name="Text").fill(f"Does humidity matter for spider silk? {HARM}")
    one.page.get_by_role("button", name="Save", exact=True).click()
    one.page.get_by_role("tab", name="Suggested links").click()
    one.page.get_by_role("button", name="Link", exact=True).first.click()
    one.sees("version 2")
    one.settle()
    assert one.page.get_by_role("tab", name="Suggested links").get_attribute("aria-selected") == "true"
    one.page.get_by_role("tab", name="History").click()
    one.sees("linked to")
    one.picture("note-dark")
    one.page.get_by_role("button", name="Remove", exact=True).first.click()
    one.page.get_by_role("button", name="Undo").click()
    one.page.get_by_role("button", name="Undo").wait_for(state="hidden")
    one.page.locator(".hg-note", has_text="Does humidity matter").first.wait_for()
    with sampled.library() as library:
        (note,) = library.notes
        assert HARM in note.text and len(note.concepts) + len(note.papers) == 1


def test_nobody_else_can_reach_it(app: App) -> None:
    """It listens on loopback alone, and is not led astray by a name that is made to point there."""
    port = app.address.rpartition(":")[2]
    listening = subprocess.run([sys.executable, "-c", LISTENING, str(app.process.pid)], capture_output=True, text=True)
    assert listening.stdout.split() == [f"127.0.0.1:{port}"]
    with socket.create_connection((server.HOST, int(port)), timeout=10) as line:
        line.sendall(b"GET /_stcore/stream HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\n"
                     b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                     b"Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\n\r\n")
        assert line.recv(64).startswith(b"HTTP/1.1 403")


# The addresses on which a process listens, from /proc: tcp and tcp6, state 0A.
LISTENING = r"""
import os, socket, struct, sys
inodes = {os.readlink(f"/proc/{sys.argv[1]}/fd/{fd}") for fd in os.listdir(f"/proc/{sys.argv[1]}/fd")
          if os.path.lexists(f"/proc/{sys.argv[1]}/fd/{fd}")}
for kind in ("tcp", "tcp6"):
    for line in open(f"/proc/net/{kind}").readlines()[1:]:
        fields = line.split()
        if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes:
            host, port = fields[1].split(":")
            shown = socket.inet_ntoa(struct.pack("<I", int(host, 16))) if kind == "tcp" else host
            print(f"{shown}:{int(port, 16)}")
"""
