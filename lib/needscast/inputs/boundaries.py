"""Boundaries of areas, where a crisis folder has them: ``boundaries.geojson``, polygons in degrees, named by area.

A feature carries the id of its area, or its place code, in the property ``area`` or ``pcode``. Lines and points are no
boundaries; a file without any is an error, never an empty map.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from needscast.errors import one_of
from needscast.inputs.problems import Problems, shown
from needscast.inputs.rows import Rows

FILE = "boundaries.geojson"
Ring = tuple[tuple[float, float], ...]  # longitude and latitude, in degrees; the first point is the last one
Shapes = Mapping[str, tuple[Ring, ...]]

_DEPTH = {"Polygon": 1, "MultiPolygon": 2}  # how deep the rings lie in the coordinates
_REMEDY = "export it as GeoJSON in WGS 84 (EPSG:4326)"


def read_boundaries(content: bytes | None, problems: Problems) -> dict[str, tuple[Ring, ...]]:
    """Return the rings of each feature by the area or code that it names; what cannot be read is a problem."""
    if content is None:
        return {}
    try:
        features = json.loads(content.decode("utf-8-sig"))["features"]
        assert isinstance(features, list) and features
    except (ValueError, KeyError, TypeError, AssertionError):
        problems.add(FILE, 0, "", "is no GeoJSON collection of features", _REMEDY)
        return {}
    found: dict[str, tuple[Ring, ...]] = {}
    for number, feature in enumerate(features, start=1):
        try:
            name, rings = _name(feature), tuple(_rings(feature["geometry"]))
        except (KeyError, TypeError, ValueError) as error:
            problems.add(FILE, number, "feature", f"cannot be read: {error}", _REMEDY)
            continue
        if name in found:
            problems.add(FILE, number, "area", f"{shown(name)} stands twice", "join the two into one MultiPolygon")
        found[name] = rings
    return found


def by_area(shapes: Shapes, areas: Rows, problems: Problems) -> dict[str, tuple[Ring, ...]]:
    """Return the shapes by the ids of their areas; one of an area that the crisis does not have is a problem."""
    ids = {row["area"]: row["area"] for row in areas} | {row["pcode"]: row["area"] for row in areas if row["pcode"]}
    for number, name in enumerate(shapes, start=1):
        if name not in ids:
            problems.add(FILE, number, "area", one_of("area or place code", name, ids), "mend it, or add the area")
    return {ids[name]: rings for name, rings in shapes.items() if name in ids}


def _name(feature: Any) -> str:
    properties = feature["properties"]
    name = properties.get("area") or properties.get("pcode")
    if not isinstance(name, str):
        raise ValueError("its properties have neither 'area' nor 'pcode'")
    return name


def _rings(geometry: Any) -> Iterator[Ring]:
    kind = geometry["type"]
    if kind not in _DEPTH:
        raise ValueError(f"a {shown(kind)} is no boundary; use Polygon or MultiPolygon")
    polygons = [geometry["coordinates"]] if _DEPTH[kind] == 1 else geometry["coordinates"]
    for polygon in polygons:
        for ring in polygon:
            points = tuple((float(each[0]), float(each[1])) for each in ring)
            if len(points) < 4 or points[0] != points[-1]:
                raise ValueError("a ring needs four points or more, the last of them like the first")
            if not all(-180 <= east <= 180 and -90 <= north <= 90 for east, north in points):
                raise ValueError("its coordinates are not degrees of longitude and latitude")
            yield points
