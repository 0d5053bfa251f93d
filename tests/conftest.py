"""What tests share: small documents, an index to publish them in, the bundled collection as it is
served, a live site, and a browser.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from waitress import wasyncore  # type: ignore[import-untyped]

from indexer.context import Context
from indexer.tasks import examples, run
from search.document import Block, Document, Section
from search.index import Index
from search.searcher import Searcher
from search.settings import Settings
from webapp.server import listen

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent

# Laws are tested here, not speed: a busy machine must not break one.
hypothesis.settings.register_profile("metodsok", deadline=None)
hypothesis.settings.load_profile("metodsok")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def vocabulary() -> Path:
    return ROOT / "corpus" / "vocabulary"


def make_document(key: str, title: str = "Titel", *texts: str, **fields: object) -> Document:
    """A document with one section of paragraphs."""
    values: dict[str, object] = {
        "key": key,
        "source": key.partition(":")[0],
        "title": title,
        "sections": (Section((), 0, tuple(Block(text) for text in texts)),),
    }
    return Document(**{**values, **fields})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def document() -> Callable[..., Document]:
    return make_document


@pytest.fixture
def publish(tmp_path: Path) -> Callable[..., Index]:
    """Publish documents as the next generation of an index in a temporary folder."""
    index = Index(tmp_path / "index")

    def put(documents: Sequence[Document], removed: Sequence[str] = (), **options: bool) -> Index:
        revision = (index.current().revision if index.current() else 0) + 1  # type: ignore[union-attr]
        labels = {"source": {"gr": "GR", "bra": "Brå"}}
        with (
            index.locked(5),
            index.batch(revision=revision, labels=labels, keep=3, **options) as batch,
        ):
            for key in removed:
                batch.remove(key)
            for item in documents:
                batch.put(
                    item, fingerprint=item.title, source_label=labels["source"].get(item.source, "")
                )
        return index

    return put


@pytest.fixture
def searcher(publish: Callable[..., Index], vocabulary: Path) -> Callable[..., Searcher]:
    """Publish documents and search them."""

    def make(*documents: Document) -> Searcher:
        return Searcher(publish(documents).path, vocabulary)

    return make


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with the bundled collection, taken in and published. For reading only."""
    settings = Settings(home=tmp_path_factory.mktemp("bundled"))
    with Context(settings) as context:
        run(context, context.jobs.add("add", examples(context), worker="tests"))
    return settings


@pytest.fixture
def own_copy(bundled: Settings, tmp_path: Path) -> Settings:
    """A home of one's own with the bundled collection, to change at will."""
    shutil.copytree(bundled.home, tmp_path / "var")
    return Settings(home=tmp_path / "var", port=0, web_threads=2)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An empty home, and any free port."""
    return Settings(home=tmp_path / "var", port=0, web_threads=2)


@pytest.fixture(scope="session")
def live() -> Callable[[Flask], AbstractContextManager[str]]:
    """Serve an app on a loopback port for as long as the block lasts; gives its address."""

    @contextmanager
    def serving(app: Flask) -> Iterator[str]:
        server = listen(app, Settings(port=0, web_threads=2))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        try:
            yield f"http://{server.effective_host}:{server.effective_port}"
        finally:
            server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
            thread.join(10)
            server.task_dispatcher.shutdown()
            assert not thread.is_alive()

    return serving


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("Chromium is not installed: apt install chromium")
    from playwright.sync_api import sync_playwright

    # Chromium refuses its sandbox to root, as in a container.
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def tab(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window of its own in the browser."""
    with browser.new_context(java_script_enabled=request.param) as context:
        yield context.new_page()
