"""How fast the web app is, as somebody in front of a browser meets it.

    python benchmarks/web.py [--repeat 5] [--library FOLDER]

Starts `hypograph ui` on the sample articles (or on a library that is there) and drives Chromium. Figures, in seconds,
least and median: until the app answers; first page, from the address to its title and numbers, in a new browser
profile; page switch, from the click to the other page's title and content; answer, from the click to the first quote
(the first one loads the model, unless that happened meanwhile); and, on a library made for it, a neighbourhood of 100
concepts, from the wish to the picture, with the part of that which laying out and drawing took in the browser. Times
are of this machine; the first line says which.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.error import URLError

from playwright.sync_api import Browser, Page, sync_playwright

from kg.library import Library
from kg.model import Mention, PaperFacts, Passage, SourceRecord, Statement, passage_id, record_id
from kg.names import key_of
from kg.stores.sqlite_store import SqliteStore
from ui.web import server

PROGRAM = Path(sys.executable).with_name("hypograph")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
PAGES = ("Ask", "Graph", "Disagreements", "Library")
CONTENT = {"Ask": "[data-testid=stForm]", "Graph": ".graph[data-nodes]", "Disagreements": "blockquote",
           "Library": "[data-testid=stMetric]"}
QUESTIONS = ("What makes spider silk tough?", "What is nacre made of?", "How does bone resist fracture?")
CONCEPTS = 100


def star(folder: Path) -> None:
    """A library with one concept that has 99 neighbours, each related to the next one too."""
    store = SqliteStore(folder, create=True)
    names = [f"thing {number}" for number in range(1, CONCEPTS)]
    said = [("the hub", name) for name in names] + list(zip(names, names[1:], strict=False))
    text, passages, mentions, statements = "", [], [], []
    id = record_id("star", "0" * 64, ("made@1",), True)
    for subject, object in said:
        sentence = f"{subject} affects {object}."
        passage = passage_id(id, len(text), len(text) + len(sentence))
        passages.append(Passage(passage, sentence, len(text)))
        text += sentence + "\n\n"
        mentions += [Mention(passage, start, start + len(name), name, "Thing", name, key_of(name))
                     for name, start in ((subject, 0), (object, len(sentence) - 1 - len(object)))]
        statements.append(Statement(passage, 0, len(sentence), sentence, key_of(subject), "affects", key_of(object),
                                    "affects", extractors=("made",)))
    store.add(SourceRecord(id, "star", "0" * 64, ("made@1",), True, PaperFacts(title="A star"), tuple(passages),
                           tuple(mentions), tuple(statements)), "corpus:star")
    store.close()


@contextmanager
def app(library: Path) -> Iterator[tuple[str, float]]:
    """The app's address, and how long it took until it answered."""
    port, begun = server.free_port(None), time.perf_counter()
    process = subprocess.Popen([PROGRAM, "ui", "--quiet", "--port", str(port), "--library", str(library)],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://{server.HOST}:{port}/_stcore/health", timeout=2):
                    break
            except (URLError, OSError):
                time.sleep(0.02)
        yield f"http://{server.HOST}:{port}", time.perf_counter() - begun
    finally:
        process.terminate()
        process.wait(20)


def first_page(browser: Browser, address: str) -> tuple[Page, float]:
    page = browser.new_context(viewport={"width": 1360, "height": 900}).new_page()
    begun = time.perf_counter()
    page.goto(address)
    page.locator(CONTENT["Library"]).first.wait_for()
    return page, time.perf_counter() - begun


def switched(page: Page, name: str) -> float:
    begun = time.perf_counter()
    page.get_by_test_id("stTopNavLink").filter(has_text=name).click()
    page.get_by_role("heading", name=name, exact=True, level=1).wait_for()
    page.locator(CONTENT[name]).first.wait_for()
    return time.perf_counter() - begun


def answered(page: Page, question: str) -> float:
    page.get_by_label("Your question").fill(question)
    begun = time.perf_counter()
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_role("heading", name=question, exact=True).wait_for()
    page.locator("blockquote .hg-number").first.wait_for()
    return time.perf_counter() - begun


def hundred(browser: Browser, address: str) -> tuple[float, float]:
    page = browser.new_context(viewport={"width": 1360, "height": 900}).new_page()
    page.goto(f"{address}/graph?concept=the+hub")
    page.locator(".graph[data-nodes]").wait_for()
    page.wait_for_timeout(500)
    begun = time.perf_counter()
    page.get_by_role("slider").press("End")
    page.locator(f".graph[data-nodes='{CONCEPTS}']").wait_for()
    whole = time.perf_counter() - begun
    drawn: Any = page.locator(".graph").get_attribute("data-milliseconds")
    page.context.close()
    return whole, int(drawn) / 1000


def told(name: str, times: list[float]) -> None:
    print(f"{name:46}{min(times):7.2f}{statistics.median(times):9.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--library", type=Path, help="a library in a folder; the sample articles without it")
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, Python "
          f"{platform.python_version()}, streamlit {version('streamlit')}; seconds: least, median")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory(prefix="hypograph-web-") as folder, sync_playwright() as playwright:
        library = options.library
        if library is None:
            library, begun = Path(folder) / "sample", time.perf_counter()
            with Library(library) as made:
                made.add(*server.sample())
            told("reading the sample articles", [time.perf_counter() - begun])
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        with app(library) as (address, started):
            told("until the app answers", [started])
            page, first = first_page(browser, address)
            told("first page of a new app, new browser profile", [first])
            told("first page, new browser profile",
                 [first_page(browser, address)[1] for _ in range(options.repeat)])
            first_visits = {name: switched(page, name) for name in PAGES}
            for name in PAGES:
                told(f"page switch to {name}, the first time", [first_visits[name]])
            switches = [{name: switched(page, name) for name in PAGES} for _ in range(options.repeat)]
            for name in PAGES:
                told(f"page switch to {name}", [one[name] for one in switches])
            switched(page, "Ask")
            told("answer to a first question", [answered(page, QUESTIONS[0])])
            told("answer to others", [answered(page, question) for question in QUESTIONS[1:]])
        star(Path(folder) / "star")
        with app(Path(folder) / "star") as (address, _):
            times = [hundred(browser, address) for _ in range(options.repeat)]
        told(f"neighbourhood of {CONCEPTS}, from the wish to the picture", [whole for whole, _ in times])
        told(f"neighbourhood of {CONCEPTS}, laid out and drawn", [drawn for _, drawn in times])
        browser.close()


if __name__ == "__main__":
    main()
