"""Rooms and stairs: which module may import which, and how long anything may be.

The data below is the house as ARCHITECTURE.md describes it. Every import counts, also those inside
functions and under TYPE_CHECKING: a type from upstairs is knowledge of upstairs. What is not seen
are names that are imported at run time from a string, as the parsers' child process does.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

INSTALLED = frozenset({"search", "indexer", "webapp"})
EVERYTHING = INSTALLED | {"tools", "metodsok", "terminal", "bench"}

#: Room, or module beside the rooms → which others it may import.
ROOMS: Mapping[str, frozenset[str]] = {
    "search": frozenset(),
    "indexer": frozenset({"search"}),
    "webapp": frozenset({"search"}),
    "tools": frozenset(),
    "terminal": INSTALLED,
    "metodsok": INSTALLED | {"terminal"},
    "bench": EVERYTHING,
    "tests": EVERYTHING,
}

#: A part of a room that may knock on single modules of another, or on a library that one knows.
DOORS: Mapping[str, frozenset[str]] = {
    # Measuring is a command, and what it measures is no room of the product.
    "metodsok/benchmarking.py": frozenset({"bench.benchmark.run", "bench.benchmark.registry"}),
    # The peer that Whoosh is, as it comes, beside what the product makes of it.
    "bench/benchmark/whoosh_peer.py": frozenset({"whoosh"}),
    # Ours is a codec for Whoosh, and its index is opened as any of Whoosh's.
    "bench/benchmark/columnar_engine.py": frozenset({"whoosh"}),
    "bench/growth.py": frozenset({"whoosh"}),
    # The site that crawls are judged on is a test's: no user needs it.
    "bench": frozenset(
        {"tests.site.front", "tests.site.labels", "tests.site.plan", "tests.site.server"}
    ),
    # The editor's pages read the library and queue jobs; nothing else of the site may.
    "webapp/editor": frozenset({"indexer.library", "indexer.jobs"}),
}

#: Folder → its modules and folders from bottom to top; each may import only what stands before it.
STAIRS: Mapping[str, tuple[str, ...]] = {
    "search": (
        "errors", "settings", "tomlfile", "files", "document", "judged", "judged_compounds",
        "baseline", "query", "results", "grouped", "strings", "weights", "bm25", "columnar",
        "swedish", "thesaurus", "passages", "words", "schema", "row_texts", "word_grams",
        "deriving", "columns", "facet_columns", "fronts", "derived", "beside", "index", "documents",
        "snapshot", "spelling", "likeness", "synonyms", "inflection", "definitions",
        "abbreviations", "asked", "asking", "ranking", "explaining", "reasons", "snippets",
        "searcher", "evaluation", "judged_report", "__init__",
    ),
    "terminal": ("console", "answers", "checks", "crawls", "reports", "__init__"),
    "metodsok": (
        "door", "serving", "documents", "searching", "library", "crawling", "judging",
        "benchmarking", "__init__", "__main__",
    ),
    "search/swedish": (
        "analyzer", "stopwords", "grams", "misspelling", "distances", "evidence", "compounds",
        "lemmas", "compiled", "compiling", "kept", "lexicon", "__init__",
    ),
    "search/columnar": (
        "storage", "layout", "kernel", "reading", "building", "codec", "planning", "__init__",
    ),
    "search/columnar/storage": ("arrays", "spool", "store", "growing", "__init__"),
    "search/columnar/kernel": ("shapes", "twin", "native", "__init__"),
    "search/columnar/kernel/twin": (
        "indexing", "ranking", "reading", "windows", "collection", "__init__",
    ),
    "search/columnar/kernel/native": (
        "library", "indexing", "ranking", "reading", "collection", "__init__",
    ),
    "search/columnar/reading": ("text", "segment", "__init__"),
    "search/columnar/building": (
        "collecting", "vocabulary", "whole_texts", "postings", "texts", "facets", "dictionary",
        "segment", "__init__",
    ),
    "search/columnar/codec": ("matcher", "codec", "writer", "parallel", "__init__"),
    "search/columnar/planning": (
        "nodes", "scoring", "snapshot", "phrases", "sets", "filters", "planner", "excerpts",
        "translated", "__init__",
    ),
    "indexer": (
        "tables", "migrations", "database", "history", "problems", "folders", "jobs", "switches",
        "tombstones",
        "library", "erasure", "clutter", "crawl_rules", "sources", "identity", "parse", "enrich",
        "intake", "wording", "works", "grouping", "folder", "crawl", "publish", "verify",
        "archive", "context", "crawl_process", "crawling", "checking", "schedule", "reparsing",
        "forgetting",
        "keeping_up", "tasks", "judging", "worker", "status", "supervisor", "__init__",
    ),
    "indexer/crawl": (
        "guard", "certificates", "connecting",
        "paging", "found", "unpack", "feeds", "script_lists", "html_links", "finding", "wanted",
        "runs", "addresses", "page_rows", "frontier", "removal", "drift", "receipt",
        "fetched", "pauses", "notices", "failures", "robots", "reader", "spider", "running",
        "__init__",
    ),
    "indexer/migrations": ("versions", "env"),
    "indexer/migrations/versions": ("0001_first_library", "0002_crawls", "0003_drift"),
    "indexer/parse": (
        "raw", "readings", "clean", "charset", "dates", "identifiers", "language", "blocks",
        "markup", "metadata", "repeats", "tidy", "titles", "reading", "lines", "plaintext",
        "template", "sitevision", "general", "html", "comparing", "filetype", "word_package",
        "word_styles", "docx", "pdf_text", "pdf_spans", "pdf_file", "pdf_layout", "pdf_running",
        "pdf_tables", "pdf_ruled", "pdf_headings", "pdf_blocks", "pdf_front", "pdf_about", "pdf",
        "__init__", "child", "sandbox",
    ),
    "indexer/enrich": ("laws", "taxonomy", "facets", "__init__"),
    "webapp": (
        "security", "failures", "params", "engine", "markup", "present", "public", "app",
        "processes", "server",
        "__init__",
    ),
    "webapp/public": ("rights", "reading", "listing", "views", "__init__"),
    "tools": ("corpus", "build_corpus", "ranking_table", "__init__"),
    "tools/corpus": (
        "markup", "dates", "facts", "claims", "sources", "manuscripts",
        "html_shapes", "word", "hyphens", "printed", "vera", "pdf_pages", "pdf_reportlab",
        "pdf_typst", "pdf_scan", "pdf_chromium", "pdf", "__init__",
    ),
}  # fmt: skip

#: A library → the only room, or folder of one, that knows it. Tests may look behind the rooms.
KNOWN_BY: Mapping[str, str] = {
    "whoosh": "search",
    "sqlalchemy": "indexer",
    "alembic": "indexer",
    "flask": "webapp",
    "waitress": "webapp",
    "scrapy": "indexer/crawl",
    "twisted": "indexer/crawl",
    "OpenSSL": "indexer/crawl",
}

LONGEST_MODULE = 350
LONGEST_FUNCTION = 40

#: What may be longer, and why. The list only shrinks: what no longer needs it must leave.
MAY_BE_LONGER: Mapping[str, str] = {
    "indexer.library.Library.store": "one transaction a document, read from top to bottom",
    "indexer.migrations.versions.0001_first_library.upgrade": "one statement a table, no choices",
    "indexer.parse.pdf._with_text": "one step of reading a PDF a line, and one document at the end",
    "search.document.Document.from_json": "one line a field, so that each is seen to be checked",
    "search.index.Index.batch": "the order of writing is what makes a crash harmless",
    "search.query.read_query": "one loop over pieces and one dataclass; a third is its docstring",
}


@dataclass(frozen=True)
class Module:
    """A Python file of the tree. ``name`` is what it is imported as."""

    path: Path
    name: str
    tree: ast.Module

    @property
    def room(self) -> str:
        return self.name.partition(".")[0]

    @property
    def folder(self) -> str:
        return self.path.parent.as_posix()


def modules_in(root: Path) -> dict[str, Module]:
    """Every module under a folder by its name; hidden folders are nobody's code."""
    found = {}
    for file in sorted(root.rglob("*.py")):
        path = file.relative_to(root)
        if any(part.startswith(".") or part in ("var", "build") for part in path.parts):
            continue
        parts = path.with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(path, name, ast.parse(file.read_text(encoding="utf-8")))
    return found


