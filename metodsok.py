"""The front door: the ``metodsok`` command.

Each command reads settings, calls one thing in a room and hands the answer to ``terminal``. Rooms
are imported when a command needs them, so that ``--help`` is instant.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import terminal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from indexer.context import Context
    from search.searcher import Searcher
    from search.settings import Settings

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
existing = click.Path(exists=True, path_type=Path)
existing_folder = click.Path(exists=True, file_okay=False, path_type=Path)
child = click.option("--child", is_flag=True, hidden=True, help="Started by 'metodsok run'.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Search for crime-prevention knowledge in Swedish municipalities.

    All data lives under METODSOK_HOME (./var unless set).
    """


@cli.command()
@click.option("--smoke", is_flag=True, help="Search once over HTTP when the site is up, then stop.")
def run(smoke: bool) -> None:
    """Fill the library if it is empty, then serve site and worker."""
    from indexer.supervisor import first_answer, supervise

    settings = _settings()
    with _context(settings) as context:
        _fill(context)
    site = f"http://{settings.host}:{settings.port}"

    def ready() -> bool:
        terminal.say(f"Metodsök answers at {site}")
        if smoke:
            terminal.say(first_answer(site))
        return smoke

    supervise(("serve", "work"), f"{site}/halsa", ready)


@cli.command()
@child
def serve(child: bool) -> None:
    """Serve the site."""
    from indexer.supervisor import end_with_parent
    from webapp.server import serve as serve_site

    if child:
        end_with_parent()
    serve_site(_settings())


@cli.command()
@click.option("--until-idle", is_flag=True, help="End when no job waits.")
@child
def work(until_idle: bool, child: bool) -> None:
    """Do queued jobs, and look through added folders now and then."""
    import signal
    import threading

    from indexer.supervisor import end_with_parent
    from indexer.worker import work as work_on

    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stopping.set())
    if child:
        end_with_parent()
    with _context(_settings()) as context:
        work_on(context, stopping, until_idle=until_idle)


@cli.command()
@click.argument("paths", nargs=-1, required=True, type=existing)
@click.option("--source", "name", help="Where the files come from; 'egna' unless --url tells.")
@click.option("--url", default="", help="The address at which one file is published.")
@as_json
def add(paths: tuple[Path, ...], name: str | None, url: str, as_json: bool) -> None:
    """Take files and folders into the library and the index."""
    with _context(_settings()) as context:
        arguments = {
            "paths": [str(path.resolve()) for path in paths],
            "source": context.source_for(name, url).name,
            "url": url,
        }
        done = _run_here(context, "add", arguments, "Reading")
    terminal.receipts(done, as_json)
    if done.took_nothing:
        sys.exit(1)


@cli.command()
@click.option("--full", is_flag=True, help="Build from nothing instead of adding what changed.")
@as_json
def index(full: bool, as_json: bool) -> None:
    """Bring the index up to what the library holds."""
    with _context(_settings()) as context:
        done = _run_here(context, "publish", {"full": full}, "Indexing")
    terminal.published(done, as_json)


@cli.command()
@click.argument("question")
@click.option("--source", multiple=True, help="Only this source (may be repeated).")
@click.option("--type", "type_", multiple=True, help="Only this type of document.")
@click.option("--topic", multiple=True, help="Only this topic.")
@click.option("--audience", multiple=True, help="Only for this audience.")
@click.option("--arena", multiple=True, help="Only this arena.")
@click.option("--level", multiple=True, help="Only this level of prevention.")
@click.option("--actor", multiple=True, help="Only this actor.")
@click.option("--year", multiple=True, help="Only this year.")
@click.option("--limit", default=10, type=click.IntRange(1, 100), help="How many hits to show.")
@click.option("--exact", is_flag=True, help="Take the words as typed: repair and widen nothing.")
@click.option("--explain", is_flag=True, help="Show why each hit is one, and its points.")
@as_json
def search(
    question: str, limit: int, exact: bool, explain: bool, as_json: bool, **filters: Any
) -> None:
    """Answer QUESTION from the index."""
    from search.query import read_query

    searcher = _searcher(_settings())
    chosen = {facet.rstrip("_"): tuple(values) for facet, values in filters.items() if values}
    terminal.check_filters(chosen, searcher.labels)
    query = read_query(question, filters=chosen, page_size=limit, exact=exact, explain=explain)
    terminal.results(searcher.search(query), searcher.labels, as_json)


@cli.command()
@click.argument("key")
@as_json
def show(key: str, as_json: bool) -> None:
    """Show the document KEY as the library holds it."""
    from search.errors import LibraryError

    with _context(_settings()) as context:
        version = context.library.version(key)
        if version is None:
            raise LibraryError(f"there is no document {key!r}; 'metodsok search' shows keys")
        terminal.document(version.document, as_json)


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", "name", help="Read it as a page of this source.")
@click.option("--url", default="", help="The address at which it is published.")
@as_json
def parse(file: Path, name: str | None, url: str, as_json: bool) -> None:
    """Show what the parsers make of FILE; nothing is stored."""
    with _context(_settings()) as context:
        terminal.document(context.parse_file(file, name, url), as_json)


