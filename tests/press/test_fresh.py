"""A report is rendered when something that decides its bytes has changed, and only then."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from needscast.press import Choices, render

pytestmark = pytest.mark.prove

TOY = Path(__file__).parents[1] / "crises" / "toy"
QUICK = Choices(formats=["html"])


@pytest.fixture(scope="module")
def first_run(tmp_path_factory, reports_into):
    """Publish a run of a copied crisis once; every test gets a copy of all of it."""
    home = tmp_path_factory.mktemp("fresh")
    reports_into(home)()
    shutil.copytree(TOY, home / "toy")
    with pytest.MonkeyPatch.context() as patch:
        use(home, patch)
        render(home / "toy", home / "out", QUICK)
    return home


def use(home, patch):
    patch.setattr("needscast.press.rendering.notebook_path", lambda name: home / name)
    patch.setattr("needscast.press.kernel.CAN_FORK", False)


@pytest.fixture
def toy(first_run, tmp_path, monkeypatch):
    shutil.copytree(first_run, tmp_path, dirs_exist_ok=True)
    use(tmp_path, monkeypatch)
    return tmp_path / "toy"


@pytest.fixture
def published(toy, tmp_path):
    """Return the folder of the first run, and that run."""
    return tmp_path / "out", render(toy, tmp_path / "out", QUICK)


@pytest.fixture
def no_kernel(monkeypatch):
    def refuse():
        raise AssertionError("a kernel was about to start")

    monkeypatch.setattr("needscast.press.pool.papermill_execute", refuse)


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name not in ("run-record.json",)}


def test_nothing_changed_means_no_rendering_no_reading_and_no_new_run(published, toy, no_kernel, monkeypatch):
    out, first = published
    monkeypatch.setattr("needscast.inputs.read_crisis", lambda *_, **__: pytest.fail("the crisis was read"))
    again = render(toy, out, QUICK)
    assert again.folder == first.folder and again.rendered == () and set(again.reports) == set(first.reports)
    assert [each.name for each in (out / "runs").iterdir()] == [first.folder.name]


def test_a_note_beside_the_inputs_changes_nothing(published, toy, no_kernel):
    out, first = published
    (toy / "README.md").write_text("read me", encoding="utf-8")
    assert render(toy, out, QUICK).folder == first.folder


def test_force_renders_everything_and_gives_the_same_bytes(published, toy):
    out, first = published
    again = render(toy, out, QUICK, force=True)
    assert set(again.rendered) == set(first.reports)
    assert set(again.why.values()) == {("asked for by --force",)}
    assert content(again.folder) == content(first.folder)


def test_a_changed_card_renders_its_scenario_and_the_comparison_only(published, toy):
    out, first = published
    card = toy / "scenarios" / "offensive.toml"
    card.write_text(card.read_text(encoding="utf-8") + "\n# judged again\n", encoding="utf-8")
    again = render(toy, out, QUICK)
    assert again.why == {
        "as-now": (),
        "offensive": ("input scenarios/offensive.toml changed",),
        "comparison": ("input scenarios/offensive.toml changed",),
    }
    assert (again.folder / "as-now.html").read_bytes() == (first.folder / "as-now.html").read_bytes()
    assert {path.name for path in again.folder.iterdir()} == {path.name for path in first.folder.iterdir()}
    assert (again.folder / "index.html").read_bytes() == (first.folder / "index.html").read_bytes()


def test_a_changed_figure_and_another_seed_render_again(published, toy):
    out, _ = published
    with (toy / "figures.csv").open("a", encoding="utf-8") as figures:
        figures.write("\n")
    changed = render(toy, out, replace(QUICK, scenarios=["offensive"], seed=5))
    assert changed.why == {"offensive": ("input figures.csv changed", "parameter seed was 0, is 5")}


def test_a_changed_library_renders_again(published, toy, monkeypatch):
    out, _ = published
    real = __import__("needscast.press.manifest", fromlist=["x"])._version
    monkeypatch.setattr("needscast.press.manifest._version", lambda name: "9.9" if name == "numpy" else real(name))
    changed = render(toy, out, replace(QUICK, scenarios=["as-now"]))
    assert changed.why == {"as-now": (f"library numpy was {real('numpy')}, is 9.9",)}


def test_a_changed_notebook_renders_its_reports(published, toy, tmp_path, reports_into):
    out, first = published
    reports_into(tmp_path)("1 + 1")
    again = render(toy, out, replace(QUICK, scenarios=["as-now"]))
    assert again.why["as-now"] == ("notebook report_scenario.ipynb changed",)


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_text("half")])
def test_a_published_file_that_was_lost_or_touched_is_made_again(published, toy, harm):
    out, first = published
    harm(first.folder / "as-now.html")
    (toy / "README.md").write_text("has the digests compared", encoding="utf-8")
    again = render(toy, out, QUICK)
    assert again.rendered == ("as-now",)
    assert (again.folder / "as-now.html").stat().st_size > 1000


def test_fewer_scenarios_are_a_new_run_of_kept_reports(published, toy, no_kernel):
    out, first = published
    again = render(toy, out, replace(QUICK, scenarios=["offensive"]))
    assert again.rendered == () and again.reports == ("offensive",) and again.folder != first.folder
    assert (again.folder / "offensive.html").read_bytes() == (first.folder / "offensive.html").read_bytes()


def test_another_format_is_rendered(published, toy):
    out, _ = published
    again = render(toy, out, replace(QUICK, scenarios=["offensive"], formats=["html", "csv"]))
    assert again.why["offensive"] == ("offensive.csv was not asked for then",)