def imported_by(module: Module, modules: Mapping[str, Module]) -> Iterator[str]:
    """The names of what a module imports, wherever in it that stands."""
    package = module.path.parent.parts
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join((*above, *((node.module,) if node.module else ())))
            for alias in node.names:
                full = f"{base}.{alias.name}"
                yield full if full in modules else base


def climbing(root: Path) -> list[str]:
    """What breaks the laws of rooms and stairs, a line each."""
    modules = modules_in(root)
    found = []
    for module in modules.values():
        for name in sorted(set(imported_by(module, modules))):
            target, room = modules.get(name), name.partition(".")[0]
            if room != module.room:
                wrong = _wrong_room(module, name)
            elif target and target is not module and module.room not in ("tests", "bench"):
                wrong = _wrong_step(module, target)
            else:
                wrong = ""
            if wrong:
                found.append(f"{module.path} imports {name}: {wrong}")
    return found


def _wrong_room(module: Module, name: str) -> str:
    room = name.partition(".")[0]
    through = [doors for part, doors in DOORS.items() if module.path.is_relative_to(part)]
    if any(name in doors or (room in KNOWN_BY and room in doors) for doors in through):
        return ""
    if room in KNOWN_BY and module.room != "tests":
        knows = module.path.is_relative_to(KNOWN_BY[room])
        return "" if knows else f"only {KNOWN_BY[room]} knows it"
    if room not in ROOMS or room in ROOMS.get(module.room, frozenset()):
        return ""
    return f"{module.room} may not"


