"""How things are said in Swedish: dates, numbers, pages, labels. Template filters, all pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask

from search.document import DatedBy, DateGround, Document, Variant, VariantKind
from search.results import SNIPPET, Fragment, Passage, PassageHit, Repair, right_to
from search.tomlfile import read_toml
from webapp.markup import escaped, marked_up

PDF = "application/pdf"

_MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)

#: The headings of the facets, should a generation carry none.
_FACETS = {
    "source": "Källa",
    "type": "Dokumenttyp",
    "topic": "Ämne",
    "audience": "Målgrupp",
    "arena": "Arena",
    "level": "Preventionsnivå",
    "actor": "Aktör",
    "year": "År",
}

_IDENTIFIERS = {
    "isbn": "ISBN",
    "issn": "ISSN",
    "urn": "URN",
    "report": "Rapportnummer",
    "sfs": "Lag som nämns",
    "bill": "Proposition som nämns",
    "node": "Sidans nummer",
}
#: What a kind is called where there are several; the others are called the same.
_SEVERAL = {"sfs": "Lagar som nämns", "bill": "Propositioner som nämns"}

_NOTICES = {
    "example": "Exempeltext – skriven för Metodsök, inte publicerad av någon myndighet.",
    "no_text_layer": "Filen är inskannad som bild och går inte att söka i texten. "
    "Du kan bara hitta den på titel och uppgifter om dokumentet.",
    "unsupported_type": "Filtypen stöds inte ännu. Metodsök känner bara till dokumentets titel.",
}

_KINDS = {
    "text/html": "Webbsida",
    PDF: "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word-dokument",
    "text/plain": "Textfil",
    "text/markdown": "Textfil",
}

#: What a variant of a work is, after "Finns också som".
_VARIANTS = {
    VariantKind.PAGE: "webbsida",
    VariantKind.FULL: "hela texten",
    VariantKind.SUMMARY: "sammanfattning",
    VariantKind.COPY: "kopia på en annan adress",
    VariantKind.OTHER: "bilaga",
}
_LANGUAGES = {"en": "engelska"}

#: What a date is of: when something was published, and when it was changed.
_OF_A_PAGE = ("Sidan publicerad", "Sidan ändrad")
_OF_A_FILE = ("Publicerad", "Filen ändrad")

_SPACES = re.compile(r"\s+")
_BREAKING = re.compile(r"[\x00-\x1f\x7f]")
#: Sorts å, ä and ö after z, as Swedish does.
_LAST = str.maketrans({"å": "{", "ä": "|", "ö": "}", "é": "e", "ü": "y"})


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels a generation was published with; an id without a label stands for itself."""

    table: Mapping[str, Mapping[str, str]]

    def facet(self, facet: str) -> str:
        """A facet's heading: ``Ämne``."""
        return self.table.get("facet", {}).get(facet) or _FACETS.get(facet, facet)

    def value(self, facet: str, value: str) -> str:
        """A facet value's label: ``Metodstöd och vägledning``."""
        return self.table.get(facet, {}).get(value, value)

    def excerpts_only(self, document: Document) -> bool:
        """Whether its source lets us show nothing of a text but the excerpts that answer."""
        return right_to(self.table, document.source) == SNIPPET

    def source(self, document: Document) -> str:
        """Who published it; an example says whose form it imitates: ``Exempel (Brå-form)``."""
        label = self.value("source", document.source)
        if not document.shape:
            return label
        imitated = self.table.get("shape", {}).get(document.shape)
        return f"{label} ({imitated or self.value('source', document.shape)}-form)"


def install(app: Flask) -> None:
    """Make the functions of this module filters in the app's templates."""
    for function in (
        swedish_date,
        number,
        dated,
        dates,
        ground,
        page_reference,
        cells_apart,
        marked_up,
        escaped,
        web_address,
        host,
        kind,
        variant_name,
        numbers,
        notice,
        quoted,
        quoted_list,
        unknown_words,
        shortened,
    ):
        app.add_template_filter(function)


def swedish_date(day: date) -> str:
    """24 november 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def number(value: int) -> str:
    """Thousands parted by a no-break space: 12 345."""
    return str(value) if -1000 < value < 1000 else f"{value:,}".replace(",", "\N{NO-BREAK SPACE}")


def dated(document: Document) -> str:
    """What is of which day, as briefly as a list wants it; never a guess without saying so.

    It says that the page is: under the title of a law, a date alone reads as the law's own.
    """
    for name, by in dates(document):
        if by.day:
            return f"{name[0].lower()}{name[1:]} {swedish_date(by.day)}"
    if document.year_hint:
        return f"utan datum, troligen {document.year_hint}"
    return "utan datum"


def dates(document: Document) -> tuple[tuple[str, DatedBy], ...]:
    """The dates that are known, the first one first, each with what it is the date of."""
    given = [by for by in (document.published, document.changed) if by.day]
    if "example" in document.notices:
        return tuple(("Exempeltext skriven", by) for by in given[:1])
    names = _OF_A_PAGE if document.content_type == "text/html" else _OF_A_FILE
    both = zip(names, (document.published, document.changed), strict=True)
    return tuple((name, by) for name, by in both if by.day)


def ground(dated_by: DatedBy, document: Document) -> str:
    """The ground for a date, in words."""
    if dated_by.ground is DateGround.TIME:
        is_page = document.content_type == "text/html"
        return "enligt sidans datummärkning" if is_page else "enligt filens egna uppgifter"
    if dated_by.ground is DateGround.LABEL:
        return "enligt en rad i texten"
    return "enligt adressen" if dated_by.ground is DateGround.SLUG else ""


def page_reference(passage: Passage) -> tuple[str, ...]:
    """The printed page, and the viewer's own where they differ: s. 12, (pdf-sida 14)."""
    if passage.page is None:
        return ()
    if passage.page_label in ("", str(passage.page)):
        return (f"s. {passage.page}",)
    return (f"s. {passage.page_label}", f"(pdf-sida {passage.page})")


