"""The kernel built with every bound checked and the sanitizers in it stays inside its arrays."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import search.columnar.kernel

ROOT = Path(__file__).parents[3]
SOURCES = sorted(Path(search.columnar.kernel.__file__).parent.glob("*.c"))
#: Seconds; each is some hundred rounds of hostile arrays.
SECONDS = 5


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The checked library, and the sanitizer that must be loaded before it."""
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("needs gcc")
    built = tmp_path_factory.mktemp("kernel") / "checked.so"
    sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    flags = ["-DCHECKED", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
    made = subprocess.run(
        [compiler, *flags, *sanitizers, "-o", str(built), *map(str, SOURCES), "-lm"],
        capture_output=True,
        text=True,
        check=False,
    )
    if "cannot find -lasan" in made.stderr:
        pytest.skip("needs gcc's address sanitizer")
    assert made.returncode == 0, made.stderr
    found = subprocess.run(
        [compiler, "-print-file-name=libasan.so"], capture_output=True, text=True, check=True
    )
    return built, found.stdout.strip()


def _run(checked: tuple[Path, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    library, sanitizer = checked
    environment = {
        **os.environ,
        "COLUMNAR_KERNEL_LIBRARY": str(library),
        "LD_PRELOAD": sanitizer,
        # Python keeps what it holds until it ends, and loads itself in ways that look like leaks.
        "ASAN_OPTIONS": "detect_leaks=0",
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=ROOT,
    )


def test_hostile_arrays_are_answered_or_refused(checked: tuple[Path, str]) -> None:
    done = _run(checked, "-m", "tests.search.columnar.fuzz_kernel", str(SECONDS))
    assert done.returncode == 0, done.stderr[-3000:]
    answered, refused = map(int, done.stdout.split())
    assert answered > 100
    assert refused > 100, "nothing hostile was tried"


def test_the_kernels_own_tests_pass_with_bounds_checked(checked: tuple[Path, str]) -> None:
    tests = [
        f"tests/search/columnar/test_kernel{name}.py" for name in ("", "_exactly", "_collection")
    ]
    done = _run(checked, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "skipped" not in done.stdout
