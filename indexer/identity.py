"""Identity before address: canonical addresses, and the document key an address stands for.

Pure; the rules are data in ``corpus/sources.toml``. Never raises: an address that makes no sense
is nobody's and identifies nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

from indexer.sources import IdentityRule, Source

#: Query keys that say how a page is shown or who sent the reader, never which page it is.
_SHOWN = re.compile(
    r"^(sv\..*|utm_.*|state|logout|printerfriendly|fbclid|gclid|gad_source|msclkid|mc_[ce]id|_g[al]"
    r"|jsessionid|phpsessid|aspsessionid\w*|session_?id)$",
    re.IGNORECASE,
)
#: Of a Sitevision module's states, those in which its address gives other content than the page:
#: the next hits of a list, the hits of a question, a feed.
_OTHER_CONTENT = re.compile(r"^state=(executepaging|ajaxquery|rss)$", re.IGNORECASE)
_PATH_SESSION = re.compile(r";jsessionid=[^/?#;]*", re.IGNORECASE)
#: Sitevision's old print view.
_PRINT = re.compile(r"(?:\.printable)+(?=$|\.html?$)", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}
#: Characters that may stand in a path or query as they are (RFC 3986), besides letters and digits.
_PATH_SAFE = "/:@!$&'()*+,;=~-._"
_ESCAPE = re.compile(rf"%[0-9A-Fa-f]{{2}}|[^A-Za-z0-9{re.escape(_PATH_SAFE)}]", re.DOTALL)


def canonical_url(url: str, source: Source) -> str:
    """The one address among those that lead to the same page; what is no address is kept.

    Secure, without ``www.``, fragment, session and tracking; alias hosts become the source's own,
    and what is left of a query stands in the order of its keys.
    An address with a port of its own keeps its scheme, since no other answers there.
    """
    parts = _split(url)
    if parts is None or not parts.hostname:
        return url.strip()
    host, port = _host(parts), _port(parts)
    path = _path(parts.path)
    netloc = _own_host(host, path, source) or host
    scheme = parts.scheme if port else "https"
    if port:
        netloc = f"{netloc}:{port}"
    return urlunsplit((scheme, netloc, path, _query(parts.query), ""))


def key_for(source: Source, url: str) -> str | None:
    """The document key that an address of the source stands for, or None where it says none."""
    found = _identified(source, url)
    if found is None:
        return None
    rule, name = found
    return rule.key.format(id=name, source=source.name)


def node_of(source: Source, url: str) -> str:
    """The number that the source's own system has for the page, or ``""``."""
    found = _identified(source, url)
    return found[1] if found and found[0].node else ""


def is_web(url: str) -> bool:
    """Whether a text is a web address that makes sense."""
    return _split(url) is not None


def says_by_query(source: Source, url: str) -> bool:
    """Whether the query of an address is what tells its document from others."""
    found = _identified(source, url)
    return bool(found and found[0].in_query)


def source_of(url: str, sources: Mapping[str, Source]) -> Source | None:
    """The source that publishes an address, by its host."""
    parts = _split(url)
    if parts is None or not parts.hostname:
        return None
    host, path = _host(parts), _path(parts.path)
    return next((s for s in sources.values() if _own_host(host, path, s)), None)


def _identified(source: Source, url: str) -> tuple[IdentityRule, str] | None:
    parts = _split(canonical_url(url, source))
    if parts is None or not _own_host(_host(parts), parts.path, source):
        return None
    for rule in source.identity:
        where = f"{parts.path}?{parts.query}" if rule.in_query else parts.path
        if match := rule.path.search(where):
            name = unquote(match["id"])
            return rule, rule.same.get(name, name)
    return None


def _split(url: str) -> SplitResult | None:
    """The parts of a web address; None where it is none."""
    try:
        parts = urlsplit(url.strip())
        known = parts.scheme in _DEFAULT_PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if known else None


def _own_host(host: str, path: str, source: Source) -> str:
    """The source's canonical host when the address is the source's, else ``""``."""
    if host in source.hosts:
        return source.hosts[0]
    is_alias = any(alias.host == host and alias.path.search(path) for alias in source.aliases)
    return source.hosts[0] if is_alias and source.hosts else ""


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            host = quote(host)
    while host.startswith("www.") and host.count(".") > 1:
        host = host.removeprefix("www.")
    return f"[{host}]" if ":" in host else host


def _port(parts: SplitResult) -> int | None:
    port = parts.port
    return None if port == _DEFAULT_PORTS[parts.scheme] else port


def _path(path: str) -> str:
    path = _PRINT.sub("", _PATH_SESSION.sub("", _escaped(path)))
    kept: list[str] = []
    segments = path.removeprefix("/").split("/")
    for n, segment in enumerate(segments):
        last = n == len(segments) - 1
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
            continue
        if last:
            kept.append("")
    return "/" + "/".join(kept)


def _query(query: str) -> str:
    pieces = [piece for piece in query.split("&") if piece]
    kept = [_escaped(piece, also="?") for piece in pieces if not _only_shows(unquote(piece))]
    return "&".join(sorted(kept, key=lambda piece: piece.partition("=")[0]))


def _only_shows(piece: str) -> bool:
    if _OTHER_CONTENT.match(piece):
        return False
    return bool(_SHOWN.match(piece.partition("=")[0]))


def _escaped(text: str, also: str = "") -> str:
    """Escapes in one form: none for what needs none, capital digits for the rest."""

    def escape(match: re.Match[str]) -> str:
        found = match[0]
        if len(found) == len("%41") and found.startswith("%"):
            character = chr(int(found[1:], 16))
            plain = character.isascii() and (character.isalnum() or character in "-._~")
            return character if plain else found.upper()
        return quote(found, safe=_PATH_SAFE + also, errors="replace")

    return _ESCAPE.sub(escape, text)
