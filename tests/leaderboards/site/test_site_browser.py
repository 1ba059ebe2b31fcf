"""The site in a browser, from disk: sorted, filtered, read by keyboard, light, dark and narrow."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from palaestra.tests.support.headless import headless
from palaestra.tests.support.page_checks import CONTRAST, SIDEWAYS, STRUCTURE
from palaestra.tests.support.tiny_site import HOSTILE, TinySite, tiny_site
from palaestra.tests.support.tiny_track import TINY

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

COLUMNS = ("rank", "agent", "external_regret", "status", "attempts", "on")
Open = Callable[..., "Page"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinySite]:
    with tiny_site(tmp_path_factory.mktemp("site")) as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with headless() as started:
        yield started


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    """Opens a page; afterwards nothing was said on the console, and nothing but files was asked for."""
    wrong: list[str] = []
    contexts = []

    def open_page(path: Path, anchor: str = "", **options: Any) -> Page:
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("console", lambda message: wrong.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(f"a dialog: {dialog.message}"))
        page.on("request", lambda request: wrong.extend([] if request.url.startswith("file://") else [request.url]))
        page.goto(path.as_uri() + anchor)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong


def board_of(tiny: TinySite) -> Path:
    return tiny.site / "tracks" / f"{TINY}.html"


def names(page: Page) -> list[str]:
    """The agents of the board's rows that are shown, from top to bottom."""
    return [name.strip() for name in page.locator("#table tbody tr:not([hidden]) th .name a").all_inner_texts()]


def sort_keys(page: Page, column: int) -> list[str]:
    return page.eval_on_selector_all(  # type: ignore[no-any-return]
        "#table tbody tr", f"rows => rows.map(row => row.cells[{column}].dataset.v)"
    )


def in_order(keys: list[str], descending: bool) -> bool:
    """Whether keys are in order with the missing ones last: numbers as numbers, words as words."""
    held = [key for key in keys if key]
    if keys[: len(held)] != held:
        return False
    try:
        ranked: list[Any] = [float(key) for key in held]
    except ValueError:
        ranked = [key.lower() for key in held]
    pairs = list(pairwise(ranked))
    return all(b <= a for a, b in pairs) if descending else all(a <= b for a, b in pairs)


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_every_column_sorts_both_ways(tiny: TinySite, opened: Open, by: str) -> None:
    page = opened(board_of(tiny))
    heads = page.locator("#table thead th")
    assert [heads.nth(k).get_attribute("data-key") for k in range(heads.count())] == list(COLUMNS)
    for column in range(heads.count()):
        seen = set()
        for _ in range(2):
            button = heads.nth(column).locator("button")
            if by == "mouse":
                button.click()
            else:
                button.focus()
                page.keyboard.press("Enter")
            direction = heads.nth(column).get_attribute("aria-sort") or ""
            seen.add(direction)
            assert page.locator("#table thead th[aria-sort]").count() == 1
            assert in_order(sort_keys(page, column), direction == "descending"), (COLUMNS[column], direction)
            assert direction in page.locator("p[role=status]").inner_text()
        assert seen == {"ascending", "descending"}


def test_the_board_begins_with_the_best_and_its_numbers_are_those_of_the_file_beside_it(
    tiny: TinySite, opened: Open
) -> None:
    page = opened(board_of(tiny))
    document = json.loads(board_of(tiny).with_suffix(".json").read_text())
    assert names(page) == [agent["name"] for agent in document["agents"]]
    values = [agent["metrics"]["external_regret"]["value"] for agent in document["agents"]]
    assert [float(key) for key in sort_keys(page, COLUMNS.index("external_regret"))] == pytest.approx(values)
    assert page.locator("#table th[aria-sort]").get_attribute("data-key") == "external_regret"


def test_every_filter_leaves_what_it_says(tiny: TinySite, opened: Open) -> None:
    page = opened(board_of(tiny))
    everybody = {"Gradient", "Hindsight", HOSTILE, "Shaky", "Mine"}
    assert set(names(page)) == everybody
    for label, gone in (
        ("verified", {"Gradient", "Hindsight", HOSTILE}),
        ("unverified", {"Shaky"}),
        ("preview", {"Mine"}),
    ):
        box = page.locator(f"input[value={label}]")
        box.uncheck()
        assert set(names(page)) == everybody - gone, label
        box.check()
    page.get_by_label("oracles").uncheck()
    assert set(names(page)) == everybody - {"Hindsight"}
    page.get_by_label("oracles").check()
    page.get_by_label("only registered").check()
    assert names(page) == ["Gradient"]
    assert page.locator("output").inner_text() == "1 of 5 shown"
    page.get_by_role("button", name="Show all").click()
    for words, found in (
        ("SHAK", {"Shaky"}),
        ("the paper", {"Gradient", "Hindsight"}),
        ("</script>", {HOSTILE}),
        ("nobody", set()),
    ):
        page.get_by_label("Search").fill(words)
        assert set(names(page)) == found, words


