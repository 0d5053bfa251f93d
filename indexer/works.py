"""Which documents of a source are one work: its page, its file, a summary, a translation, a copy.

Pure: from all documents of a source to the work of each. A page offers a file, and title, number
or the words of the link say that the file is the page's own; what two pages have as good a claim
to is nobody's. Two works joined hide one of them, so that nothing is said where there is doubt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from indexer.identity import key_for, source_of
from indexer.parse.language import language_of
from indexer.sources import Source
from indexer.wording import Wording, date_in, number_in_name, type_of_file
from search.document import Identifier, Link, Variant, VariantKind

PAGE_TYPE = "text/html"
#: Types of pages that present a publication and offer it: their files may be called anything.
PRESENTING = frozenset({"rapport", "kortanalys", "kunskapsoversikt", "utvardering"})
#: Types of pages that speak of publications that others present.
SPEAKING = frozenset(
    {"nyhet", "kronika", "evenemang", "amnessida", "projekt", "ekonomistod", "lagstod"}
)
#: Numbers that a publication has one of, or two when it is printed too; more are references.
_OWN_NUMBERS = ("isbn", "urn", "report")
_MOST_OWN = 2
#: The same text at more addresses than this is a form letter, and no work.
MOST_COPIES = 30
_ORDER = {kind: place for place, kind in enumerate(VariantKind)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What of a document says where it belongs.

    ``type`` is its value of the facet type. ``text`` is the same for those whose text is the same
    word for word, and ``""`` where nobody has looked or there is too little of it.
    """

    key: str
    title: str
    subtitle: str = ""
    url: str = ""
    language: str = "sv"
    content_type: str = PAGE_TYPE
    type: str = ""
    published: str = ""
    identifiers: tuple[Identifier, ...] = ()
    links: tuple[Link, ...] = ()
    text: str = ""

    @property
    def is_page(self) -> bool:
        """Whether it is a web page and no file."""
        return self.content_type == PAGE_TYPE

    @property
    def numbers(self) -> frozenset[Identifier]:
        """The numbers that are its own."""
        own = (
            [number for number in self.identifiers if number.kind == kind] for kind in _OWN_NUMBERS
        )
        return frozenset(n for numbers in own if len(numbers) <= _MOST_OWN for n in numbers)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a document belongs: the key of the work's main document, and the work's variants."""

    work: str = ""
    variants: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True)
class _Claim:
    """A page says that something is its own. ``target`` is a key, else an address."""

    page: str
    target: str
    is_strong: bool
    variant: Variant


def works(
    parts: Iterable[Part], source: Source, gone: Collection[str] = frozenset()
) -> Mapping[str, Placed]:
    """The work of every document that is no work of its own, by key.

    ``gone`` are keys of documents that were there and are not: no page offers them any more.
    """
    by_key = {part.key: part for part in sorted(parts, key=lambda part: part.key)}
    same = _copies(by_key.values())
    claims = [claim for claim in _claims(by_key, source) if claim.target not in gone]
    pages = [c for c in claims if c.variant.kind is VariantKind.PAGE]
    files = [c for c in claims if c.variant.kind is not VariantKind.PAGE]
    twins = _settled(pages, same)
    settled = {**twins, **_settled(files, same, {t: claim.page for t, claim in twins.items()})}
    members: dict[str, list[_Claim]] = defaultdict(list)
    for target, claim in settled.items():
        if target in by_key and claim.variant.key != target:  # a copy is linked, not the first
            variant = _variant(by_key[target], claim.variant.kind)
            claim = replace(claim, variant=variant)
        members[claim.page].append(claim)
    copies: dict[str, list[str]] = defaultdict(list)
    for key, first in same.items():
        copies[first].append(key)
    alone = [first for first in copies if first not in members and first not in settled]
    placed: dict[str, Placed] = {}
    for main in [*members, *alone]:
        variants = _variants(by_key, main, members[main], copies)
        placed |= {v.key: Placed(main, variants) for v in variants if v.key}
    return placed


def _copies(parts: Iterable[Part]) -> dict[str, str]:
    """Each document that repeats another's text → the one that was there first."""
    by_text: dict[tuple[str, ...], list[Part]] = defaultdict(list)
    for part in parts:
        if part.text:
            by_text[part.text, part.title, part.content_type, part.language].append(part)
    same: dict[str, str] = {}
    for alike in by_text.values():
        if len(alike) <= MOST_COPIES:
            first = min(alike, key=lambda part: (part.published or "9999", part.key))
            same |= {part.key: first.key for part in alike if part is not first}
    return same


