"""The bundled collection: what the manuscripts build to, and what is refused."""

from __future__ import annotations

import io
import re
import shutil
import tomllib
import zipfile
from pathlib import Path

import mammoth
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from bs4 import BeautifulSoup

from tools.build_corpus import CORPUS, MANIFEST, BuiltFile, build
from tools.corpus.facts import FactsError, read_facts
from tools.corpus.html_shapes import choose_variant
from tools.corpus.hyphens import soften
from tools.corpus.manuscripts import NOTICE, ManuscriptError, read_manuscript
from tools.corpus.pdf_chromium import source_of
from tools.corpus.sources import FACTS_HEADING, NO_FACTS

MANUSCRIPTS = CORPUS / "manuscripts"
DOCUMENTS = CORPUS / "documents"
FACT_ROWS = read_facts(CORPUS / "facts.toml")

HEAD = {
    "n": "7",
    "slug": '"nattvandring"',
    "shape": '"gr"',
    "kind": '"metod"',
    "form": '"html"',
    "title": '"Nattvandring & <annat>"',
    "kicker": '"Metod"',
    "subtitle": '""',
    "lead": '"Vuxna går ute på kvällar där unga samlas."',
    "facts": '["nattvandring-namn", "lag-4"]',
}
FACTS = """
[[fact]]
id = "nattvandring-namn"
about = ["54"]
text = "Vuxna går ute på kvällar."
mark = "D"
source = "https://example.org/"
cited = "Nattvandrarna: om oss"
exact = false
checked = "2026-11"

[[fact]]
id = "lag-4"
about = ["law:2023:196"]
text = "Kommuner ska ta fram en lägesbild (4 §)."
mark = "V"
source = "https://example.org/2023/196"
cited = "Lag (2023:196) om ansvar, 4 §"
exact = true
checked = "2025-06"
"""
BODY = """Första **viktiga** stycket med [en länk](https://example.org/a),
som fortsätter här.

## Så går det till

- planera
- gå

### Efteråt

| Vem | Gör vad |
|---|---|
| Skolan | Ringer |

## Vad man vet

Effekten är inte känd.

## Stöd

1. fråga
2. följ upp
"""


def write(folder: Path, body: str = BODY, name: str = "", **changes: str | None) -> Path:
    """A manuscript with some fields changed, or left out where the change is None."""
    fields = {key: value for key, value in (HEAD | changes).items() if value is not None}
    head = "\n".join(f"{key} = {value}" for key, value in fields.items())
    number = int(fields.get("n", "7")) if fields.get("n", "7").isdigit() else 7
    path = folder / (name or f"{number:02d}-{fields.get('slug', '').strip(chr(34))}.md")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"+++\n{head}\n+++\n{body}", encoding="utf-8")
    return path


def built(tmp_path: Path, body: str = BODY, **changes: str) -> BuiltFile:
    """The one document that one manuscript becomes."""
    write(tmp_path / "manuscripts", body, **changes)
    return build_in(tmp_path)[0]


def build_in(folder: Path) -> tuple[BuiltFile, ...]:
    """The manuscripts of a folder, built with the two rows of FACTS."""
    facts = folder / "facts.toml"
    facts.write_text(FACTS, encoding="utf-8")
    return build(folder / "manuscripts", folder / "documents", facts)


def pdf_text(data: bytes) -> str:
    pdf = pypdfium2.PdfDocument(data)
    try:
        pages = [page.get_textpage().get_text_bounded() for page in pdf]
    finally:
        pdf.close()
    return " ".join("\n".join(pages).split())


def shown_text(file: BuiltFile) -> str:
    """What a reader of the file sees, on single spaces."""
    if file.path.endswith(".pdf"):
        return pdf_text(file.data)
    if file.path.endswith(".docx"):
        html = mammoth.convert_to_html(io.BytesIO(file.data)).value
    else:
        html = file.data.decode()
    return " ".join(BeautifulSoup(html, "lxml").get_text(" ").split())


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> tuple[BuiltFile, ...]:
    return build(MANUSCRIPTS, tmp_path_factory.mktemp("collection"), CORPUS / "facts.toml")


