"""A sheet as a Sitevision page: portlets, node ids, munged classes and script data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from itertools import groupby

from tests.site.content import Part, swedish_date
from tests.site.plan import Item
from tests.site.prose import hexid, seeded

NAMES = {"bra": "Brottsförebyggande rådet", "skr": "SKR", "gr": "Göteborgsregionen"}
_MUNGED = {"h1": "sidrubrikxxh1x", "h2": "underrubrikxxh2x", "p": "normal"}


def page(item: Item, parts: Sequence[Part], *, token: str = "", script: str = "") -> str:
    """The whole page. ``token`` changes with every visit, as session marks in markup do."""
    main = _main(item, [part for part in parts if _inside(part)])
    top = "\n".join(_frame(part) for part in parts if part.kind in _ABOVE)
    crumbs = "\n".join(_frame(part) for part in parts if part.kind == "crumbs")
    below = "\n".join(_frame(part) for part in parts if part.kind in _BELOW)
    node = hexid(f"page {item.name}")
    return f"""<!DOCTYPE html>
<html lang="{item.language}" class="sv-no-js">
<head>
{head(item, parts)}
<meta name="generator" content="Sitevision 2024.09.1">
<link rel="stylesheet" href="/sitevision/system-resource/{hexid("css")}/css/portlets.css">
</head>
<body class="sv-responsive env-m-around--0" data-visit="{token}">
<div id="svid10_{hexid("top")}" class="sv-layout sv-template-layout">
{top}
</div>
<main id="svid10_{hexid("main")}" class="sv-row sv-layout sv-template-layout">
{crumbs}
<div id="svid94_{node}" class="pagecontent sv-layout">
{main}
</div>
</main>
<div id="svid10_{hexid("foot")}" class="sv-layout sv-template-layout">
{below}
</div>
{script}
<script>window.svVisit="{token}";AppRegistry.registerApp({{"applicationId":"{hexid("app")}"}});</script>
</body>
</html>
"""


_ABOVE = ("cookies", "menu", "crisis")
_BELOW = ("feedback", "widget", "footer")


def head(item: Item, parts: Sequence[Part]) -> str:
    """Title and metadata, as editors and templates make them: here some, there none."""
    ingress = next((part.text for part in parts if part.kind == "ingress"), "")
    lines = ['<meta charset="utf-8">', f"<title>{escape(item.title)} – {NAMES[item.site]}</title>"]
    if ingress and seeded("meta", item.name).random() < 0.6:
        lines.append(f'<meta name="description" content="{escape(ingress)}">')
        lines.append(f'<meta property="og:title" content="{escape(item.title)}">')
        lines.append(f'<meta property="og:description" content="{escape(ingress)}">')
    if item.date_by == "meta":
        lines.append(
            f'<meta property="article:published_time" content="{item.date}T08:00:00+01:00">'
        )
    if item.date_by == "json":
        data = {"@context": "https://schema.org", "@type": "Article", "headline": item.title,
                "datePublished": item.date}  # fmt: skip
        lines.append(f'<script type="application/ld+json">{json.dumps(data)}</script>')
    links = [part.text for part in parts if part.kind == "canonical"]
    lines += [f'<link rel="canonical" href="{url}">' for url in links]
    return "\n".join(lines)


def _inside(part: Part) -> bool:
    return part.kind not in ("canonical", *_ABOVE, "crumbs", *_BELOW)


def _frame(part: Part) -> str:
    """What the template puts around every page."""
    links = part.links or tuple("/" for _ in part.lines)
    pairs = zip(part.lines, links, strict=True)
    lines = "".join(f'<li><a href="{path}">{escape(line)}</a></li>' for line, path in pairs)
    spans = "".join(f"<p>{escape(line)}</p>" for line in part.lines)
    return {
        "cookies": f'<div class="env-cookie-banner sv-custom-module" role="dialog">{spans}</div>',
        "menu": f'<nav class="sv-topmenu-portlet sv-template-portlet"><ul>{lines}</ul></nav>',
        "crisis": f'<div class="sol-crisis sv-custom-module sv-sol-crisis">{spans}</div>',
        "crumbs": f'<div class="sv-breadcrumbs-portlet"><ul>{lines}</ul></div>',
        "feedback": f'<div class="sv-custom-module sv-lp-feedback"><form>{spans}'
        '<textarea name="comment"></textarea></form></div>',
        "widget": '<div class="sv-archive-portlet sv-portlet"><h2 class="subheading">'
        f'{part.text}</h2><ul class="sv-defaultlist">{lines}<li class="sv-channel-item">'
        '<time class="normal" datetime="2026-11-02">2 november 2026</time></li></ul></div>',
        "footer": f'<footer class="sv-template-portlet">{spans}</footer>',
    }[part.kind]


def _style(item: Item, tag: str) -> str:
    """Style classes are made by each site; on some they come munged."""
    if "munged" in item.traits:
        return _MUNGED.get(tag, "normal")
    if "fonts" in item.traits:
        return "sv-font-" + {"h1": "sidrubrik", "h2": "mellanrubrik", "p": "brodtext"}[tag]
    return {"h1": "heading", "h2": "subheading", "p": "normal"}[tag]


def _main(item: Item, parts: Sequence[Part]) -> str:
    """Text that follows on text stands in one portlet; everything else has its own."""
    made = []
    for own, group in groupby(parts, key=lambda part: part.kind in _OWN_PORTLET):
        run = list(group)
        inner = "\n".join(_inner(item, part) for part in run)
        made.append(inner if own else _text_portlet(item, run[0], inner))
    return "\n".join(made)


def _text_portlet(item: Item, first: Part, inner: str) -> str:
    """A portlet of text, with the empty anchor that carries the editor's name for it."""
    anchor = {"kicker": "Rubrik", "h1": "Rubrik", "ingress": "Ingress"}.get(first.kind, "Brodtext")
    node = hexid(f"{item.name} {first.kind} {first.text}")
    return (
        f'<div id="svid12_{node}" class="sv-text-portlet sv-use-margins sv-skip-spacer">'
        f'<div id="{anchor}"><!-- {anchor} --></div>'
        f'<div class="sv-text-portlet-content">\n{inner}\n</div></div>'
    )


