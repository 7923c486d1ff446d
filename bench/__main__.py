"""Run the measurements and print them: `python -m bench` for all, `python -m bench chain press` for some.

Every module of this folder with a `run()` gives rows: what, measured, unit, target. A target is a ceiling; a ratio
stands against a floor or a rival that was measured in the same run. Machines differ, so read ratios before seconds.
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
from pathlib import Path

from needscast import processor

os.environ.update(processor.environment())  # before numpy is loaded: as every process of ours


def modules() -> list[str]:
    """Return the names of the measurements."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))


def main(wanted: list[str]) -> int:
    """Run the wanted measurements, all when none is named, and print a row each."""
    unknown = sorted(set(wanted) - set(modules()))
    if unknown:
        print(f"unknown: {', '.join(unknown)}; there are {', '.join(modules())}", file=sys.stderr)
        return 2
    print(f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}")
    print(f"{'what':<76} {'measured':>10} {'target':>10}  unit")
    missed = 0
    for name in wanted or modules():
        for row in importlib.import_module(f"bench.{name}").run():
            target = row.get("target")
            over = target is not None and row["measured"] > target
            missed += over
            shown = "" if target is None else f"{target:,.3g}"
            note = "  OVER" if over else ""
            print(f"{row['what']:<76} {row['measured']:>10,.3g} {shown:>10}  {row['unit']}{note}", flush=True)
    print(f"{missed} over target" if missed else "all within their targets")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
