"""The second variant: the same sheets in markup that has no sign of Sitevision."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tests.site import sitevision
from tests.site.content import Part, swedish_date
from tests.site.plan import Item

_ABOVE = ("cookies", "menu", "crisis", "crumbs")
_BELOW = ("share", "shop", "contact", "feedback", "widget", "footer", "related")


def page(item: Item, parts: Sequence[Part], *, token: str = "", script: str = "") -> str:
    above = "\n".join(_outside(part) for part in parts if part.kind in _ABOVE)
    below = "\n".join(_outside(part) for part in parts if part.kind in _BELOW)
    body = "\n".join(
        _piece(part) for part in parts if part.kind not in (*_ABOVE, *_BELOW, "canonical")
    )
    return f"""<!DOCTYPE html>
<html lang="{item.language}">
<head>
{sitevision.head(item, parts)}
</head>
<body data-visit="{token}">
<header>{above}</header>
<article class="story">
{body}
</article>
<aside>{below}</aside>
{script}
</body>
</html>
"""


def _outside(part: Part) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in part.lines)
    if part.links and part.kind in ("related", "menu"):
        lines = _links(part)
    if part.kind == "widget":
        lines += '<li><time datetime="2026-11-02">2 november 2026</time></li>'
    heading = f"<h2>{escape(part.text)}</h2>" if part.text else ""
    tag = {"menu": "nav", "crumbs": "nav", "footer": "footer"}.get(part.kind, "section")
    return f'<{tag} class="kz-{part.kind}">{heading}<ul>{lines}</ul></{tag}>'


def _links(part: Part) -> str:
    pairs = zip(part.lines, part.links, strict=True)
    return "".join(f'<li><a href="{escape(url)}">{escape(text)}</a></li>' for text, url in pairs)


def _piece(part: Part) -> str:
    text = escape(part.text)
    listed = "".join(f"<li>{escape(line)}</li>" for line in part.lines)
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in part.lines)
    if part.kind in ("time", "clock"):
        return f'<p><time datetime="{part.text}">{swedish_date(part.text)}</time></p>'
    if part.kind == "cards":
        return f"<ul>{_links(part)}</ul>"
    return {
        "kicker": f'<p class="eyebrow">{text}</p>',
        "h1": f"<h1>{text}</h1>",
        "subtitle": f'<p class="deck">{text}</p>',
        "ingress": f'<p class="lede">{text}</p>',
        "h2": f"<h2>{text}</h2>",
        "caption": f"<figure><img alt='' src='/bild.jpg'><figcaption>{text}</figcaption></figure>",
        "pull": f"<p>{text}</p><blockquote>{text}</blockquote>",
        "list": f"<ul>{listed}</ul>",
        "numbered": f"<ol>{listed}</ol>",
        "toc": f'<nav class="jump"><ul>{listed}</ul></nav>',
        "box": f'<section class="kz-fact"><h2>{text}</h2>{paragraphs}</section>',
        "collapse": f"<details open><summary>{text}</summary>{paragraphs}</details>",
        "facts": f"<h2>{text}</h2><ul>{listed}</ul>" if text else f"<ul>{listed}</ul>",
    }.get(part.kind) or (f"<p>{text}</p>" if text else paragraphs)
