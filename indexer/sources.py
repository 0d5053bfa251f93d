"""Sources: which pages are whose, and how each site's pages are read.

Reads and checks ``corpus/sources.toml`` (and the clutter list beside it); the parsers only follow
what stands there. Nothing here touches a page. Every rule carries a ``why`` and how ``sure`` it is.
How a source is crawled is read by ``crawl_rules``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexer.clutter import Clutter, load_clutter
from indexer.crawl_rules import SURE as SURE
from indexer.crawl_rules import CrawlRules, read_crawl, read_ground, read_shared
from search.tomlfile import TomlTable, read_toml

#: Beside ``sources.toml``.
CLUTTER = Path("vocabulary", "clutter.toml")

#: How much of a text the site shows: what answers a question, a few passages, or all of it.
SHOWN = ("snippet", "passages", "full")
PARTS = (
    "signs", "title", "kicker", "subtitle", "lead", "content", "links", "dates", "drop",
)  # fmt: skip
#: What a label "Publicerad" means on a site: its day, or that of the last change.
STAMPS = ("published", "changed")
GENERAL = "general"
#: Where an identity rule looks: in the path, or in the path with its query.
PLACES = ("path", "query")


@dataclass(frozen=True, slots=True)
class Rule:
    """A CSS selector for one part of a page; for every kind of page where ``pages`` is empty."""

    part: str
    select: str
    why: str
    sure: str
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageRule:
    """A kind of page, known by the path of its address, else its kicker, else its markup."""

    kind: str
    url: re.Pattern[str] | None
    kickers: frozenset[str]
    markup: str
    why: str
    sure: str


@dataclass(frozen=True, slots=True)
class IdentityRule:
    """A path whose group ``id`` identifies a document; ``same`` maps misspelt ids to right ones.

    ``node`` says that the id is the number the site itself uses, ``in_query`` that the pattern is
    for the path with its query, ``/list?id=7``: the query then says which document it is.
    """

    path: re.Pattern[str]
    key: str
    why: str
    sure: str
    node: bool = False
    same: Mapping[str, str] = field(default_factory=dict)
    in_query: bool = False


@dataclass(frozen=True, slots=True)
class Alias:
    """Another host that serves the source's pages, on paths that match."""

    host: str
    path: re.Pattern[str]
    why: str
    sure: str


@dataclass(frozen=True, slots=True)
class Source:
    """One publisher of documents. ``hosts[0]`` is the canonical host; folders have none.

    ``on`` says whether the source is crawled on its schedule when no editor has said anything of
    it; whether its documents are shown is the library's to know (``Library.hidden_sources``), and
    those of a source that is not on are, once somebody has taken them in. ``crawl`` says how, and
    is None for a source that is not crawled at all.

    ``show`` is how much of a text the site shows. ``rules`` holds the source's own rules before
    its template's, ``general`` those for pages of unknown make. ``shapes`` are the sources whose
    pages this one's documents may imitate.
    """

    name: str
    label: str
    full_name: str = ""
    hosts: tuple[str, ...] = ()
    on: bool = True
    show: str = "passages"
    pages: tuple[PageRule, ...] = ()
    rules: tuple[Rule, ...] = ()
    general: tuple[Rule, ...] = ()
    identity: tuple[IdentityRule, ...] = ()
    aliases: tuple[Alias, ...] = ()
    published_means: str = "published"
    kickers: frozenset[str] = frozenset()
    clutter: Clutter = field(default_factory=Clutter)
    shapes: Mapping[str, Source] = field(default_factory=dict)
    crawl: CrawlRules | None = None

    def selectors(self, part: str, kind: str = "") -> tuple[str, ...]:
        """The selectors for a part of a page of a kind, the ones to try first first."""
        return tuple(
            rule.select
            for rule in self.rules
            if rule.part == part and (not rule.pages or kind in rule.pages)
        )

    def general_selectors(self, part: str) -> tuple[str, ...]:
        """The selectors for a part of a page of unknown make."""
        return tuple(rule.select for rule in self.general if rule.part == part)


@dataclass(frozen=True, slots=True)
class _Template:
    rules: tuple[Rule, ...]
    identity: tuple[IdentityRule, ...]
    crawl: CrawlRules


def load_sources(path: Path) -> Mapping[str, Source]:
    """Every source by name, in the order of the file.

    Raises SettingsError naming file, line, table and key for whatever is wrong.
    """
    root = read_toml(path)
    clutter = load_clutter(path.parent / CLUTTER)
    kickers = _kickers(root.table("kickers"))
    templates = {name: _template(table) for name, table in root.table("template").named()}
    if GENERAL not in templates:
        raise root.wrong("template", f"a table is expected: [template.{GENERAL}]")
    tables = dict(root.table("source").named())
    everywhere = read_shared(root.table("crawl"))
    plain = {
        name: replace(_source(name, table, templates, everywhere), clutter=clutter, kickers=kickers)
        for name, table in tables.items()
    }
    sources = {name: _with_shapes(source, tables[name], plain) for name, source in plain.items()}
    for table in (*tables.values(), root):
        table.done()
    return sources