_OWN_PORTLET = frozenset(
    {"toc", "caption", "related", "cards", "contact", "share", "shop", "sketch", "box"}
)


def _inner(item: Item, part: Part) -> str:
    text, p = escape(part.text), _style(item, "p")
    listed = "".join(f"<li>{escape(line)}</li>" for line in part.lines)
    lines = "".join(f'<p class="{p}">{escape(line)}</p>' for line in part.lines)
    h2 = f'<h2 id="h-{text.replace(" ", "")}" class="{_style(item, "h2")}">{text}</h2>'
    ingress = "ingress" if "fonts" not in item.traits else "sv-font-ingress"
    if part.kind in ("toc", "related", "cards", "contact", "caption", "time", "clock"):
        return _special(part, h2)
    return {
        "kicker": f'<p class="kicker">{text}</p>',
        "h1": f'<h1 id="h-{text.replace(" ", "")}" class="{_style(item, "h1")}">{text}</h1>',
        "subtitle": f'<p class="{p} undertitel">{text}</p>',
        "ingress": f'<p class="{ingress}">{text}</p>',
        "h2": h2,
        "p": f'<p class="{p}">{text}</p>',
        "stamp": f'<p class="{p} sv-page-date">{text}</p>',
        "quote": f'<p class="{p}">{text}</p>',
        # Printed in the text and again as a display quotation.
        "pull": f'<p class="{p}">{text}</p><blockquote class="citat"><p>{text}</p></blockquote>',
        "list": f'<ul class="{p}">{listed}</ul>',
        "numbered": f'<ol class="{p}">{listed}</ol>',
        "box": '<div class="sv-vertical sv-layout sv-skip-spacer sv-decoration-content">'
        f'<div class="sv-text-portlet"><div class="sv-text-portlet-content">{h2}{lines}</div>'
        "</div></div>",
        "collapse": f'<div class="env-collapse"><h3>{text}</h3>{lines}</div>',
        "facts": (h2 if text else "") + f'<ul class="{p}">{listed}</ul>',
        "template": lines,
        "empty": lines,
        "share": f'<div class="sv-custom-module sv-sol-share"><ul>{listed}</ul></div>',
        "shop": f'<div class="sv-custom-module sv-bra-shop">{lines}</div>',
        "sketch": f'<div class="sv-html-portlet">{lines}</div>',
    }[part.kind]


