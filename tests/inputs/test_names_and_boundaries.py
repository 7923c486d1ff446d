"""Names in other languages, boundaries and stated priorities: read exactly, refused in words when they are wrong."""

import csv
import json

import pytest

from needscast.inputs.shipped import data_path

SQUARE = [[36.0, 35.0], [37.0, 35.0], [37.0, 36.0], [36.0, 36.0], [36.0, 35.0]]
STATED = "priority,sector,area,asked,as_of,published,source,sensitivity"


def geojson(*features):
    made = [
        {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}
        for properties, kind, coordinates in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": made})


def written(toy, name, *lines):
    (toy.path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return toy


def refused(toy):
    return " | ".join(f"{each.file}:{each.row} {each.message}" for each in toy.problems())


def test_a_name_is_kept_in_the_languages_that_the_folder_has(toy):
    name = toy.read().settings.name
    written(toy, "names.csv", "name,language,text", f'"{name}",fr,Pays inventé')
    assert toy.read().names[name] == {"fr": "Pays inventé"}


def test_a_translation_of_what_is_not_there_is_refused(toy):
    written(toy, "names.csv", "name,language,text", "Nowhere at all,fr,Nulle part")
    assert "names.csv:2" in refused(toy) and "Nowhere at all" in refused(toy)


def test_boundaries_are_read_by_the_area_that_they_name(toy):
    one, two = toy.read().zones[:2]
    written(
        toy,
        "boundaries.geojson",
        geojson(({"area": one}, "Polygon", [SQUARE]), ({"area": two}, "MultiPolygon", [[SQUARE], [SQUARE]])),
    )
    crisis = toy.read()
    assert crisis.boundaries[one] == (tuple(map(tuple, SQUARE)),)
    assert len(crisis.boundaries[two]) == 2
    assert "boundaries.geojson" in crisis.digests


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{", "is no GeoJSON collection"),
        (geojson(({}, "Polygon", [SQUARE])), "neither 'area' nor 'pcode'"),
        (geojson(({"area": "nowhere"}, "Polygon", [SQUARE])), "nowhere"),
        (geojson(({"area": "nowhere"}, "Point", [36, 35])), "is no boundary"),
        (geojson(({"area": "nowhere"}, "Polygon", [SQUARE[:3]])), "a ring needs four points"),
        (geojson(({"area": "nowhere"}, "Polygon", [[[500_000.0, 4e6]] * 4])), "not degrees"),
    ],
)
def test_a_boundary_that_cannot_be_drawn_is_refused_in_words(toy, text, word):
    said = refused(written(toy, "boundaries.geojson", text))
    assert word in said and "boundaries.geojson" in said


def test_a_stated_priority_is_hidden_until_its_day(toy):
    written(toy, "stated_priorities.csv", STATED, "food,,,key informants,2000-01-02,2099-01-01,agency,public")
    crisis = toy.read()
    assert crisis.stated_priorities.empty and "stated_priorities.csv" in set(crisis.hidden["table"])


def test_a_stated_priority_of_an_unknown_sector_or_area_is_refused(toy):
    written(toy, "stated_priorities.csv", STATED, "food,NONE,nowhere,informants,2000-01-02,2000-01-03,a,public")
    assert "unknown sector" in refused(toy) and "unknown area" in refused(toy)


def test_what_a_card_cites_and_why_an_input_is_used_can_be_told_in_further_languages(toy):
    crisis = toy.read()
    source = next(norm.source for card in crisis.sectors for item in card.items for norm in item.norms)
    reason = next(row.reason for row in crisis.inputs if row.reason)
    texts = [source, reason, crisis.figures["area_printed"].iloc[0]]
    lines = [f'"{text}",fr,en français' for text in dict.fromkeys(texts)]
    written(toy, "names.csv", "name,language,text", *lines)
    assert all(toy.read().names[text] == {"fr": "en français"} for text in texts)


def test_what_shipped_cards_say_is_told_in_further_languages_and_a_crisis_may_tell_it_otherwise(toy):
    with data_path("sectors", "names.csv").open(encoding="utf-8", newline="") as file:
        shipped = list(csv.DictReader(file))
    first = shipped[0]
    assert toy.read().names[first["name"]][first["language"]] == first["text"]
    assert "data/sectors/names.csv" in toy.read().digests
    cards = "".join(path.read_text(encoding="utf-8") for path in data_path("sectors").glob("*.toml"))
    assert [row["name"] for row in shipped if f'"{row["name"]}"' not in cards] == []  # would never be printed
