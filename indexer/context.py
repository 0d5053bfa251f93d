"""Everything the indexer works with, opened from the settings; each part when first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType

from indexer.enrich.laws import Law, load_laws
from indexer.enrich.taxonomy import Taxonomy, load_taxonomy
from indexer.folder import FolderSource, path_key
from indexer.identity import source_of
from indexer.intake import Arrival, Intake, read_document, reading_fingerprint
from indexer.jobs import Jobs
from indexer.library import Library
from indexer.parse.raw import Limits, RawFile
from indexer.parse.sandbox import ParserProcess
from indexer.problems import Problems
from indexer.publish import Publisher
from indexer.sources import Source, load_sources
from search.document import Document
from search.errors import SettingsError
from search.index import Index
from search.settings import Settings
from search.swedish.lexicon import Lexicon

#: Where files come from unless somebody says otherwise.
OWN = "egna"


class Context:
    """The indexer's parts. Use it in a ``with`` block, which closes what was opened."""

    def __init__(self, settings: Settings) -> None:
        """Reads and checks the content that steers the indexer; raises SettingsError."""
        self.settings = settings
        self.sources: Mapping[str, Source] = load_sources(settings.corpus / "sources.toml")
        self.taxonomy: Taxonomy = load_taxonomy(settings.vocabulary / "taxonomy.toml")
        self.laws: Mapping[str, Law] = load_laws(settings.vocabulary / "laws.toml")
        self._opened = ExitStack()

    def __enter__(self) -> Context:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._opened.close()

    def source(self, name: str) -> Source:
        """A source by name. Raises SettingsError naming those there are."""
        if name not in self.sources:
            raise SettingsError(f"{name!r} is not a source; allowed are: {', '.join(self.sources)}")
        return self.sources[name]

    def source_for(self, name: str | None, url: str) -> Source:
        """The source of a file: the one named, else the one whose host ``url`` has, else own."""
        if name:
            return self.source(name)
        return (source_of(url, self.sources) if url else None) or self.source(OWN)

    def publisher_of(self, url: str) -> Source:
        """The source that publishes an address. Raises SettingsError when none does."""
        found = source_of(url, self.sources)
        if found is None:
            raise SettingsError(
                f"{url} is on no host of a source; corpus/sources.toml says which hosts are whose"
            )
        return found

    def parse_file(self, path: Path, name: str | None, url: str) -> Document:
        """What the parsers make of a file; nothing is stored. Raises ParseError."""
        source = self.source_for(name, url)
        raw = RawFile(path.read_bytes(), path.name, source.name, path_key(source.name, path), url)
        return read_document(Arrival(raw, str(path)), self.parser, source, self.taxonomy)

    @cached_property
    def library(self) -> Library:
        """The library, made when new."""
        settings = self.settings
        return self._opened.enter_context(Library(settings.library_path, settings.wait_seconds))

    @cached_property
    def index(self) -> Index:
        """The published generations."""
        settings = self.settings
        return Index(settings.index_path, Lexicon(settings.vocabulary, settings.dictionary_path))

    @cached_property
    def jobs(self) -> Jobs:
        """The queue."""
        return Jobs(self.library.engine)

    @cached_property
    def problems(self) -> Problems:
        """Files that cannot be read."""
        return Problems(self.library.engine)

    @cached_property
    def limits(self) -> Limits:
        """What one file may cost."""
        settings = self.settings
        return Limits(
            seconds=settings.parse_seconds,
            memory_mb=settings.parse_memory_mb,
            file_mb=settings.file_mb,
            html_mb=settings.html_mb,
            unpacked_mb=settings.unpacked_mb,
            pdf_pages=settings.pdf_pages,
        )

    @cached_property
    def parser(self) -> ParserProcess:
        """Parses in a process of its own, which starts with the first file."""
        sources_path = self.settings.corpus / "sources.toml"
        return self._opened.enter_context(ParserProcess(self.limits, sources_path))

    @cached_property
    def intake(self) -> Intake:
        """The door of the library."""
        return Intake(
            self.library,
            self.parser,
            self.sources,
            self.taxonomy,
            reading_fingerprint(self.settings.corpus),
        )

    @cached_property
    def folder_source(self) -> FolderSource:
        """Takes folders and files in."""
        return FolderSource(self.intake, self.settings.file_mb)

    @cached_property
    def publisher(self) -> Publisher:
        """Makes generations."""
        return Publisher(
            self.library,
            self.index,
            self.sources,
            self.taxonomy.labels(),
            keep=self.settings.generations,
            wait_seconds=self.settings.wait_seconds,
        )