def documents(collection: tuple[BuiltFile, ...], ending: str = "") -> list[BuiltFile]:
    return [file for file in collection if file.path != MANIFEST and file.path.endswith(ending)]


def producer_of(file: BuiltFile) -> str:
    """What the manuscript behind a file of the collection asks to be printed by."""
    (path,) = MANUSCRIPTS.glob(f"{Path(file.path).stem}.md")
    return read_manuscript(path, FACT_ROWS).producer


def readable(collection: tuple[BuiltFile, ...], ending: str = "") -> list[BuiltFile]:
    """Every document that has text; a scan is but pictures of it."""
    return [file for file in documents(collection, ending) if producer_of(file) != "scan"]


def test_the_committed_files_are_what_the_manuscripts_build_to(
    collection: tuple[BuiltFile, ...],
) -> None:
    committed = {
        path.relative_to(DOCUMENTS).as_posix(): path
        for path in DOCUMENTS.rglob("*")
        if path.is_file()
    }
    assert sorted(committed) == sorted(file.path for file in collection)
    changed = [file.path for file in collection if committed[file.path].read_bytes() != file.data]
    assert not changed, f"run `make corpus`: {changed}"


def test_every_document_says_that_it_is_an_example_and_where_its_facts_are_from(
    collection: tuple[BuiltFile, ...],
) -> None:
    assert readable(collection)
    for file in readable(collection):
        text = shown_text(file)
        assert NOTICE in text, file.path
        assert FACTS_HEADING in text, file.path


def test_the_manifest_lists_every_file_with_its_notice_and_facts(
    collection: tuple[BuiltFile, ...],
) -> None:
    manifest = tomllib.loads(collection[-1].data.decode())["document"]
    assert [entry["file"] for entry in manifest] == [file.path for file in documents(collection)]
    assert len({entry["n"] for entry in manifest}) == len(manifest)
    for entry, file in zip(manifest, documents(collection), strict=True):
        printed = {"producer", "source"} if producer_of(file) == "chromium" else set[str]()
        assert set(entry) == {"n", "file", "shape", "kind", "title", "notice", "facts"} | printed
        assert entry["notice"] == NOTICE
        scan = producer_of(file) == "scan"
        assert entry["facts"] or scan or NO_FACTS in shown_text(file), file.path
        assert entry["title"]
        addresses = [address for fact in entry["facts"] for address in re.findall("<(.+)>", fact)]
        assert len(addresses) == len(set(addresses)), file.path
        assert not [fact for fact in entry["facts"] if fact.startswith("http")], file.path


def test_the_collection_stays_small(collection: tuple[BuiltFile, ...]) -> None:
    assert sum(len(file.data) for file in collection) < 3_000_000


def test_no_page_claims_an_address_on_a_real_site(collection: tuple[BuiltFile, ...]) -> None:
    for file in documents(collection, ".html"):
        page = BeautifulSoup(file.data.decode(), "lxml")
        assert not page.select("link[rel=canonical], meta[property='og:url'], base"), file.path


def beside_notice(page: pypdfium2.PdfPage) -> list[str]:
    """The words before and after the notice at the foot of a page."""
    text = " ".join(page.get_textpage().get_text_bounded().split())
    return re.findall(rf"{NOTICE} (\S+)", text) + re.findall(rf"(\S+) {NOTICE}", text)


def test_printed_page_numbers_differ_from_physical_ones(collection: tuple[BuiltFile, ...]) -> None:
    for file in readable(collection, ".pdf"):
        pdf = pypdfium2.PdfDocument(file.data)
        labels = [pdf.get_page_label(i) for i in range(len(pdf))]
        if producer_of(file) == "chromium":
            # It prints numbers, and writes no labels.
            assert set(labels) == {""}
            labels = ["i", *(beside_notice(pdf[i])[0] for i in range(1, len(pdf)))]
        first = labels.index("1")
        assert first >= 2
        assert labels[:3] == ["i", "ii", "iii"]
        assert labels[first:] == [str(n + 1) for n in range(len(labels) - first)]
        for i in range(1, len(pdf)):
            lines = pdf[i].get_textpage().get_text_bounded().splitlines()
            shown = (lines[0], lines[-1], *beside_notice(pdf[i]))
            assert labels[i] in shown, f"page {i + 1} prints another number"
        pdf.close()


