"""What a reader sees of the rows behind a text: its sources, and the age of its reading of law.

Owns the wording. Which rows a text uses is said by its manuscript.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from tools.corpus.dates import swedish_month
from tools.corpus.facts import Fact
from tools.corpus.markup import Run, Runs

#: What heads the list of sources at the end of every document.
FACTS_HEADING = "Källor till fakta"

#: What stands in place of the list when a text claims nothing.
NO_FACTS = "Texten är en allmän beskrivning utan siffror. Därför finns det inga källor att ange."

#: A reading of the law that is older than this says so.
FRESH_MONTHS = 12

#: ``Skollag (2010:800), 5 kap. 3 §``: the law, and the place in it.
_LAW = re.compile(
    r"(?P<law>[^(]+\(\d{4}:\d+\).*?), (?:\d.*|rubriken|namn och nummer|ikraftträdande"
    r"|övergångsbestämmelserna|tillämpningsområdet|nummer enligt anteckningarna)"
)


#: What is the writers' own, and not from the page that the row sends a reader to.
_OWN = re.compile(
    r"Metodsöks eget underlag"
    r"(?:; läs mer i |(?P<unread>, uppgiften ej läst i någon sida; närmast ))"
)

#: What is the writers' own beside pages that the list already has.
OWN_AS_WELL = "Metodsöks eget underlag i övrigt; läs mer hos källorna ovan"

#: As OWN_AS_WELL, where a row is only said to be so.
UNREAD_AS_WELL = (
    "Metodsöks eget underlag i övrigt, delvis inte läst i någon sida; närmast är källorna ovan"
)


@dataclass(frozen=True, slots=True)
class Source:
    """One line of the list. ``address`` is the page itself, or ``""``."""

    text: str
    address: str = ""

    @property
    def runs(self) -> Runs:
        """The line as the builders show text."""
        return (Run(self.text, url=self.address),)


def sources(facts: Iterable[Fact]) -> tuple[Source, ...]:
    """Where the facts come from, each page once, in order of first use.

    The rows of one law are one line: which paragraph says what stands in the text. A page that
    some rows were read in and others only lead to is one line too; that there is more, which was
    not read there, is said once, last.
    """
    rows = tuple(facts)
    read_at = {_page(fact): fact.source for fact in rows if fact.exact}
    best: dict[str, Fact] = {}
    for fact in rows:
        place = fact.source if fact.exact else read_at.get(_page(fact), _page(fact))
        best[place] = min(best.get(place, fact), fact, key=_distance)
    listed = tuple(dict.fromkeys(map(_source, best.values())))
    shown = {fact.cited for fact in best.values()}
    beside = [own for fact in rows if fact.cited not in shown and (own := _OWN.match(fact.cited))]
    if not beside:
        return listed
    unread = any(own["unread"] for own in beside)
    return (*listed, Source(UNREAD_AS_WELL if unread else OWN_AS_WELL))


def law_check(facts: Sequence[Fact], written: date) -> Runs:
    """How old the reading of the law behind a text is; nothing where no law was read.

    Old readings end in a link to each law.
    """
    read = [fact for fact in facts if is_read_in_law(fact)]
    if not read:
        return ()
    year, month = map(int, min(fact.checked for fact in read).split("-"))
    said = f"Kontrollerad mot lagtexten i {swedish_month(date(year, month, 1))}."
    if (written.year - year) * 12 + written.month - month <= FRESH_MONTHS:
        return (Run(said),)
    laws = {fact.source: fact.cited.partition(")")[0] + ")" for fact in reversed(read)}
    if len(laws) == 1:
        return (Run(f"{said} "), Run("Kontrollera gällande lydelse", url=read[0].source), Run("."))
    links = [Run(laws[at], url=at) for at in dict.fromkeys(fact.source for fact in read)]
    between = [Run(", ") for _ in links]
    between[0] = Run(f"{said} Kontrollera gällande lydelse: ")
    runs = (run for pair in zip(between, links, strict=True) for run in pair)
    return (*runs, Run("."))


def is_read_in_law(fact: Fact) -> bool:
    """Whether the row was read in the law that it states, not in what others write of it."""
    return fact.states_law and fact.mark == "V" and fact.exact and bool(_LAW.fullmatch(fact.cited))


def _page(fact: Fact) -> str:
    """What a row cites, whether it was read there or not."""
    law = _LAW.fullmatch(fact.cited) if fact.exact else None
    return law["law"] if law else _OWN.sub("", fact.cited)


def _distance(fact: Fact) -> int:
    """How far a row stands from the page that it cites: read there, and at which address."""
    own = _OWN.match(fact.cited)
    if not own:
        return 0 if fact.exact else 1
    return 3 if own["unread"] else 2


def _source(fact: Fact) -> Source:
    if fact.exact:
        law = _LAW.fullmatch(fact.cited)
        return Source(law["law"] if law else fact.cited, fact.source)
    host = (urlsplit(fact.source).hostname or "").removeprefix("www.")
    where = host if "; sök " in fact.cited else f"sök på {host}"
    return Source(f"{fact.cited} ({where})")
