"""The site around the reports in Chromium: index, archive, comparison and update, in three languages."""

import importlib.util
import json
import os
import shutil
import sys
from itertools import product
from pathlib import Path

import pytest

from needscast import report
from needscast.comparison import compare
from needscast.press.archive import write_archive
from needscast.press.index import Entry, write_index
from needscast.report import formats
from needscast.report.sections import COMPARISON, SCENARIO, UPDATE

playwright = pytest.importorskip("playwright.sync_api", reason="needs pip install 'needscast[test]'")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs pip install 'needscast[test]'")

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt install chromium, or CHROMIUM=/path/to/it")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LANGUAGES = ("en", "fr", "ar")
QUICK = (pytest.param("fr", marks=pytest.mark.prove), "en", "ar")  # a page in French is laid out as one in English is
PAGES = {"scenario": SCENARIO, "comparison": COMPARISON, "update": UPDATE}
RUNS = {"20200114T080000Z-aaaaaaaa": "internal", "20200121T080000Z-bbbbbbbb": "public"}


def of_the_report_room(name):
    """Load a module of the tests of the report room, which is no package."""
    folder = str(Path(__file__).parents[1] / "report")
    if folder not in sys.path:
        sys.path.append(folder)
    spec = importlib.util.spec_from_file_location(name, Path(folder) / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """An archive of two runs and the index of the newer one, in each language."""
    made_up, written = of_the_report_room("made_up_report"), {}
    for language in LANGUAGES:
        out = tmp_path_factory.mktemp(language)
        for name, edition in RUNS.items():
            (out / "runs" / name).mkdir(parents=True)
            reports = {each: {"readership": edition, "language": language} for each in ("as-now", "truce-holds")}
            manifest = {"reference_date": f"{name[:4]}-{name[4:6]}-{name[6:8]}", "reports": reports}
            (out / "runs" / name / "manifest.json").write_text(json.dumps(manifest))
        page = report.page(made_up.made_up_results(), language=language)
        entry = Entry("as-now", ("html", "pdf", "xlsx"), (page.show("cover"), page.show("headline")))
        index = out / "runs" / "20200121T080000Z-bbbbbbbb" / "index.html"
        write_index([entry], index, language)
        written[language] = {"archive": write_archive(out, language), "index": index}
    return written


@pytest.fixture(scope="module")
def opened():
    with playwright.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 800})
        page.set_default_timeout(5000)
        yield page
        browser.close()


def visit(page, path):
    """Open a file and return what it asked for beside itself."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    return [url for url in asked if url != path.as_uri() and not url.startswith("data:")]


def violations(page):
    page.eval_on_selector_all("details", "all => all.forEach(each => each.open = true)")
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert "color-contrast" in {each["id"] for each in found.response["passes"]}
    return [(each["id"], each["nodes"][0]["html"][:120]) for each in found.response["violations"]]


def sticks_out(page):
    return [
        width
        for width in (390, 1200)
        if page.set_viewport_size({"width": width, "height": 800})
        or page.evaluate("document.documentElement.scrollWidth") > width
    ]


@pytest.mark.parametrize("language", QUICK)
@pytest.mark.parametrize("kind", ["archive", "index"])
def test_axe_finds_nothing_no_request_leaves_and_nothing_sticks_out(site, opened, kind, language):
    assert visit(opened, site[language][kind]) == []
    assert violations(opened) == []
    assert sticks_out(opened) == []


@pytest.mark.parametrize("language", QUICK)
def test_the_archive_is_filtered_by_keyboard_and_says_how_many_are_left(site, opened, language):
    visit(opened, site[language]["archive"])
    for _ in range(3):
        opened.keyboard.press("Tab")
        if opened.evaluate("document.activeElement.tagName") == "INPUT":
            break
    opened.keyboard.type("2020 bbbbbbbb")
    rows = opened.eval_on_selector_all("tbody tr", "all => all.map(each => each.hidden)")
    assert rows == [False, True]
    for width in (390, 1200):  # a phone stacks the cells of a row
        opened.set_viewport_size({"width": width, "height": 800})
        assert [opened.locator("tbody tr").nth(row).is_visible() for row in (0, 1)] == [True, False]
    assert opened.inner_text("[role=status]") == "1 / 2"
    opened.keyboard.press("Tab")
    opened.keyboard.press("Tab")
    opened.keyboard.press("Enter")
    opened.wait_for_url("**/20200121T080000Z-bbbbbbbb/index.html")


def test_without_its_script_the_archive_is_whole(site):
    text = site["en"]["archive"].read_text(encoding="utf-8")
    assert text.count("<tr>") == 1 + len(RUNS) and '<p class="filter" hidden>' in text


def blocks_of(kind, language):
    made_up = of_the_report_room("made_up_report")
    if kind == "comparison":
        results = compare([made_up.made_up_results("as-now"), made_up.made_up_results("truce", scale=0.5)])
    elif kind == "update":
        results = of_the_report_room("test_what_changed").made_up_update()
    else:
        results = made_up.made_up_results()
    page = report.page(results, language=language)
    return tuple(page.show(name) for name in ("cover", *PAGES[kind]))


@pytest.mark.parametrize(("kind", "language"), [
    ("comparison", "ar"), ("scenario", "ar"), pytest.param("comparison", "fr", marks=pytest.mark.prove),
    pytest.param("update", "fr", marks=pytest.mark.prove),
])  # fmt: skip
def test_neither_a_phone_nor_a_desk_cuts_a_table(opened, tmp_path, kind, language):
    """What is left of a number at the edge, such as 800,000 of 1,800,000, would be believed."""
    visit(opened, formats.write(blocks_of(kind, language), "html", tmp_path / "r.html", language=language))
    opened.add_style_tag(content="main > .group { content-visibility: visible !important; }")
    opened.eval_on_selector_all("details", "all => all.forEach(each => each.open = true)")
    wide = "all => all.filter(each => each.scrollWidth > each.clientWidth).map(each => each.closest('figure').id)"
    for width in (360, 390, 1200, 1280):
        opened.set_viewport_size({"width": width, "height": 800})
        assert opened.eval_on_selector_all(".scroll", wide) == []
    assert opened.locator(".stacked").count() > 3


@pytest.mark.prove  # the scenario report in English is in test_page
@pytest.mark.parametrize(
    ("kind", "language"), [pair for pair in product(PAGES, LANGUAGES) if pair != ("scenario", "en")]
)
def test_every_report_in_every_language_passes_the_same(opened, tmp_path, kind, language):
    path = formats.write(blocks_of(kind, language), "html", tmp_path / "r.html", language=language)
    assert visit(opened, path) == []
    assert violations(opened) == []
    assert sticks_out(opened) == []
    assert path.stat().st_size < 2_000_000
