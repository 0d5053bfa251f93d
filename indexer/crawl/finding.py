"""Which addresses a fetched page, list or feed names: the one door to reading for links.

Pure and bounded; never raises on what a server sent. Nothing here decides which addresses are
wanted.
"""

from __future__ import annotations

import re
from dataclasses import replace

from indexer.crawl import feeds, script_lists
from indexer.crawl.found import Collector, Findings
from indexer.crawl.html_links import read_page
from indexer.crawl.unpack import NotReadError, text_of
from indexer.identity import is_web
from indexer.sources import Source

_JSON = re.compile(r"[/+]json\b", re.IGNORECASE)


def found(body: bytes, url: str, content_type: str, source: Source) -> Findings:
    """What a body that was fetched from ``url`` says of addresses.

    ``content_type`` is the server's header, or ``""``; what the body is shows by itself where the
    two disagree. A body that cannot be read for links gives none, and ``cut`` says why.
    """
    if not is_web(url):
        return Findings(cut="no web address")
    try:
        text = text_of(body, url, content_type)
    except NotReadError as error:
        return Findings(cut=str(error))
    into = Collector(url, source)
    start = text[:1000].lstrip()
    if feeds.is_feed(text):
        cut = feeds.read_feed(text, into)
    elif start.startswith(("{", "[")) or (_JSON.search(content_type) and "<" not in start):
        cut = script_lists.read_json(text, into)
    elif feeds.is_plain_list(text):
        cut = ""
        feeds.read_plain_list(text, into)
    else:
        return read_page(text, into)
    findings = into.findings()
    return replace(findings, cut=cut or findings.cut)
