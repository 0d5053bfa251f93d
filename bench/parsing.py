"""How well the parsers read the bundled documents, by what a reader found in them.

Prints a table of fields, and every miss on a line. Exits with 1 when a field is under the floor.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from bench.labelled import FIELDS, LATER, OF_A_SCAN, Compared, Reader, compare, in_all, load_labels

#: Of each field's values, so many must be right.
FLOOR = 0.98


def main() -> int:
    """Print the figures; the exit status says whether every field is above the floor."""
    compared = compare_all()
    totals = in_all(compared)
    print(f"{'field':12}{'right':>7}{'of':>7}{'per cent':>10}")
    for name in FIELDS:
        score = totals[name]
        print(f"{name:12}{score.right:7}{score.of:7}{score.share:10.1%}")
    for line in _notes(compared):
        print(line)
    for name in FIELDS:
        for miss in totals[name].misses:
            print(f"{miss.file} | {miss.field} | wanted {miss.wanted!r} | got {miss.got!r}")
    return 0 if under_the_floor(compared) == () else 1


def compare_all() -> tuple[Compared, ...]:
    """Every labelled document, parsed and compared."""
    reader = Reader()
    return tuple(
        compare(label, reader.read(label), reader.source(label)) for label in load_labels()
    )


def under_the_floor(compared: Sequence[Compared]) -> tuple[str, ...]:
    """The fields with too few values right."""
    return tuple(name for name, score in in_all(compared).items() if score.share < FLOOR)


def _notes(compared: Sequence[Compared]) -> Iterator[str]:
    """The same for each group of labels, and how to read the table."""
    for name, later in (("first labels", False), ("later labels", True)):
        group = [item for item in compared if (item.label.n in LATER) is later]
        scores = in_all(group).values()
        right, of = sum(score.right for score in scores), sum(score.of for score in scores)
        if of:
            yield f"{name}: {len(group)} documents, {right} of {of} values, {right / of:.1%}"
    for item in compared:
        if item.label.scanned:
            yield f"{item.label.file}: no text layer, only {', '.join(OF_A_SCAN)} are asked"
    counts = Counter(reason for item in compared for reason in item.on_purpose)
    for reason, count in counts.items():
        yield f"on purpose: {reason} ({count} documents)"


if __name__ == "__main__":
    sys.exit(main())
