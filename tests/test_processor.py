import os
import subprocess
import sys

import pytest

from needscast import processor

AMD = "processor\t: 0\nvendor_id\t: AuthenticAMD\nflags\t\t: fpu sse2 avx2 avx512f avx512dq\n"


@pytest.fixture(autouse=True)
def _nothing_left_out(monkeypatch):
    monkeypatch.delenv(processor.LEFT_OUT, raising=False)


@pytest.mark.parametrize(
    ("told", "left_out"),
    [
        (AMD, "X86_V4"),
        (AMD.replace("AuthenticAMD", "GenuineIntel"), None),
        (AMD.replace(" avx512f avx512dq", ""), None),
        ("", None),
    ],
    ids=["AMD with AVX-512", "Intel", "AMD without AVX-512", "nothing told"],
)
def test_avx512_is_left_out_on_amd_processors_alone(tmp_path, told, left_out):
    (tmp_path / "cpuinfo").write_text(told)
    assert processor.environment(tmp_path / "cpuinfo").get(processor.LEFT_OUT) == left_out


def test_a_system_that_tells_nothing_of_its_processor_leaves_nothing_out(tmp_path):
    assert processor.LEFT_OUT not in processor.environment(tmp_path / "none")


def test_what_the_callers_environment_leaves_out_stands(tmp_path, monkeypatch):
    (tmp_path / "cpuinfo").write_text(AMD)
    monkeypatch.setenv(processor.LEFT_OUT, "AVX512_ICL")
    assert processor.LEFT_OUT not in processor.environment(tmp_path / "cpuinfo")


def test_numpy_loads_without_a_word_when_avx512_is_left_out():
    environment = {**os.environ, processor.LEFT_OUT: processor.AVX512}
    said = subprocess.run([sys.executable, "-c", "import numpy"], capture_output=True, env=environment, check=True)
    assert (said.stdout, said.stderr) == (b"", b"")


def test_every_process_works_with_one_thread():
    assert {processor.environment()[name] for name in processor.ONE_THREAD} == {"1"}
