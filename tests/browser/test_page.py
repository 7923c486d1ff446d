"""The page in a real browser: nothing for axe to find, all by keyboard, no request, nothing wider than a phone."""

import importlib.util
import os
import shutil
from pathlib import Path

import pytest

from needscast import report
from needscast.report import blocks as b
from needscast.report import formats
from needscast.report.sections import SCENARIO
from needscast.report.values import Range, Text

playwright = pytest.importorskip("playwright.sync_api", reason="needs pip install 'needscast[test]'")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs pip install 'needscast[test]'")

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt install chromium, or CHROMIUM=/path/to/it")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def money(key):
    return b.Column(key, Text("table.cost"), "range")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A page of the made-up results of the report room, with names that attack among them, and a long table."""
    spec = importlib.util.spec_from_file_location("made_up", Path(__file__).parents[1] / "report" / "made_up_report.py")
    made_up = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made_up)
    page = report.page(made_up.made_up_results())
    rows = tuple((f"place {number}", "because " * 20) for number in range(20))
    ranges = (("a name", *[Range(1_100_000, 1_900_000, 3_000_000, 0.8, "USD")] * 3, "up by 780,000 USD", "yes"),) * 2
    said, said_too = (b.Column(key, Text("update.change")) for key in ("change", "chance"))
    columns = (b.Column("area", Text("table.area")), b.Column("reason", Text("table.reason"), "remark"))
    long = b.Table("long", Text("evidence.excluded"), columns, rows)
    wide = b.Table("wide", Text("costs.table"), (*columns[:1], *(money(at) for at in "rst"), said, said_too), ranges)
    blocks = (*(page.show(name) for name in ("cover", *SCENARIO)), long, wide)
    return formats.write(blocks, "html", tmp_path_factory.mktemp("page") / "r.html")


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as tools:
        opened = tools.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(written):
    return written.as_uri()


@pytest.fixture(scope="module")
def page(browser, address):
    asked = []
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    page.on("request", lambda request: asked.append(request.url))
    page.set_default_timeout(5000)
    page.goto(address)
    page.asked = asked
    yield page
    page.close()


def test_no_request_leaves_the_page(page, address):
    assert [each for each in page.asked if each != address and not each.startswith("data:")] == []


@pytest.mark.prove
def test_axe_finds_nothing_with_every_table_unfolded(page):
    page.eval_on_selector_all("details", "all => all.forEach(each => each.open = true)")
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found.response["violations"]] == []
    assert "color-contrast" in {each["id"] for each in found.response["passes"]}


def test_the_keyboard_reaches_the_answer_every_link_every_folded_and_every_wide_table(page):
    page.eval_on_selector_all("details", "all => all.forEach(each => each.open = false)")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    reached = set()
    for _ in range(page.locator("a, summary, .scroll").count() + 5):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.tagName + (document.activeElement.hash || '')"))
    links = page.eval_on_selector_all("nav a", "all => all.map(each => 'A' + each.hash)")
    assert set(links) <= reached and {"SUMMARY", "DIV"} <= reached


def test_a_folded_table_opens_by_keyboard(page):
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details").first.get_attribute("open") is not None


def test_focus_is_seen(page):
    page.locator("summary").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_every_picture_is_drawn(page):
    sizes = page.eval_on_selector_all("img", "all => all.map(each => each.naturalWidth)")
    assert sizes and min(sizes) > 0


@pytest.mark.parametrize("width", [360, 390, 768, 1200])
def test_nothing_sticks_out_of_the_screen(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    shown = "all => all.forEach(each => each.style.contentVisibility = 'visible')"  # as when a reader comes to it
    page.eval_on_selector_all("main > .group", shown)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    clipped = """all => all.filter(each => each.scrollWidth > each.clientWidth + 1 && !each.closest('.scroll'))
        .map(each => each.outerHTML.slice(0, 80))"""
    assert page.eval_on_selector_all("h1, h2, h3, p, figcaption, summary, .key, .answer", clipped) == []
    if width in (360, 390, 1200):  # a table is scrolled on a tablet alone: its edge would cut a number into another
        wide = "all => all.filter(each => each.scrollWidth > each.clientWidth).map(each => each.closest('figure').id)"
        assert page.eval_on_selector_all(".scroll", wide) == []


def test_a_phone_gets_the_narrow_drawing(page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_function("[...document.images].every(each => each.complete)")
    widths = page.eval_on_selector_all("picture img", "all => all.map(each => each.naturalWidth)")
    assert max(widths) < 400


@pytest.mark.parametrize("end", [0, 9999])
def test_a_phone_shows_remarks_and_names_of_parts_whole_however_far_a_table_is_scrolled(page, end):
    page.set_viewport_size({"width": 390, "height": 800})
    page.eval_on_selector_all("main > .group", "all => all.forEach(each => each.style.contentVisibility = 'visible')")
    page.eval_on_selector_all(".scroll", f"all => all.forEach(each => each.scrollLeft = {end})")
    said = page.eval_on_selector_all(
        "tr.remark td > span, tr.part th > span",
        "all => all.map(each => each.getBoundingClientRect()).filter(at => at.width).map(at => [at.left, at.right])",
    )
    page.eval_on_selector_all(".scroll", "all => all.forEach(each => each.scrollLeft = 0)")
    assert len(said) > 2 and all(left >= 0 and right <= 390 for left, right in said)


def test_nothing_of_the_data_has_run(page):
    assert page.evaluate("document.querySelectorAll('main script, main iframe').length") == 0
    assert "alert(1)" in page.content()


def test_paper_shows_what_the_screen_folds(page):
    page.emulate_media(media="print")
    heights = page.eval_on_selector_all("details table", "all => all.map(each => each.getBoundingClientRect().height)")
    page.emulate_media(media="screen")
    assert not heights or min(heights) > 0


def test_the_page_is_small(written):
    assert Path(written).stat().st_size < 2_000_000