def test_the_report_has_an_outline_of_chapters_and_sections(
    collection: tuple[BuiltFile, ...],
) -> None:
    for file in readable(collection, ".pdf"):
        pdf = pypdfium2.PdfDocument(file.data)
        levels = {entry.level for entry in pdf.get_toc()}
        # A page that is printed has its title above its chapters, and says nothing of its subject.
        chromium = producer_of(file) == "chromium"
        assert levels == ({0, 1, 2} if chromium else {0, 1})
        assert 8 <= len(pdf) <= 16
        assert pdf.get_metadata_dict()["Subject"] == ("" if chromium else NOTICE)
        pdf.close()


def test_a_scan_is_pictures_without_text_or_outline(collection: tuple[BuiltFile, ...]) -> None:
    (scan,) = (file for file in documents(collection, ".pdf") if producer_of(file) == "scan")
    pdf = pypdfium2.PdfDocument(scan.data)
    assert 8 <= len(pdf) <= 16
    assert not list(pdf.get_toc())
    assert pdf.get_metadata_dict()["Subject"] == NOTICE
    for page in pdf:
        assert page.get_textpage().get_text_bounded() == ""
        assert [thing.type for thing in page.get_objects()] == [pdfium.FPDF_PAGEOBJ_IMAGE]
    pdf.close()
    assert len(scan.data) < 1_000_000


def test_swedish_letters_and_hyphens_survive_in_the_report(tmp_path: Path) -> None:
    long = "Åtgärderna, överenskommelserna och trygghetsmätningarna följs upp ännu en gång. "
    body = "".join(f"## Del {c}\n\n{long * 8}\n\n### Avsnitt\n\n{long}\n" for c in "ABC")
    file = built(tmp_path, body=body, form='"pdf"', shape='"bra"', kind='"rapport"')
    text = pdf_text(file.data)
    assert "Åtgärderna, överenskommelserna" in text
    # pypdfium2 gives a hyphen that breaks a word at the end of a line as U+0002.
    broken = [word for word in text.split() if "\x02" in word]
    assert broken
    assert all(word.replace("\x02", "") in long.split() for word in broken)


def test_two_columns_stand_beside_each_other(tmp_path: Path) -> None:
    long = "Kommunen och polisen ser på samma karta och väljer en plats i taget. "
    body = "".join(f"## Del {c}\n\n{long * 8}\n\n{long * 8}\n" for c in "ABC")
    file = built(tmp_path, body=body, form='"pdf"', shape='"bra"', kind='"rapport"')
    pdf = pypdfium2.PdfDocument(file.data)
    lefts = []
    for i in range(len(pdf)):
        page = pdf[i].get_textpage()
        lefts.append([round(page.get_rect(r)[0]) for r in range(page.count_rects())])
    middle = pdf[0].get_width() / 2
    pdf.close()
    right_columns = [sum(middle < left < middle + 20 for left in page) for page in lefts]
    assert [lines > 5 for lines in right_columns].count(True) == 1


def test_words_break_between_consonants() -> None:
    assert soften("brottsförebyggande i kommunen") == "brotts\u00adförebyg\u00adgande i kommunen"


