"""The table of weights in docs/ranking.md: read from ``search/weights.py``, never typed.

Reads the module's source and imports nothing of it: names and values are its constants, reasons
the comments above them. What a weight moves is measured by ``bench.weights`` and comes from there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = ROOT / "search" / "weights.py"
PAGE = ROOT / "docs" / "ranking.md"

#: Where the table stands in the page; what is between the two is replaced.
BEGIN, END = "<!-- weights: make ranking -->", "<!-- /weights -->"
HEAD = "| weight | value | why | all queries | moves most |\n|---|---|---|---|---|\n"
#: What the last two columns say of a weight that was not measured.
UNKNOWN = ("not measured", "not measured")
#: Said of the second and later weights of one constant, which share its reason.
SAME_REASON = "as above"

_REASON = "#:"
_ROW = re.compile(r"^\| `(.+?)` \| .+ \| (.*?) \| (.*?) \|$", re.MULTILINE)

#: By a weight's name: what it moves on average, and the query that it moves most.
Moves = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Weight:
    """A number of the ranking. ``key`` is its place in a mapping; None for a plain constant."""

    constant: str
    key: str | int | None
    value: str
    reason: str

    @property
    def name(self) -> str:
        """The weight as code would name it."""
        return self.constant if self.key is None else f"{self.constant}[{self.key!r}]"


def read_weights(source: str) -> tuple[Weight, ...]:
    """Every constant of a module in order, a mapping's values each for itself.

    Raises ValueError for a constant without a comment that says why.
    """
    lines = source.splitlines()
    found: list[Weight] = []
    for node in ast.parse(source).body:
        name, value = _assigned(node)
        if value is None:
            continue
        reason = _reason_above(lines, node.lineno)
        if not reason:
            raise ValueError(f"{name}: no comment with {_REASON} says why")
        found += _weights(name, value, reason)
    return tuple(found)


def table(weights: Sequence[Weight], moves: Moves) -> str:
    """The table in Markdown."""
    rows = (
        f"| `{w.name}` | {w.value} | {w.reason} | {' | '.join(moves.get(w.name, UNKNOWN))} |\n"
        for w in weights
    )
    return HEAD + "".join(rows)


def moves_in(page: str) -> Moves:
    """What a page says that each weight moves."""
    return {name: (means, most) for name, means, most in _ROW.findall(_cut(page)[1])}


def with_table(page: str, made: str) -> str:
    """The page with another table. Raises ValueError when it has no place for one."""
    before, _, after = _cut(page)
    return f"{before}{BEGIN}\n\n{made}\n{END}{after}"


def _cut(page: str) -> tuple[str, str, str]:
    before, begins, rest = page.partition(BEGIN)
    inside, ends, after = rest.partition(END)
    if not (begins and ends):
        raise ValueError(f"the page has no place for the table, from {BEGIN} to {END}")
    return before, inside, after


def _assigned(node: ast.stmt) -> tuple[str, ast.expr | None]:
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id, node.value
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id, node.value
    return "", None


def _weights(name: str, value: ast.expr, reason: str) -> Iterator[Weight]:
    if not isinstance(value, ast.Dict):
        yield Weight(name, None, ast.unparse(value), reason)
        return
    for n, (key, item) in enumerate(zip(value.keys, value.values, strict=True)):
        said = SAME_REASON if n else reason
        yield Weight(name, ast.literal_eval(key or ""), ast.unparse(item), said)


def _reason_above(lines: Sequence[str], number: int) -> str:
    """The comment that ends above a line, counted from 1, on one line."""
    said: list[str] = []
    for line in reversed(lines[: number - 1]):
        if not line.startswith(_REASON):
            break
        said.insert(0, line.removeprefix(_REASON).strip())
    return " ".join(said).replace("|", "\\|")
