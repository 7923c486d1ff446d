"""A page of the made-up results of the report room, with names that attack among them."""

import importlib.util
import sys
from pathlib import Path

import pytest

from needscast import report
from needscast.report import blocks as b
from needscast.report import formats
from needscast.report.page import SCENARIO
from needscast.report.values import Text

MADE_UP = Path(__file__).parents[1] / "report" / "conftest.py"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    spec = importlib.util.spec_from_file_location("made_up", MADE_UP)
    made_up = importlib.util.module_from_spec(spec)
    sys.modules["made_up"] = made_up
    spec.loader.exec_module(made_up)
    page = report.page(made_up.made_up_results())
    rows = tuple((f"place {number}", "because " * 20) for number in range(20))
    columns = (b.Column("area", Text("table.area")), b.Column("reason", Text("table.reason"), "remark"))
    long = b.Table("long", Text("evidence.excluded"), columns, rows)
    blocks = (*(page.show(name) for name in ("cover", *SCENARIO)), long)
    return formats.write(blocks, "html", tmp_path_factory.mktemp("page") / "r.html")