def _wrong_step(module: Module, target: Module) -> str:
    """Where the ways to two modules part, the importer's must go higher."""
    here, there = _steps(module), _steps(target)
    depth = next(n for n, (a, b) in enumerate(zip(here, there, strict=False)) if a != b)
    stairs = STAIRS.get("/".join(here[:depth]), ())
    if here[depth] not in stairs or there[depth] not in stairs:
        return ""  # a fact of its own says that it must be placed
    climbs = stairs.index(here[depth]) <= stairs.index(there[depth])
    return f"{there[depth]} stands above {here[depth]}" if climbs else ""


def _steps(module: Module) -> tuple[str, ...]:
    return module.path.with_suffix("").parts


def unplaced(root: Path) -> list[str]:
    """Modules that stand on no stairs, and steps on which nothing stands."""
    there = {
        (module.folder, module.path.stem)
        for module in modules_in(root).values()
        if module.room not in ("tests", "bench")
    }
    there |= {
        (Path(folder).parent.as_posix(), Path(folder).name) for folder, _ in there if "/" in folder
    }
    steps = {(folder, step) for folder, stairs in STAIRS.items() for step in stairs}
    return [f"{folder}/{name} has no place in STAIRS" for folder, name in sorted(there - steps)] + [
        f"STAIRS has {folder}/{name}, which is not there" for folder, name in sorted(steps - there)
    ]


@pytest.fixture(scope="module")
def modules(root: Path) -> dict[str, Module]:
    return modules_in(root)


@pytest.fixture(scope="module")
def own(modules: Mapping[str, Module]) -> list[Module]:
    """The modules that are run, without the tests."""
    return [module for module in modules.values() if module.room != "tests"]


def test_no_import_climbs(root: Path) -> None:
    assert climbing(root) == []


def test_every_module_has_its_place(root: Path) -> None:
    assert unplaced(root) == []


def test_every_folder_of_code_is_a_room(modules: Mapping[str, Module]) -> None:
    assert {module.room for module in modules.values()} - ROOMS.keys() == set()