def test_the_view_lives_in_the_address(tiny: TinySite, opened: Open) -> None:
    page = opened(board_of(tiny))
    page.locator("th[data-key=attempts] button").click()
    page.locator("th[data-key=attempts] button").click()
    page.get_by_label("Search").fill("a & b=c")
    page.get_by_label("Search").fill("paper")
    page.locator("input[value=unverified]").uncheck()
    address = page.evaluate("location.hash")
    shown = names(page)
    again = opened(board_of(tiny), address)
    assert names(again) == shown and again.get_by_label("Search").input_value() == "paper"
    assert again.locator("th[data-key=attempts]").get_attribute("aria-sort") == "descending"
    assert not again.locator("input[value=unverified]").is_checked()
    again.evaluate("location.hash = '#q=Mine'")
    again.wait_for_function("document.querySelector('output').textContent === '1 of 5 shown'")
    assert names(again) == ["Mine"] and again.locator("input[value=unverified]").is_checked()
    again.get_by_role("button", name="Show all").click()
    assert len(names(again)) == 5 and "=" not in again.evaluate("location.hash")
    section = opened(board_of(tiny), "#curves")
    assert len(names(section)) == 5 and section.evaluate("location.hash") == "#curves"
    for strange in ("#sort=nothing:ascending", "#sort=gap:sideways&oracles=2", "#=&&==", "#status=&q=%E0%A4%A"):
        section.goto("about:blank")
        section.goto(board_of(tiny).as_uri() + strange)
        assert section.locator("#table tbody tr").count() == 5


def test_without_javascript_it_is_a_plain_sorted_table(tiny: TinySite, opened: Open) -> None:
    page = opened(board_of(tiny), java_script_enabled=False)
    assert page.locator("#table tbody tr").count() == 5
    assert not page.locator("form").is_visible() and page.locator("thead button").count() == 0


def test_a_keyboard_reaches_everything_and_sees_where_it_is(tiny: TinySite, opened: Open) -> None:
    page = opened(board_of(tiny))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    page.evaluate("window.wanted = [...document.querySelectorAll('main :is(a[href], button, input, summary)')]")
    wanted, reached = page.evaluate("wanted.filter(one => one.checkVisibility()).length"), set()
    for _ in range(wanted + 30):
        page.keyboard.press("Tab")
        place, outline = page.evaluate(
            "[wanted.indexOf(document.activeElement), getComputedStyle(document.activeElement).outlineStyle]"
        )
        assert place < 0 or outline != "none", page.evaluate("document.activeElement.outerHTML")
        reached |= {place} - {-1}
    assert len(reached) == wanted
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_well_made_readable_and_fits_a_phone(tiny: TinySite, opened: Open, scheme: str) -> None:
    page = opened(tiny.pages[0], color_scheme=scheme)
    for path in tiny.pages:
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(path.as_uri())
        page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
        assert page.evaluate(STRUCTURE) == [], path.name
        assert page.evaluate(CONTRAST) == [], path.name
        page.set_viewport_size({"width": 360, "height": 740})
        assert page.evaluate(SIDEWAYS) == [], path.name


def test_who_wants_no_motion_gets_none(tiny: TinySite, opened: Open) -> None:
    page = opened(board_of(tiny), reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert page.evaluate("document.getAnimations().length") == 0


def test_links_between_pages_are_followed_from_the_index(tiny: TinySite, opened: Open) -> None:
    page = opened(tiny.site / "index.html")
    page.get_by_role("link", name=TINY, exact=True).click()
    page.get_by_role("link", name="Gradient").first.click()
    assert page.locator("h1").inner_text() == "Gradient"
    page.locator("#log + p a").click()
    assert page.locator("tr:target th").inner_text() == "Gradient"


def test_the_checks_of_a_page_find_what_is_wrong(tiny: TinySite, opened: Open) -> None:
    page = opened(tiny.site / "about.html")
    page.evaluate("""() => { document.querySelector("main").innerHTML =
      "<h3 id=a>x</h3><input id=a><table><tr><th>x</table><svg role=img></svg><p id=faint>faint</p><pre id=wide></pre>";
      document.getElementById("faint").style.opacity = 0.5;
      document.getElementById("wide").style.minWidth = "3000px"; }""")
    found = " ".join(page.evaluate(STRUCTURE))
    for expected in ("stands twice", "first headings", "after a heading of level 0", "no label", "scope", "no name"):
        assert expected in found
    assert any("faint" in one for one in page.evaluate(CONTRAST)) and page.evaluate(SIDEWAYS)


def test_screenshots_for_people(tiny: TinySite, opened: Open, tmp_path: Path) -> None:
    """Light, dark, wide and narrow; in the test's folder, or in PALAESTRA_SCREENSHOTS."""
    folder = Path(os.environ.get("PALAESTRA_SCREENSHOTS") or tmp_path)
    agent = next((tiny.site / "agents" / TINY).glob("gradient-*"))
    pages = {"index": tiny.site / "index.html", "board": board_of(tiny), "agent": agent}
    page = opened(tiny.site / "index.html")
    for name, path in pages.items():
        for scheme, width in (("light", 1280), ("dark", 1280), ("light", 360)):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.set_viewport_size({"width": width, "height": 1000})
            page.goto(path.as_uri())
            picture = page.screenshot(path=folder / f"{name}.{scheme}.{width}.png")
            assert picture.startswith(b"\x89PNG") and len(picture) > 10_000
