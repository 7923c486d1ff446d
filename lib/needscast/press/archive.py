"""The page of all published runs, newest first: filtered without a server, and whole without a script."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from needscast.press.folders import INDEX, MANIFEST, RUNS, whole_file
from needscast.press.fresh import SUMMARY
from needscast.press.index import title_of
from needscast.report.blocks import cover_of, from_json
from needscast.report.locales import own_name
from needscast.report.values import Day
from needscast.report.words import Words

ARCHIVE = "archive.html"


def write_archive(out: Path, language: str) -> Path:
    """Write the page of the runs below a folder and return its path; a run without a readable manifest is left out."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    from needscast.report.formats.html import font_faces

    words = Words(language)
    style = files("needscast.report").joinpath("templates/report.css").read_text(encoding="utf-8")
    template = files("needscast.press").joinpath(f"templates/{ARCHIVE}.j2").read_text(encoding="utf-8")
    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(
        template
    )
    heads = (
        "sheet.reference_date",
        "table.crisis",
        "sheet.readership",
        "archive.language",
        "archive.reports",
        "archive.run",
    )
    made = page.render(
        language=language,
        direction=words.direction,
        style=Markup(style + font_faces(words.font)),
        title=words.text("archive.title"),
        skip=words.text("page.skip_to_list"),
        filter=words.text("archive.filter"),
        latest=words.text("archive.latest"),
        heads=[words.text(head) for head in heads],
        runs=[_run(folder, manifest, words) for folder, manifest in _manifests(out / RUNS)],
    )
    with whole_file(out / ARCHIVE) as path:
        path.write_text(made, encoding="utf-8")
    return out / ARCHIVE


def _manifests(runs: Path) -> list[tuple[Path, dict[str, Any]]]:
    """Return the runs with their manifests, the newest first: their names begin with the moment they started."""
    found = []
    for path in sorted(runs.glob(f"[!.]*/{MANIFEST}"), reverse=True):
        try:
            found.append((path.parent, json.loads(path.read_text(encoding="utf-8"))))
        except (OSError, ValueError):
            continue
    return found


def _run(folder: Path, manifest: dict[str, Any], words: Words) -> dict[str, Any]:
    parameters = list(manifest["reports"].values())
    edition = str(parameters[0].get("readership", "internal"))
    code = str(parameters[0].get("language", ""))
    crisis, titles = _named(folder, words)
    return {
        "href": f"{RUNS}/{folder.name}/{INDEX}",
        "name": folder.name,
        "date": words.say(Day(manifest["reference_date"])),
        "crisis": crisis or str(manifest.get("crisis", "")),
        "edition": words.text(f"page.readership_{edition}"),
        "code": code,
        "language": own_name(code) if code else "",
        "reports": [
            {"title": titles.get(name, name), "href": _first_file(folder, name, manifest)}
            for name in manifest.get("order", manifest["reports"])  # older runs hold none
        ],
    }


def _first_file(folder: Path, name: str, manifest: dict[str, Any]) -> str:
    """Return the address of the page of a report, or of its first file where it has none; "" where no file is known."""
    kinds = ("html", *manifest.get("asked", {}).get("formats", ()))
    known = (f"{name}.{kind}" for kind in kinds if f"{name}.{kind}" in manifest.get("files", ()))
    return next((f"{RUNS}/{folder.name}/{file}" for file in known), "")


def _named(folder: Path, words: Words) -> tuple[str, dict[str, str]]:
    """Return the name of the crisis of a run and the titles of its reports; "" and none where its summary is lost."""
    try:
        summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "", {}
    covers = {name: cover_of(map(from_json, known["blocks"])) for name, known in summary.items()}
    crises = {words.say(cover.crisis_name) for cover in covers.values()}
    return ", ".join(sorted(crises)), {name: title_of(cover, words) for name, cover in covers.items()}
