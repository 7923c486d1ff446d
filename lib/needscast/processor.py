"""What numpy is told of the processor before it is loaded: the environment of every process of ours.

One thread, so that sums of floating-point numbers do not depend on the machine. And no AVX-512 on AMD's processors: its
store that packs chosen numbers is slow microcode there, and numpy divides draws at a rank with it seven times slower
than with AVX2 (measured on a fourth-generation Zen).
"""

from __future__ import annotations

import os
from pathlib import Path

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
LEFT_OUT, AVX512 = (
    "NPY_DISABLE_CPU_FEATURES",
    "X86_V4",
)  # numpy's switch, and its name of these instructions from 2.4 on
TOLD = Path("/proc/cpuinfo")  # Linux; elsewhere nothing is left out
FIRST = 8192  # characters of it: more than it tells of the first of all cores, which are alike


def environment(told: Path = TOLD) -> dict[str, str]:
    """Return the variables to set; whatever the caller's environment leaves out already stands."""
    found = dict.fromkeys(ONE_THREAD, "1")
    if LEFT_OUT not in os.environ and _packs_slowly(told):
        found[LEFT_OUT] = AVX512
    return found


def _packs_slowly(told: Path) -> bool:
    try:
        with told.open(encoding="utf-8", errors="replace") as file:
            first = file.read(FIRST)
    except OSError:
        return False
    return "AuthenticAMD" in first and "avx512f" in first
