"""Series of figures written to a folder of their own, as an office would send them."""

from datetime import date, timedelta

from needscast.inputs.series import read_series

START = date(2031, 3, 1)
HEADER = "as_of,value,measure,hedge,source,url,notes"
INDEX_HEADER = (
    "slug,crisis,country,onset_date,cause,measure,n_points,first,last,population_at_risk,peak,licence_or_origin,"
    "quality,notes,group,population_source"
)


def day(number):
    """Return a day, counted from the first of the made-up crises."""
    return START + timedelta(days=int(number))


class Folder:
    """A folder of series and, when asked for, their INDEX.csv."""

    def __init__(self, path):
        self.path = path

    def series(self, name, figures, measure="idp_stock", hedge="", notes=""):
        """Write a series of (day, value) pairs in the order given."""
        rows = [f"{day(number)},{value},{measure},{hedge},a source,,{notes}" for number, value in figures]
        path = self.path / f"{name}.csv"
        path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
        return path

    def index(self, *rows, header=INDEX_HEADER):
        """Write INDEX.csv; a row is a slug and the columns that are not blank."""
        names = header.split(",")
        lines = [",".join({"slug": slug, **cells}.get(name, "") for name in names) for slug, cells in rows]
        (self.path / "INDEX.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        return self

    def read(self, name, figures, **more):
        """Write and read back one series."""
        return read_series(self.series(name, figures, **more))
