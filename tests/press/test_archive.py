"""The page of all runs: the newest first, whole without script, and nothing on it is fetched from anywhere."""

import json

import pytest

from needscast.press.archive import write_archive


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
    assert "21 January 2020" in page and "Public edition" in page and "Internal edition" in page
    assert "cccccccc" not in page and "partial" not in page


def test_names_stay_text_and_the_filter_waits_for_its_script(out):
    page = write_archive(out, "en").read_text(encoding="utf-8")
    assert "<b>worse" not in page and "&lt;b&gt;worse" in page
    assert '<p class="filter" hidden>' in page and "src=" not in page


@pytest.mark.parametrize(("language", "title", "towards"), [
    ("fr", "Rapports publiés", "ltr"),
    ("ar", "التقارير المنشورة", "rtl"),
])  # fmt: skip
def test_the_archive_speaks_the_language_of_the_reports(out, language, title, towards):
    page = write_archive(out, language).read_text(encoding="utf-8")
    assert f"<title>{title}</title>" in page and f'dir="{towards}"' in page
