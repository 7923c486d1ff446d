"""The page of all runs: the newest first, whole without script, and nothing on it is fetched from anywhere."""

import json
import re

import pytest

from needscast.press.archive import write_archive
from needscast.press.index import title_of
from needscast.report.blocks import Cover
from needscast.report.values import Day, Named, Text
from needscast.report.words import Words

CRISIS = Named({"en": "North of the river", "fr": "Nord du fleuve"})
WORSE = Text("title.under", {"scenario": Named({"en": "It goes on", "fr": "Cela continue", "ar": "يستمر"})})


@pytest.fixture
def out(tmp_path):
    """Three runs, one without a manifest that can be read, and one that is still being made."""
    for name, edition in (("20200114T080000Z-aaaaaaaa", "internal"), ("20200121T080000Z-bbbbbbbb", "public")):
        folder = tmp_path / "runs" / name
        folder.mkdir(parents=True)
        reports = {report: {"readership": edition, "language": "en"} for report in ("as-now", "<b>worse</b>")}
        made = {"reference_date": f"{name[:4]}-{name[4:6]}-{name[6:8]}", "reports": reports}
        (folder / "manifest.json").write_text(json.dumps(made))
    for name in ("20200122T080000Z-cccccccc", ".partial-1"):
        (tmp_path / "runs" / name).mkdir()
        (tmp_path / "runs" / name / "manifest.json").write_text("half")
    return tmp_path


def test_runs_stand_newest_first_each_with_its_link_and_edition(out):
    page = write_archive(out, "en").read_text(encoding="utf-8")
    newer, older = (page.index(f'href="runs/{name}/index.html"') for name in (
        "20200121T080000Z-bbbbbbbb", "20200114T080000Z-aaaaaaaa"))  # fmt: skip
    assert newer < older
    assert "21\u00a0January 2020" in page and "Public edition" in page and "Internal edition" in page
    assert "cccccccc" not in page and "partial" not in page


def test_reports_stand_in_the_order_of_their_run_each_with_a_link_to_its_page_or_its_first_file(out):
    folder = out / "runs" / "20200121T080000Z-bbbbbbbb"
    held = json.loads((folder / "manifest.json").read_text())
    held |= {"order": ["worse", "as-now", "comparison"], "asked": {"formats": ["xlsx", "pdf", "html"]}}
    held["files"] = dict.fromkeys(("as-now.html", "as-now.xlsx", "comparison.pdf", "comparison.xlsx"), "digest")
    (folder / "manifest.json").write_text(json.dumps(held))
    newer = write_archive(out, "en").read_text(encoding="utf-8").split("<tbody>")[1].split("</tr>")[0]
    assert re.findall(r"<li><bdi>(.*?)</bdi></li>", newer) == [
        "worse",
        f'<a href="runs/{folder.name}/as-now.html">as-now</a>',
        f'<a href="runs/{folder.name}/comparison.xlsx">comparison</a>',
    ]


def test_names_stay_text_and_the_filter_waits_for_its_script(out):
    page = write_archive(out, "en").read_text(encoding="utf-8")
    assert "<b>worse" not in page and "&lt;b&gt;worse" in page
    assert '<p class="filter" hidden>' in page and "src=" not in page


@pytest.mark.parametrize(("language", "said"), [
    ("en", ("North of the river", "Scenario: It goes on", "21\u00a0January 2020")),
    ("fr", ("Nord du fleuve", "Cela continue", "21\u00a0janvier\u00a02020")),
    ("ar", ("يستمر", "2020")),
])  # fmt: skip
def test_crisis_reports_and_days_are_named_in_the_words_of_the_language(out, language, said):
    title = Text("title.scenario", {"crisis": CRISIS})
    cover = Cover(title, "north", CRISIS, "2020-01-21", "2019-12-01", "public", subtitle=WORSE)
    summary = {"as-now": {"blocks": [cover.to_json()], "warnings": []}}
    (out / "runs" / "20200121T080000Z-bbbbbbbb" / "headlines.json").write_text(json.dumps(summary))
    newer, older = write_archive(out, language).read_text(encoding="utf-8").split("<tbody>")[1].split("</tr>")[:2]
    assert all(words in newer for words in said) and "as-now" not in newer
    assert "as-now" in older  # the summary of that run is lost


@pytest.mark.parametrize(("language", "said"), [
    ("en", "What changed since 14 January 2020 (scenario: It goes on)"),
    ("fr", "Ce qui a changé depuis le 14 janvier 2020 (scénario : Cela continue)"),
    ("ar", "ما الذي تغيّر منذ"),
])  # fmt: skip
def test_a_list_says_that_an_update_tells_what_changed(language, said):
    since = Text("title.since", {"since": Day("2020-01-14"), "scenario": WORSE.values["scenario"]})
    cover = Cover(Text("title.update", {"crisis": CRISIS}), "north", CRISIS, "2020-01-21", "", "public", subtitle=since)
    assert said in title_of(cover, Words(language)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(("language", "title", "towards"), [
    ("fr", "Rapports publiés", "ltr"),
    ("ar", "التقارير المنشورة", "rtl"),
])  # fmt: skip
def test_the_archive_speaks_the_language_of_the_reports(out, language, title, towards):
    page = write_archive(out, language).read_text(encoding="utf-8")
    assert f"<title>{title}</title>" in page and f'dir="{towards}"' in page