def rules_for(source: Source, shape: str) -> Source:
    """The source whose rules read a document that imitates ``shape``; its name and rights stay.

    >>> rules_for(Source("egna", "Egna dokument"), "").name
    'egna'
    """
    imitated = source.shapes.get(shape)
    if imitated is None:
        return source
    return replace(
        source,
        pages=imitated.pages,
        rules=imitated.rules,
        published_means=imitated.published_means,
    )


def _source(
    name: str, table: TomlTable, templates: Mapping[str, _Template], everywhere: CrawlRules
) -> Source:
    template = templates[table.choice("template", tuple(templates))]
    table.text("why")
    pages = tuple(_page(item) for item in table.tables("page"))
    kinds = tuple(dict.fromkeys(page.kind for page in pages))
    rules = tuple(_rule(item, kinds) for item in table.tables("rule"))
    identity = tuple(_identity(item) for item in table.tables("identity"))
    return Source(
        name=name,
        label=table.text("label"),
        full_name=table.text("full_name"),
        hosts=_hosts(table),
        on=table.flag("on", True),
        show=table.choice("show", SHOWN, "passages"),
        pages=pages,
        rules=(*rules, *template.rules),
        general=templates[GENERAL].rules,
        identity=(*identity, *template.identity),
        aliases=tuple(_alias(item) for item in table.tables("alias")),
        published_means=table.choice("published_means", STAMPS, STAMPS[0]),
        crawl=_crawl(table, (template.crawl, everywhere)),
    )


def _crawl(table: TomlTable, shared: tuple[CrawlRules, ...]) -> CrawlRules | None:
    if not table.has("crawl"):
        return None
    crawl = table.table("crawl")
    hosts = _hosts(table)
    if not hosts:
        raise table.wrong("hosts", "is missing: a source that is crawled has a host")
    return read_crawl(crawl, hosts, shared)


def _with_shapes(source: Source, table: TomlTable, sources: Mapping[str, Source]) -> Source:
    names = table.texts("shapes", ())
    for name in names:
        if name not in sources:
            raise table.wrong("shapes", f"{name!r} is not a source")
    return replace(source, shapes={name: sources[name] for name in names})


def _template(table: TomlTable) -> _Template:
    table.text("why")
    rules = tuple(_rule(item, ()) for item in table.tables("rule"))
    identity = tuple(_identity(item) for item in table.tables("identity"))
    crawl = read_shared(table.table("crawl")) if table.has("crawl") else CrawlRules()
    table.done()
    return _Template(rules, identity, crawl)


def _rule(table: TomlTable, kinds: tuple[str, ...]) -> Rule:
    pages = table.texts("pages", ())
    for kind in pages:
        if kind not in kinds:
            raise table.wrong("pages", f"{kind!r} is not a kind of page of this source")
    select = _selector(table, "select", None)
    part = table.choice("part", PARTS)
    return Rule(part, select, *read_ground(table), pages)


def _page(table: TomlTable) -> PageRule:
    kind = table.text("kind")
    url = table.pattern("url", "")
    kickers = frozenset(word.casefold() for word in table.texts("kickers", ()))
    markup = _selector(table, "markup", "")
    if not (url.pattern or kickers or markup):
        raise table.wrong("url", "is missing, and so are kickers and markup")
    return PageRule(kind, url if url.pattern else None, kickers, markup, *read_ground(table))


def _identity(table: TomlTable) -> IdentityRule:
    path, key = table.pattern("path"), table.text("key")
    if "id" not in path.groupindex:
        raise table.wrong("path", "the group (?P<id>...) is missing")
    if "{id}" not in key or not set(re.findall(r"{(.*?)}", key)) <= {"id", "source"}:
        raise table.wrong("key", "{id} must stand in it, and besides it only {source} may")
    node, same = table.flag("node", False), table.mapping("same")
    in_query = table.choice("in", PLACES, PLACES[0]) == "query"
    return IdentityRule(path, key, *read_ground(table), node, same, in_query)


def _alias(table: TomlTable) -> Alias:
    host, path = table.text("host"), table.pattern("path", "")
    return Alias(host, path, *read_ground(table))


def _hosts(table: TomlTable) -> tuple[str, ...]:
    hosts = table.texts("hosts", ())
    for host in hosts:
        if host != host.lower() or host.startswith("www.") or "/" in host or ":" in host:
            raise table.wrong("hosts", f"{host!r}: lower case, without www., scheme and port")
    return hosts


def _kickers(table: TomlTable) -> frozenset[str]:
    table.text("why")
    words = table.texts("words")
    table.done()
    return frozenset(word.casefold() for word in words)


def _selector(table: TomlTable, key: str, default: str | None) -> str:
    import soupsieve

    selector = table.text(key, default)
    try:
        if selector:
            soupsieve.compile(selector)
    except soupsieve.SelectorSyntaxError as error:
        problem = str(error).splitlines()[0]
        raise table.wrong(key, f"not a CSS selector: {problem}") from error
    return selector
