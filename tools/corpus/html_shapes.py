"""Manuscript to web page, in the form that one of the three sites gives its pages.

Owns which page kind and which class names a manuscript gets, and the identifiers that Sitevision
would have dealt out. The markup and all its clutter are templates in ``shapes/``, and what single
pages wear beside that is in ``shapes/dress.toml``; the facts about the sites behind them are in the
project's domain notes, and no sentence is taken from any site.
"""

from __future__ import annotations

import hashlib
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tools.corpus.dates import MONTHS, swedish_date
from tools.corpus.manuscripts import NOTICE, WRITTEN, Manuscript
from tools.corpus.markup import Heading, chapters
from tools.corpus.sources import FACTS_HEADING, NO_FACTS

SHAPES = Path(__file__).parent / "shapes"

#: Sitevision's ids are hexadecimal, of no fixed length; this is the most common one.
_ID_DIGITS = 23


@dataclass(frozen=True, slots=True)
class Look:
    """The class names a site's designer gave to the ordinary elements of text.

    ``outside`` is how a link to another site says so: ``text`` for readers of screens,
    ``icon`` for an image after the link.
    """

    kicker: str
    heading: str
    subheading: str
    subheading2: str
    lead: str
    normal: str
    outside: str


@dataclass(frozen=True, slots=True)
class Variant:
    """One kind of page: its template in ``shapes/``, its look, and where it shows its date.

    ``dated`` is ``time`` (an element with a machine-readable date), ``label`` (only words) or
    ``none``. ``contact`` is the generation of the contact card, ``old`` or ``new``; ``none`` where
    the card is lost and only its heading left. ``addresses`` is the generation of Brå's addresses.
    """

    name: str
    template: str
    look: Look
    dated: str
    contact: str
    addresses: str = "new"


@dataclass(frozen=True, slots=True)
class Dress:
    """What one page wears beside its variant; the keys are explained in ``shapes/dress.toml``."""

    page: str = ""
    traits: tuple[str, ...] = ()
    stamps: tuple[str, ...] = ()
    again: str = ""
    caption: str = ""
    pull: str = ""
    box: tuple[str, ...] = ()
    term: tuple[str, ...] = ()
    collapse: tuple[str, ...] = ()


_PLAIN = Look("vinjett", "heading", "subheading", "subheading2", "ingress", "normal", "text")
_MUNGED = Look(
    "vinjettxxp",
    "sidrubrikxxh1x",
    "underrubrikxxh2x",
    "mellanrubrikxxh3x",
    "ingressxxp",
    "brodtextxxp",
    "text",
)
_FONTS = Look(
    "sv-font-etikett",
    "sv-font-rubrik-1",
    "sv-font-rubrik-2",
    "sv-font-rubrik-3",
    "sv-font-ingress",
    "sv-font-brodtext",
    "icon",
)
_PREAMBLE = Look("tag", "heading", "subheading", "subheading2", "preamble", "normal", "icon")

BRA_REPORT = Variant("bra-report", "bra_report.html", _PLAIN, "label", "old")
BRA_METHOD_DATED = Variant("bra-method-dated", "bra_method.html", _MUNGED, "time", "new")
BRA_METHOD = Variant("bra-method", "bra_method.html", _FONTS, "none", "old")
BRA_TOPIC = Variant("bra-topic", "bra_topic.html", _PLAIN, "none", "new")
SKR_PAGE = Variant("skr-page", "skr_page.html", _PLAIN, "label", "old")
SKR_FONTS = Variant("skr-page-fonts", "skr_page.html", _FONTS, "time", "new")
GR_NEWS = Variant("gr-news", "gr_news.html", _PREAMBLE, "time", "new")
GR_NEWS_UNDATED = Variant("gr-news-undated", "gr_news.html", _PREAMBLE, "none", "none")
GR_KNOWLEDGE = Variant("gr-knowledge", "gr_knowledge.html", _MUNGED, "none", "new")
BRA_NEWS_OLD = Variant("bra-news-old", "bra_news.html", _MUNGED, "none", "old", "old")
BRA_NEWS = Variant("bra-news", "bra_news.html", _FONTS, "none", "new")
BRA_PROJECT_OLD = Variant("bra-project-old", "bra_project.html", _MUNGED, "none", "old", "old")
BRA_PROJECT = Variant("bra-project", "bra_project.html", _PLAIN, "none", "new")
BRA_EVALUATION = Variant("bra-evaluation", "bra_evaluation.html", _PLAIN, "none", "old")
BRA_STEP = Variant("bra-step", "bra_step.html", _MUNGED, "none", "old", "old")