def _settled(
    claims: Iterable[_Claim], same: Mapping[str, str], twins: Mapping[str, str] | None = None
) -> dict[str, _Claim]:
    """Target → the one claim to it; a page that presents publications goes before one that may."""
    by_target: dict[str, list[_Claim]] = defaultdict(list)
    for claim in claims:
        page = same.get(claim.page, claim.page)
        page = (twins or {}).get(page, page)
        target = same.get(claim.target, claim.target)
        by_target[target].append(replace(claim, page=page, target=target))
    settled = {}
    for target, rivals in sorted(by_target.items()):
        best = [claim for claim in rivals if claim.is_strong] or rivals
        if len({claim.page for claim in best}) == 1 and best[0].page != target:
            settled[target] = min(best, key=lambda claim: (_place(claim.variant), repr(claim)))
    # A page that belongs to another has nothing of its own: no chains.
    return {t: claim for t, claim in settled.items() if claim.page not in settled}


def _claims(by_key: Mapping[str, Part], source: Source) -> Iterator[_Claim]:
    """Everything that pages have a claim to, by their links and by the numbers of publications."""
    holders: dict[Identifier, list[Part]] = defaultdict(list)
    for part in by_key.values():
        if not part.is_page:
            for number in part.numbers:
                holders[number].append(part)
    for page in by_key.values():
        if page.is_page and page.type not in SPEAKING:
            yield from _Offer(page, source, by_key).claims()
            wording = Wording.of_page(page.title, page.subtitle)
            for number in page.numbers:
                for file in holders[number]:
                    if wording.names(file.title):
                        variant = _variant(file, wording.kind(file.title))
                        yield _Claim(page.key, file.key, _is_strong(page), variant)


class _Offer:
    """What one page links, and which of it is its own."""

    def __init__(self, page: Part, source: Source, by_key: Mapping[str, Part]) -> None:
        self.page = page
        self.source = source
        self.by_key = by_key
        self.wording = Wording.of_page(page.title, page.subtitle)
        self.is_strong = _is_strong(page)

    def claims(self) -> Iterator[_Claim]:
        """A claim to each thing that is the page's own."""
        doubtful: list[tuple[Link, Part | None]] = []
        series = {n.value for n in self.page.numbers if n.kind == "report"}
        for link in self.page.links:
            if not source_of(link.url, {self.source.name: self.source}):
                continue
            there = self.by_key.get(key_for(self.source, link.url) or "")
            if there is self.page:
                continue
            if there.is_page if there else not type_of_file(link.url):
                yield from self._translation(link, there)
            elif self._is_own(link, there):
                series.add(number_in_name(link.url))
                yield self._file(link, there)
            else:
                doubtful.append((link, there))
        for link, there in doubtful:
            number = number_in_name(link.url)
            if self.is_strong and number and number in series:
                yield self._file(link, there)

    def _is_own(self, link: Link, there: Part | None) -> bool:
        """Whether title, number or the words of the link say that a file is the page's."""
        title = there.title if there else link.text
        return (
            self.wording.names(title)
            or self.wording.names(link.text)
            or bool(there and there.numbers & self.page.numbers)
            or (self.is_strong and self.wording.only_says_what(link.text))
        )

    def _file(self, link: Link, there: Part | None) -> _Claim:
        kind = self.wording.kind(f"{there.title if there else ''} {link.text}", link.url)
        if there:
            return self._claim(there.key, _variant(there, kind))
        language = self.wording.language(link.text, link.url, self.page.language)
        target = key_for(self.source, link.url) or link.url
        variant = Variant(kind, "", link.text, link.url, language, type_of_file(link.url))
        return self._claim(target, variant)

    def _translation(self, link: Link, there: Part | None) -> Iterator[_Claim]:
        """A page that presents the same in another language."""
        key = key_for(self.source, link.url) or ""
        language = there.language if there else language_of("", self.page.language, link.url)
        day = date_in(self.page.key)
        is_twin = (day and day == date_in(key)) or self.wording.only_says_what(link.text)
        if self.is_strong and is_twin and language != self.page.language:
            kind = VariantKind.PAGE
            variant = Variant(kind, "", link.text, link.url, language, PAGE_TYPE)
            yield self._claim(key or link.url, _variant(there, kind) if there else variant)

    def _claim(self, target: str, variant: Variant) -> _Claim:
        return _Claim(self.page.key, target, self.is_strong, variant)


def _is_strong(page: Part) -> bool:
    return page.type in PRESENTING


def _variant(part: Part, kind: VariantKind) -> Variant:
    """A document of ours as a variant: its title is its own to say."""
    return Variant(kind, part.key, "", part.url, part.language, part.content_type)


def _variants(
    by_key: Mapping[str, Part],
    main: str,
    claims: Iterable[_Claim],
    copies: Mapping[str, Iterable[str]],
) -> tuple[Variant, ...]:
    """The variants of a work: the page or first text, what it offers, and copies of each."""
    first = by_key[main]
    found = [_variant(first, VariantKind.PAGE if first.is_page else VariantKind.FULL)]
    found += [claim.variant for claim in claims]
    keys = [main, *(claim.target for claim in claims)]
    for key in keys:
        found += [_variant(by_key[copy], VariantKind.COPY) for copy in copies.get(key, ())]
    return tuple(sorted(dict.fromkeys(found), key=_place))


def _place(variant: Variant) -> tuple[bool, int, str, str]:
    return variant.language != "sv", _ORDER[variant.kind], variant.key, variant.url
