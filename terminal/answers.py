"""What a question found, and documents whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from search.errors import SettingsError
from search.results import SNIPPET, right_to
from terminal.console import out, print_json, say

if TYPE_CHECKING:
    from search.document import Document
    from search.results import Fragment, Hit, Results

    Labels = Mapping[str, Mapping[str, str]]


def check_filters(filters: Mapping[str, Sequence[str]], labels: Labels) -> None:
    """Raises SettingsError when a filter has a value that no document can have."""
    for facet, values in filters.items():
        if facet == "year":
            wrong = [value for value in values if not value.isdigit()]
            allowed = "a year such as 2024"
        else:
            wrong = [value for value in values if value not in labels.get(facet, {})]
            allowed = ", ".join(labels.get(facet, {}))
        if wrong:
            raise SettingsError(f"--{facet} {wrong[0]!r} is not known; allowed are: {allowed}")


def results(found: Results, labels: Labels, as_json: bool) -> None:
    """A page of hits."""
    if as_json:
        print_json(_results_json(found, labels))
        return
    noun = "document" if found.total == 1 else "documents"
    say(f"{found.total} {noun} in {found.seconds * 1000:.0f} ms (generation {found.generation})")
    if found.meant:
        also = "not searched for, as asked" if found.query.exact else "searched for too"
        say(f"Did you mean: {found.meant} ({also})")
    for number, hit in enumerate(found.hits, start=1):
        _print_hit(number, hit, labels)


def _print_hit(number: int, hit: Hit, labels: Labels) -> None:
    document = hit.document
    source = labels.get("source", {}).get(document.source, document.source)
    when = str(document.year or "utan datum")
    out.print(f"\n[bold]{number}. {_marked(hit.title)}[/]  [dim]{hit.score:.2f}[/]")
    out.print(f"   [cyan]{escape(document.key)}[/] · {escape(source)} · {when}")
    if document.url:
        out.print(f"   [dim]{escape(document.url)}[/]")
    if also := [f"{v.kind} {v.language} {v.key or v.url}" for v in document.other_variants]:
        out.print(f"   [dim]also: {escape(', '.join(also))}[/]")
    for item in hit.passages:
        passage = item.passage
        place = " › ".join(passage.heading_path)
        if passage.page:
            label = passage.page_label or str(passage.page)
            place += f" (s. {label}, pdf-sida {passage.page})"
        out.print(f"   [dim]{escape(place)}[/]" if place else "", end="\n" if place else "")
        out.print(f"   {_marked(item.excerpt)}")
    if not hit.parts:
        return
    for reason in hit.reasons:
        place = f"passage {reason.passage}" if reason.passage else reason.field
        matched = " ".join(reason.matched)
        through = f" ({reason.through})" if reason.through != matched else ""
        said = f"{reason.asked} → {reason.how} → {matched}{through}, {place}"
        out.print(f"     [dim]{escape(said)}[/]")
    for word in hit.missing:
        out.print(f"     [dim]{escape(word)} → missing[/]")
    for part in hit.parts:
        out.print(f"     [dim]{part.points:6.2f}  {part.field:9} {escape(part.word)}[/]")


def _marked(fragments: Sequence[Fragment]) -> str:
    return "".join(
        f"[bold yellow]{escape(f.text)}[/]" if f.marked else escape(f.text) for f in fragments
    )


def _results_json(found: Results, labels: Labels) -> dict[str, Any]:
    """What a page of results says, and no more of a text than it does."""
    return {
        "query": found.query,
        "total": found.total,
        "seconds": found.seconds,
        "generation": found.generation,
        "meant": found.meant,
        "facets": found.facets,
        "hits": [
            {
                "key": hit.document.key,
                "title": hit.document.title,
                "score": hit.score,
                "source": hit.document.source,
                "url": hit.document.url,
                "year": hit.document.year,
                "lead": _lead(hit.document, labels),
                "passages": [
                    {
                        "number": item.passage.number,
                        "heading_path": item.passage.heading_path,
                        "page": item.passage.page,
                        "page_label": item.passage.page_label,
                        "excerpt": "".join(fragment.text for fragment in item.excerpt),
                        "score": item.score,
                    }
                    for item in hit.passages
                ],
                "reasons": hit.reasons,
                "missing": hit.missing,
                "work": hit.document.work or hit.document.key,
                "variants": hit.document.other_variants,
                **({"explain": hit.parts} if hit.parts else {}),
            }
            for hit in found.hits
        ],
    }


def _lead(document: Document, labels: Labels) -> str:
    return "" if right_to(labels, document.source) == SNIPPET else document.lead


def document(shown: Document, as_json: bool, left_out: bool = False) -> None:
    """A document: JSON has its fields and what follows from them.

    ``left_out`` says that there is more of it than is to be shown.
    """
    if as_json:
        derived = {
            "date": shown.published.day or shown.changed.day,
            "year": shown.year,
            "headings": shown.headings,
            "quotations": [{"text": b.text, "speaker": b.speaker} for b in shown.quotations],
            "body": shown.body,
        }
        part = {"left_out": True} if left_out else {}
        print_json({**shown.to_json(), **derived, **part})
        return
    out.print(
        f"[dim]{escape(shown.kicker)}[/]" if shown.kicker else "", end="\n" if shown.kicker else ""
    )
    out.print(f"[bold]{escape(shown.title)}[/]")
    facts = [shown.key, shown.source, shown.language, str(shown.year or "utan datum")]
    facts += [f"{identifier.kind} {identifier.value}" for identifier in shown.identifiers]
    facts += [f"{facet}: {', '.join(values)}" for facet, values in shown.facets.items()]
    out.print(f"[dim]{escape(' · '.join(facts))}[/]")
    if shown.lead:
        out.print(f"\n[italic]{escape(shown.lead)}[/]")
    for section in shown.sections:
        if section.heading:
            page = f"  [dim]s. {section.page_label or section.page}[/]" if section.page else ""
            out.print(f"\n[bold]{'#' * section.level} {escape(section.heading)}[/]{page}")
        for block in section.blocks:
            speaker = f" [dim]({escape(block.speaker)})[/]" if block.speaker else ""
            out.print(f"\n{escape(block.text)}{speaker}")
    if left_out:
        where = f" at {shown.url}" if shown.url else " at its publisher"
        say(f"\nThat is as much as its source lets us pass on. Read the rest{where}, or by --all.")