def cells_apart(found: PassageHit) -> tuple[Fragment, ...]:
    """The excerpt with a dot between the cells of a table, and after its rows.

    In an excerpt all white space is alike, so that what parts the words is looked up in the
    passage. One that does not stand in its passage word for word is left as it is.
    """
    given, text = found.excerpt, found.passage.text
    if "\t" not in text:
        return given
    first = bool(given) and given[0] == Fragment("… ")
    last = len(given) - (bool(given) and given[-1] == Fragment(" …"))
    said = "".join(fragment.text for fragment in given[first:last])
    between = gaps_between(said, _with_rows_as_cells(text))
    if not any("\t" in gap for gap in between):
        return given
    gaps = iter([" · " if "\t" in gap else " " for gap in between])
    if said[:1].isspace():
        gaps = chain([""], gaps)
    inner = (
        replace(fragment, text=_SPACES.sub(lambda _: next(gaps, ""), fragment.text))
        for fragment in given[first:last]
    )
    return (*given[:first], *inner, *given[last:])


def gaps_between(said: str, text: str) -> Sequence[str]:
    """What parts the words of an excerpt where it stands in the text; nothing if it does not.

    Not by a pattern made of the words: to compile one takes longer than all else of the page.
    """
    words = said.split()
    alike = _SPACES.sub(" ", text)
    place = alike.find(" ".join(words))
    if place < 0 or not words:
        return ()
    before = alike.count(" ", 0, place)
    return _SPACES.findall(text)[before : before + len(words) - 1]


def _with_rows_as_cells(text: str) -> str:
    """The text with tabs where a table's rows and the table itself end, and none before it."""
    blocks = (
        block.lstrip("\t").replace("\n", "\t") + "\t" if "\t" in block else block
        for block in text.split("\n\n")
    )
    return "\n\n".join(blocks)


def quoted(text: str) -> str:
    """In quotation marks, unless it brings its own."""
    return text if set(text) & set('"”“„»«') else f"”{text}”"


def quoted_list(words: Iterable[str]) -> str:
    """Each once in quotation marks, the last after an *och*: ”a”, ”b” och ”c”."""
    *most, last = map(quoted, dict.fromkeys(words))
    return f"{', '.join(most)} och {last}" if most else last


def unknown_words(repairs: Sequence[Repair]) -> str:
    """That no document has the words that were repaired."""
    asked = list(dict.fromkeys(repair.asked for repair in repairs))
    name = "Ordet" if len(asked) == 1 else "Orden"
    return f"{name} {quoted_list(asked)} står inte i något dokument."


def web_address(address: str) -> str:
    """The address if it may be linked to: http or https, on a host. Else empty."""
    if _BREAKING.search(address):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""


def host(address: str) -> str:
    """The host of an address, without www."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


def kind(document: Document) -> str:
    """What kind of file it is, with its number of pages: PDF, 12 sidor."""
    name = _KINDS.get(document.content_type, "Fil")
    if not document.page_count:
        return name
    return (
        f"{name}, {number(document.page_count)} {'sida' if document.page_count == 1 else 'sidor'}"
    )


def variant_name(variant: Variant, of: Document) -> str:
    """What another form of a work is: sammanfattning (PDF), på engelska (PDF hos bra.se)."""
    name = _VARIANTS[variant.kind]
    if variant.kind is VariantKind.FULL and "rapport" in of.facets.get("type", ()):
        name = "hela rapporten"
    if variant.kind is VariantKind.OTHER and variant.title:
        name = shortened(variant.title)
    if variant.language not in ("", "sv"):
        language = f"på {_LANGUAGES.get(variant.language, 'ett annat språk')}"
        name = language if variant.kind is VariantKind.FULL else f"{name} {language}"
    is_file = variant.content_type not in ("", "text/html")
    where = "" if variant.key or not variant.url else f"hos {host(variant.url)}"
    beside = " ".join(filter(None, (_KINDS.get(variant.content_type, "") * is_file, where)))
    return f"{name} ({beside})" if beside else name


def numbers(document: Document) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """The numbers that name a document or stand in it: kind, what it is called, and the numbers."""
    by_kind: dict[str, list[str]] = {}
    for identifier in document.identifiers:
        by_kind.setdefault(identifier.kind, []).append(identifier.value)
    return tuple(
        (kind, identifier_name(kind, len(values)), tuple(values))
        for kind, values in by_kind.items()
    )


def identifier_name(kind: str, count: int = 1) -> str:
    """What a kind of identifier is called."""
    one = _IDENTIFIERS.get(kind, kind)
    return _SEVERAL.get(kind, one) if count > 1 else one


def law_names(vocabulary: Path) -> Mapping[str, str]:
    """What laws and ordinances are called, by number. Raises SettingsError naming file and line."""
    laws = read_toml(vocabulary / "laws.toml").tables("law")
    return {law.text("number"): law.text("title") for law in laws}


def notice(name: str) -> str:
    """What a reader must know; empty for a notice that this version has no words for."""
    return _NOTICES.get(name, "")


def shortened(text: str, length: int = 80) -> str:
    """The text, cut with an ellipsis where it is longer than ``length`` characters."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


@lru_cache(maxsize=4096)
def swedish_order(text: str) -> str:
    """A sort key with å, ä and ö last."""
    return text.casefold().translate(_LAST)