def test_the_rooms_are_those_that_the_map_shows(root: Path) -> None:
    shown = (root / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert [room for room in ROOMS if f"[`{room}" not in shown] == []


def test_the_corpus_has_no_code(root: Path) -> None:
    assert list((root / "corpus").rglob("*.py")) == []


def test_tests_are_no_package(root: Path) -> None:
    assert list((root / "tests").rglob("__init__.py")) == []


def test_every_module_says_what_it_is(own: list[Module]) -> None:
    assert [str(module.path) for module in own if not ast.get_docstring(module.tree)] == []


def test_what_is_long_has_its_reason(root: Path, own: list[Module]) -> None:
    long = {
        module.name
        for module in own
        if len((root / module.path).read_text(encoding="utf-8").splitlines()) > LONGEST_MODULE
    }
    for module in own:
        long |= {name for name, lines in functions_of(module) if lines > LONGEST_FUNCTION}
    assert sorted(long) == sorted(MAY_BE_LONGER)


def functions_of(module: Module) -> Iterator[tuple[str, int]]:
    """The functions and methods of a module by their whole names, and their lengths in lines."""

    def walk(node: ast.AST, name: str) -> Iterator[tuple[str, int]]:
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield from walk(child, name)
                continue
            inner = f"{name}.{child.name}"
            if not isinstance(child, ast.ClassDef):
                yield inner, (child.end_lineno or child.lineno) - child.lineno + 1
            yield from walk(child, inner)

    return walk(module.tree, module.name)


# The laws themselves, on a tree where they are broken.


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A small house in which everything is as it should be."""
    for path, text in {
        "metodsok/door.py": "import terminal\nfrom webapp.app import create_app\n",
        "terminal/console.py": "from search.errors import MetodsokError\n",
        "search/errors.py": "",
        "search/results.py": "",
        "search/index.py": "from whoosh import index\nfrom search.errors import MetodsokError\n",
        "search/swedish/compounds.py": "from search.swedish.analyzer import terms\n",
        "search/swedish/analyzer.py": "",
        "indexer/library.py": "from search import errors\n",
        "indexer/sources.py": "",
        "indexer/parse/__init__.py": "def parse():\n    from indexer.parse import html\n",
        "indexer/parse/html.py": "from indexer.sources import Source\n",
        "webapp/app.py": "from webapp.public import views\n",
        "webapp/public/views.py": "import search.index\n",
        "webapp/editor/views.py": "from indexer.library import Library\n",
        "tests/test_all.py": "import whoosh\nimport tools.corpus\nimport indexer.library\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_house_in_order_has_no_complaints(planted: Path) -> None:
    assert climbing(planted) == []


@pytest.mark.parametrize(
    ("path", "line", "complaint"),
    [
        ("search/errors.py", "from search.index import Index", "index stands above errors"),
        ("search/errors.py", "from search import index", "index stands above errors"),
        ("search/errors.py", "import search.index", "index stands above errors"),
        ("search/errors.py", "from .index import Index", "index stands above errors"),
        (
            "search/errors.py",
            "from search.swedish.compounds import Splitter",
            "swedish stands above",
        ),
        ("search/swedish/analyzer.py", "from ..index import Index", "index stands above swedish"),
        (
            "search/swedish/analyzer.py",
            "from search.swedish import compounds",
            "compounds stands above analyzer",
        ),
        ("search/index.py", "def f():\n    import indexer.library", "search may not"),
        ("indexer/sources.py", "import indexer.parse.html", "parse stands above sources"),
        ("indexer/parse/html.py", "from indexer.parse import parse", "__init__ stands above html"),
        ("indexer/library.py", "from webapp.app import create_app", "indexer may not"),
        ("indexer/library.py", "import whoosh.index", "only search knows it"),
        ("indexer/library.py", "from scrapy import Spider", "only indexer/crawl knows it"),
        ("webapp/app.py", "import indexer.library", "webapp may not"),
        ("webapp/editor/views.py", "import indexer.sources", "webapp may not"),
        ("webapp/public/views.py", "from flask import g\nimport sqlalchemy", "only indexer knows"),
        ("terminal/console.py", "import metodsok", "terminal may not"),
        ("metodsok/door.py", "import tools.corpus", "metodsok may not"),
        (
            "search/results.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from search.index import I",
            "index stands above results",
        ),
    ],
)
def test_an_import_that_climbs_is_named(
    planted: Path, path: str, line: str, complaint: str
) -> None:
    with (planted / path).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    (found,) = climbing(planted)
    assert found.startswith(f"{path} imports ")
    assert complaint in found


def test_a_new_module_must_be_placed(planted: Path) -> None:
    before = set(unplaced(planted))
    (planted / "search" / "novelty.py").write_text("", encoding="utf-8")
    (planted / "search" / "folder").mkdir()
    (planted / "search" / "folder" / "deep.py").write_text("", encoding="utf-8")
    assert set(unplaced(planted)) - before == {
        "search/novelty has no place in STAIRS",
        "search/folder has no place in STAIRS",
        "search/folder/deep has no place in STAIRS",
    }
    (planted / "search" / "errors.py").unlink()
    assert "STAIRS has search/errors, which is not there" in unplaced(planted)


def test_functions_are_measured_wherever_they_stand() -> None:
    text = "class A:\n    def b(self):\n        def c():\n            pass\n        return c\n"
    module = Module(Path("x.py"), "x", ast.parse(text))
    assert dict(functions_of(module)) == {"x.A.b": 4, "x.A.b.c": 2}