def test_the_word_file_has_headings_a_table_and_no_time_of_day(tmp_path: Path) -> None:
    file = built(tmp_path, form='"docx"', shape='""', kind='"mall"')
    html = mammoth.convert_to_html(io.BytesIO(file.data)).value
    page = BeautifulSoup(html, "lxml")
    assert [h.get_text() for h in page.select("h1, h2")] == [
        "Så går det till",
        "Efteråt",
        "Vad man vet",
        "Stöd",
        FACTS_HEADING,
    ]
    assert page.select_one("table") and page.select_one("ul li") and page.select_one("ol li")
    assert page.select_one("a[href='https://example.org/a']")
    with zipfile.ZipFile(io.BytesIO(file.data)) as container:
        assert {info.date_time for info in container.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        properties = container.read("docProps/core.xml").decode()
    assert "Nattvandring &amp; &lt;annat&gt;" in properties
    assert NOTICE in properties


@pytest.mark.parametrize(
    ("shape", "kind", "name"),
    [
        ("bra", "rapport", "bra-report"),
        ("bra", "metod", "bra-report"),
        ("bra", "metod", "bra-method"),
        ("bra", "tema", "bra-topic"),
        ("skr", "metod", "skr-page"),
        ("skr", "lag", "skr-page-fonts"),
        ("gr", "nyhet", "gr-news"),
        ("gr", "metod", "gr-knowledge"),
    ],
)
def test_every_kind_of_page_is_reached_by_some_number(shape: str, kind: str, name: str) -> None:
    assert name in {choose_variant(shape, kind, n).name for n in range(1, 7)}


def test_the_list_of_sources_links_to_pages_and_says_where_to_look_for_others(
    tmp_path: Path,
) -> None:
    for form in ("html", "docx"):
        file = built(tmp_path / form, form=f'"{form}"', shape='"bra"')
        text = shown_text(file)
        assert "Nattvandrarna: om oss (sök på example.org)" in text
        assert "Lag (2023:196) om ansvar" in text
    pdf = built(tmp_path / "pdf", form='"pdf"', shape='"bra"', kind='"rapport"')
    assert "Lag (2023:196) om ansvar" in pdf_text(pdf.data)
    assert "Kontrollerad mot lagtexten i juni 2025. Kontrollera gällande" in pdf_text(pdf.data)
    assert b"https://example.org/2023/196" in pdf.data
    manifest = tomllib.loads((tmp_path / "html" / "documents" / MANIFEST).read_text("utf-8"))
    assert manifest["document"][0]["facts"] == [
        "Nattvandrarna: om oss (sök på example.org)",
        "Lag (2023:196) om ansvar <https://example.org/2023/196>",
    ]


@pytest.mark.parametrize("form", ["html", "pdf", "docx"])
def test_a_text_without_claims_says_that_it_has_no_sources(tmp_path: Path, form: str) -> None:
    file = built(tmp_path, form=f'"{form}"', shape='"bra"', kind='"rapport"', facts="[]")
    assert NO_FACTS in shown_text(file)
    assert "Kontrollerad mot" not in shown_text(file)


def test_rows_that_break_their_format_stop_the_build(tmp_path: Path) -> None:
    write(tmp_path / "manuscripts")
    (tmp_path / "facts.toml").write_text("[[fact]]\n", encoding="utf-8")
    with pytest.raises(FactsError):
        build(tmp_path / "manuscripts", tmp_path / "documents", tmp_path / "facts.toml")
    assert not (tmp_path / "documents").exists()


@pytest.mark.parametrize("shape", ["bra", "skr", "gr"])
@pytest.mark.parametrize("kind", ["metod", "lag", "tema", "nyhet", "rapport", "mall"])
@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_page_keeps_its_text_inside_the_editors_area(
    tmp_path: Path, shape: str, kind: str, n: int
) -> None:
    file = built(tmp_path, shape=f'"{shape}"', kind=f'"{kind}"', n=str(n))
    page = BeautifulSoup(file.data.decode(), "lxml")
    portlets = page.select("main .pagecontent .sv-text-portlet-content")
    text = " ".join(" ".join(part.get_text(" ") for part in portlets).split())
    assert [h1.get_text() for h1 in page.select("h1")] == ["Nattvandring & <annat>"]
    assert NOTICE in text
    assert "Kontrollerad mot lagtexten i juni 2025. Kontrollera gällande lydelse" in text
    for words in ("Vuxna går ute", "viktiga", "Efteråt", "Ringer", "följ upp", "Lag (2023:196)"):
        assert words in text
    assert page.select_one("meta[name=generator][content^=Sitevision]")
    assert "AppRegistry.registerInitialState(" in file.data.decode()
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("form", "producer"),
    [("html", ""), ("docx", ""), ("pdf", "reportlab"), ("pdf", "typst"), ("pdf", "scan")],
)
def test_the_same_manuscript_gives_the_same_bytes(tmp_path: Path, form: str, producer: str) -> None:
    changes = {"form": f'"{form}"', "shape": '"bra"', "kind": '"rapport"'}
    changes["producer"] = f'"{producer}"'
    assert built(tmp_path / "a", **changes).data == built(tmp_path / "b", **changes).data


