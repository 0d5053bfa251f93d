"""Files under /download/: small PDFs with true dates, a table, and one PDF that never ends."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from tests.site.plan import Item, Site
from tests.site.prose import HEADINGS, paragraphs, seeded

_PAGE_LINES = 44


def file_of(site: Site, item: Item, day: int) -> bytes:
    if item.behaviour == "hangs":
        return endless_pdf()
    if item.kind == "sheet":
        return "\r\n".join(f"{year};{year * 7 % 1000}" for year in range(2000, 2026)).encode()
    return pdf(_pages(item, site.version(item, day)), item.title, item.date)


def _pages(item: Item, version: int) -> list[list[tuple[int, str]]]:
    """Lines with their sizes, page by page: front, then chapters."""
    chance = seeded("pdf", item.name)
    headings = chance.sample(HEADINGS, 3)
    # A summary's text is its own; so is every other part's.
    texts = [" ".join(t) for t in paragraphs(item.name, item.topic, (3,) * 9, item.language)]
    pages = [[(24, line) for line in textwrap.wrap(item.title, 36)]]
    for number, heading in enumerate(headings[: 1 if item.role == "summary" else 3]):
        lines = [(16, heading)]
        for text in texts[3 * number : 3 * number + 3]:
            lines += [(11, line) for line in textwrap.wrap(text, 84)] + [(11, "")]
        pages.append(lines[:_PAGE_LINES])
    if version:
        pages[-1].append((11, "Den här upplagan har rättats."))
    return pages


def pdf(pages: Sequence[Sequence[tuple[int, str]]], title: str, date: str) -> bytes:
    """A PDF of plain lines. Its date is the work's, or it has none."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    made = [b"<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding "
            b"/WinAnsiEncoding >>"]  # fmt: skip
    for number, lines in enumerate(pages):
        made.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font "
            b"<< /F1 3 0 R >> >> /Contents %d 0 R >>" % (5 + 2 * number)
        )
        stream = _text(lines)
        made.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    when = f" /CreationDate (D:{date.replace('-', '')}080000+01'00')" if date else ""
    made.append(
        b"<< /Title <FEFF%s>%s >>" % (title.encode("utf-16-be").hex().encode(), when.encode())
    )
    return _assembled(made)


def _string(text: str) -> bytes:
    raw = text.encode("cp1252", "replace")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _text(lines: Sequence[tuple[int, str]]) -> bytes:
    made, height = [b"BT"], 780
    for size, line in lines:
        made.append(b"/F1 %d Tf 1 0 0 1 60 %d Tm (%s) Tj" % (size, height, _string(line)))
        height -= 30 if size > 11 else 16
    return b"\n".join([*made, b"ET"])


def _assembled(objects: Sequence[bytes]) -> bytes:
    """Objects with their table; the last one is the information dictionary."""
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return out + table + trailer % (len(objects) + 1, len(objects), len(out))


def endless_pdf(depth: int = 14, width: int = 12) -> bytes:
    """A few kilobytes whose drawing takes ``width ** depth`` steps: forms that call forms."""
    first = 5
    made = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject "
        b"<< /X %d 0 R >> /Font << /F1 %d 0 R >> >> /Contents 4 0 R >>" % (first, first + depth),
        b"<< /Length 5 >>\nstream\n/X Do\nendstream",
    ]
    for number in range(depth):
        last = number == depth - 1
        stream = b"BT /F1 9 Tf (a) Tj ET" if last else b"/X Do " * width
        inner = b"/Font << /F1 %d 0 R >>" % (first + depth)
        if not last:
            inner += b" /XObject << /X %d 0 R >>" % (first + number + 1)
        made.append(
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << %s >> "
            b"/Length %d >>\nstream\n%s\nendstream" % (inner, len(stream), stream)
        )
    made.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    return _assembled([*made, b"<< /Title (Evig) >>"])