def _special(part: Part, h2: str) -> str:
    text = escape(part.text)
    if part.kind in ("time", "clock"):
        said = swedish_date(part.text)
        if part.kind == "clock":
            return f'<p><time class="normal" datetime="{part.text}">{said} 09:00</time></p>'
        return f'<time class="normal" datetime="{part.text}T23:59:00+02:00">{said}</time>'
    if part.kind == "caption":
        return (
            '<div class="sv-image-portlet sv-portlet"><img alt="" src="/images/18.0/bild.jpg">'
            f'<p class="bildtext">{text}</p></div><p class="bildtext">{text}</p>'
        )
    if part.kind == "toc":
        links = "".join(
            f'<li><a href="#h-{line.replace(" ", "")}">{escape(line)}</a></li>'
            for line in part.lines
        )
        return f'<div class="sv-toc-portlet"><ul>{links}</ul></div>'
    if part.kind == "contact":
        return _contact(part, h2)
    pairs = list(zip(part.lines, part.links, strict=True))
    if part.kind == "cards":
        cards = zip(part.marks, pairs, strict=True)
        made = "".join(
            f'<li><p class="card-kicker">{mark}</p><h3>{_link(*pair)}</h3></li>'
            for mark, pair in cards
        )
        return f'<div class="sv-custom-module sv-bra-cards"><ul>{made}</ul></div>'
    links = "".join(f"<li>{_link(title, url)}</li>" for title, url in pairs)
    return f'<div class="sv-related-portlet sv-portlet"><h2>Relaterat</h2><ul>{links}</ul></div>'


def _link(title: str, url: str) -> str:
    """A link with what Sitevision hangs on its text."""
    if url.endswith(".pdf"):
        return f'<a href="{escape(url)}">{escape(title)} <span>Pdf, 1.8 MB.</span></a>'
    if url.startswith("http"):
        return (
            f'<a href="{escape(url)}">{escape(title)}<span class="env-assistive-text"> Länk till '
            'annan webbplats, öppnas i nytt fönster.</span><img class="sv-linkicon" alt=""></a>'
        )
    return f'<a href="{escape(url)}">{escape(title)}</a>'


def _contact(part: Part, h2: str) -> str:
    name, role, phone, mail = part.lines
    if part.links == ("contact",):
        return (
            f'<div class="sv-contact2-portlet">{h2}<h3>{name}</h3><p class="role">{role}</p>'
            f'<a href="tel:{phone.replace(" ", "")}">{phone}</a>'
            f'<a href="mailto:{mail}">{mail}</a></div>'
        )
    return (
        f'<div class="contact" data-cid="{hexid(phone)}">{h2}<p class="contact-title">{name}</p>'
        f'<p class="contact-data">{role}<br>{phone}<br>{mail}</p></div>'
    )


def item_page(title: str, site: str, main: str, *, script: str = "", language: str = "sv") -> str:
    """A page that is no article: a list, a notice, a form. ``main`` is HTML."""
    return f"""<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8">
<title>{escape(title)} – {NAMES[site]}</title>
<meta name="generator" content="Sitevision 2024.09.1"></head>
<body class="sv-responsive"><main class="sv-layout sv-template-layout">
<div class="pagecontent sv-layout"><div class="sv-text-portlet sv-use-margins">
<div class="sv-text-portlet-content"><h1 class="heading">{escape(title)}</h1></div></div>
{main}
</div></main>{script}</body></html>
"""


def registered(portlet: str, data: object) -> str:
    """Script data as Sitevision's React apps ship it: a list without one anchor."""
    return (
        f"<script>AppRegistry.registerInitialState('12.{portlet}',"
        f"{json.dumps(data, ensure_ascii=False)});</script>"
    )
