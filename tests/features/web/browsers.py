"""A browser for tests of pages: one for each process of tests, a context of its own for each test."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.bounded import PATIENCE_S
from tests.features.web.serving import NAME, Served

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--autoplay-policy=user-gesture-required",
    f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
]


@cache
def browser() -> Browser:
    return sync_playwright().start().chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@contextmanager
def opened(served: Served, path: str, *, size: tuple[int, int] = (390, 844), **words: object) -> Iterator[Page]:
    """Show a page by the hall's name, as a phone in its network does; a bug of its script fails the test."""
    context = browser().new_context(viewport={"width": size[0], "height": size[1]}, **words)
    context.set_default_timeout(PATIENCE_S * 1000)
    page, bugs = context.new_page(), []

    def note(bug: Error) -> None:
        bugs.append(bug)

    page.on("pageerror", note)
    try:
        page.goto(f"http://{NAME}:{served.port}{path}")
        yield page
        assert bugs == []
    finally:
        context.close()


def overflow_px(page: Page, *, text: str = "200%") -> int:
    """Return by how much a page is wider than its screen where its text has this size."""
    page.evaluate("size => { document.documentElement.style.fontSize = size; }", text)
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