@cli.command()
@as_json
def status(as_json: bool) -> None:
    """Say what the library and the index hold, and what could not be read."""
    from indexer.status import read_status

    with _context(_settings()) as context:
        terminal.status(read_status(context), as_json)


@cli.command()
@as_json
def verify(as_json: bool) -> None:
    """Check that library and index agree; exit 1 and list where they do not."""
    from indexer.verify import verify as verify_all

    with _context(_settings()) as context:
        verdict = verify_all(context.library, context.index)
    terminal.verdict(verdict, as_json)
    if not verdict.agrees:
        sys.exit(1)


@cli.command()
@as_json
def rollback(as_json: bool) -> None:
    """Serve the generation before this one again, until something changes."""
    with _context(_settings()) as context:
        generation = context.publisher.rollback()
    terminal.rolled_back(generation, as_json)


@cli.command()
@click.argument("key")
@click.option("--why", required=True, help="Shown, in Swedish, to whoever tries to add it again.")
@as_json
def forget(key: str, why: str, as_json: bool) -> None:
    """Erase the document KEY, so that no byte of it is left and it does not come back."""
    from indexer.forgetting import forget as forget_all

    with _context(_settings()) as context, terminal.progress("Forgetting") as progress:
        forgotten = forget_all(context, key, why, progress)
    terminal.forgotten(key, forgotten, as_json)


@cli.command()
@click.argument("folder", type=existing_folder)
@click.option("--by", multiple=True, help="Only this metadata key of the queries, as persona.")
@click.option("--split", default="", help="Only this split, as dev to tune on; else all there are.")
@click.option("--corpus", type=existing_folder, help="Take corpus.jsonl from this folder instead.")
@click.option("--baseline", type=click.Choice(["snowball"]), help="Hold it against this ranking.")
@as_json
def evaluate(
    folder: Path,
    by: tuple[str, ...],
    split: str,
    corpus: Path | None,
    baseline: str | None,
    as_json: bool,
) -> None:
    """Ask the judged queries of FOLDER (BEIR layout) and print what the ranking is worth.

    The documents are those of its corpus.jsonl, or the bundled ones where it has none.
    """
    from indexer.judging import judge

    with terminal.progress("Judging") as progress:
        found = judge(
            _settings(), folder, split=split, corpus=corpus, baseline=baseline, progress=progress
        )
    terminal.evaluation(found, by, as_json)


@cli.command()
@click.argument("folder", type=existing_folder)
@as_json
def evaluate_compounds(folder: Path, as_json: bool) -> None:
    """Split the words of FOLDER (compounds.txt, nosplit.txt) and print how well it goes."""
    from indexer.judging import judge_compounds

    terminal.compounds(judge_compounds(_settings(), folder), as_json)


@cli.command()
@click.argument("action", type=click.Choice(["on", "off"]), required=False)
@click.argument("name", required=False)
@as_json
def sources(action: str | None, name: str | None, as_json: bool) -> None:
    """List the sources, or show (on) or hide (off) the documents of one."""
    from indexer.status import read_status

    with _context(_settings()) as context:
        if action:
            context.library.switch(context.source(name or "").name, action == "on")
            _run_here(context, "publish", {}, "Indexing")
        terminal.sources(read_status(context).sources, as_json)


@cli.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@as_json
def export_(file: Path, as_json: bool) -> None:
    """Write the library with every decision to FILE."""
    from indexer.archive import export_library

    with _context(_settings()) as context:
        terminal.archived("Exported", export_library(context.library, file), as_json)


@cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def import_(file: Path, as_json: bool) -> None:
    """Fill an empty library from FILE, trusting nothing in it, and build the index."""
    from indexer.archive import import_library

    with _context(_settings()) as context:
        summary = import_library(context.library, file)
        _run_here(context, "publish", {}, "Indexing")
        terminal.archived("Imported", summary, as_json)


def main() -> None:
    """Run the command; an error of ours is one line and exit code 1."""
    from search.errors import MetodsokError

    terminal.be_readable()
    try:
        cli(prog_name="metodsok")
    except MetodsokError as error:
        terminal.complain(error)
        sys.exit(1)


def _settings() -> Settings:
    from search.settings import read_settings

    return read_settings()


@contextmanager
def _context(settings: Settings) -> Iterator[Context]:
    from indexer.context import Context

    with Context(settings) as context:
        yield context


def _searcher(settings: Settings) -> Searcher:
    from search.searcher import Searcher

    return Searcher(settings.index_path, settings.vocabulary)


def _fill(context: Context) -> None:
    """Take the bundled collection in unless it is switched off, and publish what waits."""
    from indexer.folder import EXAMPLES
    from indexer.tasks import examples

    if EXAMPLES in context.library.hidden_sources():
        done = _run_here(context, "scan", {}, "Reading")
    else:
        done = _run_here(context, "add", examples(context), "Reading")
    if done.published:
        terminal.published(done, as_json=False)


def _run_here(context: Context, kind: str, arguments: Mapping[str, Any], label: str) -> Any:
    """Do a job in this process, with a progress bar, as a row like any other job."""
    from indexer.jobs import worker_name
    from indexer.tasks import run as run_job

    job = context.jobs.add(kind, arguments, worker=worker_name())
    with terminal.progress(label) as progress:
        return run_job(context, job, progress)


if __name__ == "__main__":
    main()
