"""Takes the pictures of the web app that README shows: docs/images, from the sample articles, in Chromium.

    python scripts/make_screenshots.py
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from kg.library import Library
from ui.web import server

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUESTION = "What+makes+spider+silk+tough%3F"


def main() -> None:
    """Reads the articles, starts the app, visits three pages."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "library"
        with Library(place) as library:
            library.add(*server.sample())
            contested = next(one.relation for one in library.disagreements("sacrificial bonds"))
        port = server.free_port(None)
        address = f"http://{server.HOST}:{port}"
        process = subprocess.Popen(server.command(port), env=server.environment(str(place)),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_for(address)
            with sync_playwright() as playwright:
                chromium = shutil.which("chromium") or shutil.which("chromium-browser")
                browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
                page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
                _visit(page, address)
                page.get_by_text("Library: ").first.evaluate("element => { element.style.visibility = 'hidden' }")
                page.screenshot(path=IMAGES / "library.png")
                _visit(page, f"{address}/ask?q={QUESTION}")
                page.get_by_text("In its context").first.click()
                page.screenshot(path=IMAGES / "ask.png")
                _visit(page, f"{address}/graph?concept=sacrificial+bonds")
                graph = page.locator(".graph[data-nodes]")
                where = graph.evaluate("(root, id) => root.view.where(id)", contested.id)
                page.mouse.click(where["x"], where["y"])
                page.locator("blockquote.hg-against").wait_for()
                page.mouse.move(5, 790)
                page.wait_for_timeout(800)
                page.screenshot(path=IMAGES / "graph.png")
                browser.close()
        finally:
            process.terminate()
            process.wait(20)
    for path in IMAGES.glob("*.png"):
        with Image.open(path) as picture:
            few = picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=128)
        few.save(path, optimize=True)


def _visit(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_function("document.querySelectorAll('[data-testid=stSkeleton]').length === 0")
    page.wait_for_timeout(1500)


def _wait_for(address: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):  # noqa: S310  (our own address)
                return
        except (URLError, OSError):
            time.sleep(0.1)
    sys.exit("The app did not start.")


if __name__ == "__main__":
    main()
