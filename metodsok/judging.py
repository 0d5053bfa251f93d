"""The commands that say what the ranking and the splitter are worth."""

from __future__ import annotations

from pathlib import Path

import click

import terminal
from metodsok.door import (
    as_json,
    cli,
    current_settings,
    existing_folder,
)


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
            current_settings(),
            folder,
            split=split,
            corpus=corpus,
            baseline=baseline,
            progress=progress,
        )
    terminal.evaluation(found, by, as_json)


@cli.command()
@click.argument("folder", type=existing_folder)
@as_json
def evaluate_compounds(folder: Path, as_json: bool) -> None:
    """Split the words of FOLDER (compounds.txt, nosplit.txt) and print how well it goes."""
    from indexer.judging import judge_compounds

    terminal.compounds(judge_compounds(current_settings(), folder), as_json)