#: Variants that a page is given by name only.
_BY_NAME = {variant.name: variant for variant in (BRA_STEP, GR_NEWS_UNDATED)}


def choose_variant(shape: str, kind: str, n: int) -> Variant:
    """The kind of page for a manuscript; the number spreads what the kind leaves open."""
    if shape == "skr":
        return (SKR_PAGE, SKR_FONTS)[n % 2]
    if shape == "gr":
        return (GR_NEWS_UNDATED, GR_NEWS)[n % 2] if kind == "nyhet" else GR_KNOWLEDGE
    if kind == "nyhet":
        return (BRA_NEWS_OLD, BRA_NEWS)[n % 2]
    if kind == "projekt":
        return (BRA_PROJECT_OLD, BRA_PROJECT)[n % 2]
    if kind == "utvärdering":
        return BRA_EVALUATION
    if kind == "tema":
        return BRA_TOPIC
    if kind in ("rapport", "mall"):
        return BRA_REPORT
    return (BRA_REPORT, BRA_METHOD, BRA_METHOD_DATED)[n % 3]


def build_html(manuscript: Manuscript) -> bytes:
    """The page as UTF-8, the same bytes each time."""
    dress = _dresses().get(manuscript.name, Dress())
    chosen = choose_variant(manuscript.shape, manuscript.kind, manuscript.n)
    variant = _BY_NAME[dress.page] if dress.page else chosen
    page = _environment().get_template(variant.template)
    text = page.render(
        page=manuscript,
        look=variant.look,
        variant=variant,
        dress=dress,
        stamps=[_stamp(form) for form in dress.stamps],
        chapters=chapters(manuscript.parts),
        sections=[part for part in manuscript.parts if isinstance(part, Heading)],
        notice=NOTICE,
        facts_heading=FACTS_HEADING,
        no_facts=NO_FACTS,
        sources=[source for source in manuscript.sources if source.address],
        written=WRITTEN,
        written_words=swedish_date(WRITTEN),
        node=lambda part: _node(manuscript, part),
    )
    return text.encode()


def anchor(heading: str) -> str:
    """The id that Sitevision gives a heading: ``h-`` and the words run together.

    >>> anchor("Så går det till")
    'h-Sagardettill'
    """
    bare = unicodedata.normalize("NFD", heading)
    return "h-" + "".join(c for c in bare if c.isascii() and c.isalnum())


@cache
def _dresses() -> dict[str, Dress]:
    """What single documents wear, by file name without ending."""
    table = tomllib.loads((SHAPES / "dress.toml").read_text(encoding="utf-8"))
    return {name: _dress(keys) for name, keys in table.items()}


def _dress(keys: dict[str, Any]) -> Dress:
    fields: dict[str, Any] = {k: v if isinstance(v, str) else tuple(v) for k, v in keys.items()}
    return Dress(**fields)


def _stamp(form: str) -> str:
    """A line with a date, the day the collection was written put in."""
    month = MONTHS[WRITTEN.month - 1]
    return form.format(
        day=WRITTEN.day,
        month=month,
        short=month[:3],
        capitals=month[:3].upper(),
        number=f"{WRITTEN.month:02d}",
        year=WRITTEN.year,
    )


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(SHAPES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["anchor"] = anchor
    return environment


def _node(manuscript: Manuscript, part: str) -> str:
    """The hexadecimal id of one part of one page, the same in every build."""
    seed = f"{manuscript.n} {manuscript.slug} {part}".encode()
    return hashlib.sha256(seed).hexdigest()[:_ID_DIGITS]
