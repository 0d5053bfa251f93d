"""How the front door speaks: tables and progress bars for people, JSON for programs.

Presentation only. English, as operators expect; documents and what is wrong with them keep
their Swedish.
"""

from terminal.answers import check_filters, document, results
from terminal.checks import checked
from terminal.console import be_readable, complain, print_json, progress, say, whisper
from terminal.crawls import crawled, decided, receipt
from terminal.reports import (
    archived,
    benchmark,
    compounds,
    evaluation,
    forgotten,
    published,
    receipts,
    rolled_back,
    sources,
    status,
    verdict,
)

__all__ = [
    "archived",
    "be_readable",
    "benchmark",
    "check_filters",
    "checked",
    "complain",
    "compounds",
    "crawled",
    "decided",
    "document",
    "evaluation",
    "forgotten",
    "print_json",
    "progress",
    "published",
    "receipt",
    "receipts",
    "results",
    "rolled_back",
    "say",
    "sources",
    "status",
    "verdict",
    "whisper",
]