@pytest.mark.parametrize("producer", ["reportlab", "typst", "scan"])
def test_the_environment_leaves_no_trace_in_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, producer: str
) -> None:
    changes = {"form": '"pdf"', "shape": '"bra"', "kind": '"rapport"', "producer": f'"{producer}"'}
    before = built(tmp_path / "a", **changes).data
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert built(tmp_path / "b", **changes).data == before


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("title", {"title": None}),
        ("title", {"title": '""'}),
        ("title", {"title": "4"}),
        ("n", {"n": '"sju"'}),
        ("n", {"n": "0", "name": "00-nattvandring.md"}),
        ("slug", {"slug": '"Natt vandring"'}),
        ("slug", {"name": "08-nattvandring.md"}),
        ("shape", {"shape": '"lst"'}),
        ("shape", {"shape": '""'}),
        ("kind", {"kind": '"metoder"'}),
        ("form", {"form": '"odt"'}),
        ("producer", {"form": '"pdf"', "producer": '"word"'}),
        ("producer", {"form": '"pdf"', "producer": "4"}),
        ("producer", {"form": '"html"', "producer": '"typst"'}),
        ("facts", {"facts": '["no-such-row"]'}),
        ("facts", {"facts": '["lag-4", "lag-4"]'}),
        ("facts", {"facts": "[4]"}),
        ("facts", {"facts": '"lag-4"'}),
        ("facts", {"facts": "[]", "lead": '"I 12 av 17 studier blev det bättre."'}),
        ("facts", {"facts": '["nattvandring-namn"]', "kind": '"lag"'}),
        ("checked", {"checked": '"2025-06"'}),
        ("colour", {"colour": '"red"'}),
        ("head", {"title": '"utan slut'}),
        ("body", {"body": ""}),
        ("body", {"body": "# För stor rubrik\n"}),
        ("body", {"body": "- a\n  - b\n"}),
        ("body", {"body": "Text.\n\n> Citat.\n"}),
        ("body", {"body": "[hit](annan-sida)\n"}),
        ("body", {"body": "Text <b>med</b> html.\n"}),
        ("body", {"form": '"pdf"', "body": "## Enda\n\nText.\n"}),
        ("body", {"form": '"pdf"', "body": "## A\n\n→\n\n## B\n\nText.\n\n## C\n\nText.\n"}),
    ],
)
def test_a_malformed_manuscript_is_refused_by_file_and_field(
    tmp_path: Path, field: str, changes: dict[str, str | None]
) -> None:
    path = write(tmp_path / "manuscripts", **changes)  # type: ignore[arg-type]
    with pytest.raises(ManuscriptError) as refusal:
        build_in(tmp_path)
    assert str(refusal.value).startswith(f"{path}: {field}: ")
    assert not (tmp_path / "documents").exists()


def test_a_manuscript_without_a_head_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "07-x.md"
    path.write_text("Bara text.\n", encoding="utf-8")
    with pytest.raises(ManuscriptError, match="head"):
        read_manuscript(path, ())


def test_a_number_used_twice_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "manuscripts")
    write(tmp_path / "manuscripts", slug='"annan"')
    with pytest.raises(ManuscriptError, match="07-annan"):
        build_in(tmp_path)


def test_a_document_whose_manuscript_is_gone_is_removed(tmp_path: Path) -> None:
    file = built(tmp_path)
    (tmp_path / "manuscripts" / "07-nattvandring.md").unlink()
    build_in(tmp_path)
    assert not (tmp_path / "documents" / file.path).exists()


#: Signs that typst, a style sheet or a browser would take for its own.
SIGNS = r"Priset är 5 $ per #blad; a@b, &amp; och 'citat' eller {% raw %} #[x] = ~y \\ z."


