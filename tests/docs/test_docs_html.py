"""The documentation as built: no warning, every link and anchor leads somewhere, nothing is loaded from elsewhere."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from palaestra.tests.support.pages import DOCS, ROOT, name_of

LOADED = {("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("video", "src"), ("object", "data")}
"""Attributes whose address a browser fetches by itself; a `link` loads unless it only says what it is related to."""

RELATED = {"next", "prev", "search", "index", "canonical", "author"}
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]


class Page(HTMLParser):
    """What a page links to, what it loads, and where one can link to in it."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = set()
        self.headings = 0
        self.without_words: list[str] = []
        self.feed(file.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.anchors |= {found[name] for name in ("id", "name") if name in found}
        self.headings += tag == "h1"
        self.loads += [found[name] for one, name in LOADED if one == tag and name in found]
        if tag == "link" and not set(found.get("rel", "").split()) & RELATED:
            self.loads.append(found["href"])
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if tag == "img" and not found.get("alt"):
            self.without_words.append(found.get("src", ""))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages, built as `make pages` builds them; a warning fails."""
    pytest.importorskip("sphinx", reason="Sphinx is not installed: pip install -e '.[docs]'")
    out = tmp_path_factory.mktemp("pages")
    options = ["--fail-on-warning", "--keep-going", "--nitpicky", "-q"]
    assert " ".join(options) in (ROOT / "Makefile").read_text(), "the Makefile builds them in another way"
    command = [
        sys.executable,
        "-m",
        "sphinx",
        *options,
        "-d",
        str(out / "trees"),
        str(ROOT / "docs"),
        str(out / "html"),
    ]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    return out / "html"


@pytest.fixture(scope="module")
def parsed(built: Path) -> dict[Path, Page]:
    return {file: Page(file) for file in sorted(built.rglob("*.html"))}


def written(built: Path) -> set[Path]:
    """The pages that somebody wrote: all but Sphinx's own, the search and an index."""
    return {built / Path(name_of(page)).relative_to("docs").with_suffix(".html") for page in DOCS}


def test_every_page_is_built_and_can_be_reached_from_the_first(built: Path, parsed: dict[Path, Page]) -> None:
    reached, todo = set(), [built / "index.html"]
    while todo:
        file = todo.pop()
        if file in parsed and file not in reached:
            reached.add(file)
            todo += [
                (file.parent / link.partition("#")[0]).resolve() for link in parsed[file].links if "://" not in link
            ]
    assert written(built) <= reached


def test_every_link_and_anchor_leads_somewhere(parsed: dict[Path, Page]) -> None:
    for file, page in parsed.items():
        for link in (unquote(link) for link in page.links if not re.match(r"[a-z]+:", link)):
            path, _, anchor = link.partition("#")
            target = (file.parent / path).resolve() if path else file
            assert target.exists(), f"{file.name} links to {link}"
            assert not anchor or target not in parsed or anchor in parsed[target].anchors, f"{file.name}: {link}"


def test_nothing_is_loaded_from_elsewhere(built: Path, parsed: dict[Path, Page]) -> None:
    for file, page in parsed.items():
        for address in page.loads:
            assert not re.match(r"[a-z]+:|//", address.removeprefix("data:image")), f"{file.name} loads {address}"
            assert address.startswith("data:") or (file.parent / address.partition("?")[0]).exists(), address
    for sheet in built.rglob("*.css"):
        remote = re.findall(r"@import[^;]*|url\(\s*['\"]?(?:https?:)?//[^)]*", sheet.read_text("utf-8"))
        assert not remote, f"{sheet.name}: {remote}"


def test_every_page_has_one_title_and_words_for_its_pictures(built: Path, parsed: dict[Path, Page]) -> None:
    for file, page in ((file, parsed[file]) for file in written(built)):
        assert page.headings == 1, f"{file.name} has {page.headings} headings of the first level"
        assert not page.without_words, f"{file.name}: no alternative text for {page.without_words}"


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: .ci/run installs it, or apt install chromium")
def test_every_page_opens_from_disk_without_an_error_and_fits_a_phone(built: Path) -> None:
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: pip install playwright")
    width = 390
    wrong: list[str] = []
    with sync_api.sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(viewport={"width": width, "height": 844}, color_scheme="dark")
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("request", lambda asked: wrong.append(asked.url) if asked.url.startswith("http") else None)
        for file in sorted(written(built)):
            page.goto(file.as_uri())
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{file.name} is {wide} pixels wide in a window of {width}"
        page.goto((built / "search.html").as_uri() + "?q=regret")
        page.wait_for_selector("#search-results li")
        browser.close()
    assert not wrong
