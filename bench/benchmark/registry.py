"""Which engines there are, each a module with an ``ENGINE``, imported when it takes part.

A new engine is one module and one line here.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec

from bench.benchmark.engine import Engine
from search.errors import SettingsError

#: What the product's own search is called; it takes part in ``search`` by itself.
PRODUCT = "product"

#: Name → its module, and the package that it stands on.
ENGINES = {
    "columnar": ("bench.benchmark.columnar_engine", "search.columnar"),
    "tantivy": ("bench.benchmark.tantivy_peer", "tantivy"),
    "whoosh": ("bench.benchmark.whoosh_peer", "whoosh"),
    "fts5": ("bench.benchmark.fts5_peer", "sqlite3"),
    PRODUCT: ("bench.benchmark.product", "search"),
}

#: Whose figures the ratios are of, the first that is here: today's index, until there is a faster.
OURS = ("columnar", "whoosh")
#: Whom we are measured against unless peers are named.
PEERS = ("tantivy",)


def is_here(name: str) -> bool:
    """Whether an engine can be imported."""
    return all(map(_found, ENGINES[name]))


def ours() -> str:
    """The engine that is ours when none is named."""
    return next(name for name in OURS if is_here(name))


def load(name: str) -> Engine:
    """An engine by its name. Raises SettingsError when there is none, or its package is missing."""
    if name not in ENGINES:
        raise SettingsError(f"there is no engine {name!r}; there are {', '.join(ENGINES)}")
    module, package = ENGINES[name]
    if not _found(module):
        raise SettingsError(f"{name} cannot take part yet: there is no {module}")
    if not _found(package):
        raise SettingsError(
            f"{name} needs the package {package}, which is not installed;"
            " 'make develop' brings what the benchmark needs"
        )
    engine: Engine = import_module(module).ENGINE
    return engine


def load_all(names: Iterable[str], documents: int) -> tuple[Engine, ...]:
    """Engines by their names. Raises SettingsError as ``load``, and for what is too slow."""
    engines = tuple(map(load, dict.fromkeys(names)))
    for engine in engines:
        if engine.most is not None and documents > engine.most:
            raise SettingsError(
                f"{engine.name} takes part up to {engine.most:,} documents, and here are"
                f" {documents:,}: leave it out, or name a smaller --scale"
            )
    return engines


def _found(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # a parent is missing
        return False