def test_no_sign_in_a_text_is_taken_for_markup(tmp_path: Path) -> None:
    body = BODY.replace("Effekten är inte känd.", SIGNS).replace("Vad man vet", "#let x = `1` { }")
    for producer in ("reportlab", "typst"):
        text = pdf_text(printed(tmp_path / producer, producer, body.replace("`", "")).data)
        assert SIGNS.replace("&amp;", "&").replace(r"\\", "\\") in text
        assert "#let x = 1 { }" in text
        assert "Nattvandring & <annat>" in text


def test_typst_hyphenates_and_keeps_soft_hyphens_for_a_parser(tmp_path: Path) -> None:
    long = "Trygghetsmätningarna och överenskommelserna följs upp av förvaltningen varje år. "
    body = "".join(f"## Del {c}\n\n{long * 8}\n\n### Avsnitt\n\n{long * 8}\n" for c in "ABC")
    text = pdf_text(printed(tmp_path, "typst", body).data)
    assert "\x02" in text
    assert "\u00ad" in text


def printed(folder: Path, producer: str, body: str = BODY) -> BuiltFile:
    """A short report by one of the producers."""
    changes = {"form": '"pdf"', "shape": '"bra"', "kind": '"rapport"'}
    return built(folder, body=body, producer=f'"{producer}"', **changes)


def test_what_chromium_printed_is_kept_while_its_manuscript_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.corpus.pdf_chromium.shutil.which", lambda name: None)
    changes = {"form": '"pdf"', "kind": '"rapport"', "producer": '"chromium"'}
    path = write(tmp_path / "manuscripts", **changes)
    (tmp_path / "facts.toml").write_text(FACTS, encoding="utf-8")
    manuscript = read_manuscript(path, read_facts(tmp_path / "facts.toml"))
    documents = tmp_path / "documents"
    (documents / "gr").mkdir(parents=True)
    (documents / "gr" / "07-nattvandring.pdf").write_bytes(b"printed long ago")
    (documents / MANIFEST).write_text(
        f"""[[document]]
file = "gr/07-nattvandring.pdf"
producer = "chromium 1.2.3"
source = "{source_of(manuscript)}"
""",
        encoding="utf-8",
    )

    def again() -> tuple[BuiltFile, ...]:
        facts = tmp_path / "facts.toml"
        return build(tmp_path / "manuscripts", documents, facts, kept=documents)

    assert again()[0].data == b"printed long ago"
    (entry,) = tomllib.loads((documents / MANIFEST).read_text("utf-8"))["document"]
    assert entry["producer"] == "chromium 1.2.3"
    before = (documents / MANIFEST).read_bytes()
    write(tmp_path / "manuscripts", **changes, title='"Nattvandring på nytt"')
    with pytest.raises(
        ManuscriptError, match=r"producer: Chromium .* apt install chromium"
    ) as said:
        again()
    assert ": producer: Chromium" in str(said.value)
    assert "\n" not in str(said.value)
    assert (documents / MANIFEST).read_bytes() == before
    assert (documents / "gr" / "07-nattvandring.pdf").read_bytes() == b"printed long ago"


@pytest.mark.browser
@pytest.mark.skipif(
    not (shutil.which("chromium") or shutil.which("chromium-browser")),
    reason="Chromium is not installed: apt install chromium",
)
def test_the_same_chromium_prints_the_same_bytes(tmp_path: Path) -> None:
    once, twice = (printed(tmp_path / folder, "chromium") for folder in "ab")
    assert once.data == twice.data
    assert once.made and once.made.producer.startswith("chromium ")
    text = pdf_text(once.data)
    assert "Nattvandring & <annat>" in text
    assert "Innehåll Sammanfattning iv Så går det till 1 Efteråt 1" in text
    pdf = pypdfium2.PdfDocument(once.data)
    assert pdf.get_metadata_dict()["CreationDate"].startswith("D:20261124000000")
    assert [entry.get_title() for entry in pdf.get_toc()][:3] == [
        "Nattvandring & <annat>",
        "Sammanfattning",
        "Så går det till",
    ]
    pdf.close()
