"""A real browser that looks at a hall's pages by a name of the hall, as a phone in its network does."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.bounded import until
from tests.features.web.serving import NAME, Served
from tests.networks import free_port

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--autoplay-policy=user-gesture-required",
    f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
)
PHONE = {"width": 393, "height": 727}
NARROW = {"width": 320, "height": 568}
AXE = Path(__file__).with_name("axe.min.js")
"""axe-core 4.10.3 of Deque Systems, under the Mozilla Public License 2.0, as it was published."""
WITHIN_MS = 20_000
expect.set_options(timeout=WITHIN_MS)


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Run a browser meanwhile."""
    playwright: Playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def a_phone(browser: Browser, served: Served, path: str, **words: Any) -> Iterator[Page]:
    """Look at a page of the hall meanwhile, given by its path or its whole address; whatever its script reports as an
    error fails the test."""
    context = browser.new_context(**{"viewport": PHONE, "has_touch": True, "locale": "en", **words})
    with _looked_at(context, served, path) as page:
        yield page


@contextmanager
def a_tab(browser: Browser, served: Served, path: str) -> Iterator[Page]:
    """Look at a page of the hall meanwhile in another browser's own window, where a tab in front hides it and it can
    sleep. A page of a_phone() counts as seen whatever is in front of it, and never freezes."""
    port, kind = free_port(), browser.browser_type
    flags = [*FLAGS, f"--remote-debugging-port={port}"]
    with closing(kind.launch(executable_path=CHROMIUM, args=flags)):
        until(lambda: _is_listening(port), "the browser can be reached")
        plain = kind.connect_over_cdp(f"http://127.0.0.1:{port}", no_defaults=True)
        with _looked_at(plain.contexts[0], served, path) as page:
            yield page


def _is_listening(port: int) -> bool:
    with suppress(ConnectionError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


@contextmanager
def _looked_at(context: BrowserContext, served: Served, path: str) -> Iterator[Page]:
    context.set_default_timeout(WITHIN_MS)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(urljoin(f"http://{NAME}:{served.port}", path))
    try:
        yield page
    finally:
        context.close()
    assert errors == []


def faults(page: Page) -> list[str]:
    """Return what axe finds that keeps people from reading or using the page, contrast included."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")
    return [f"{one['id']}: {json.dumps([node['html'] for node in one['nodes']])}" for one in found["violations"]]


def small_targets(page: Page) -> list[str]:
    """Return the visible buttons, links and fields that are lower than a finger needs."""
    return list(
        page.evaluate(
            """() => Array.from(document.querySelectorAll("button,a,summary,select,label.tick"))
              .filter(one => one.offsetParent && one.getBoundingClientRect().height < 48)
              .map(one => one.outerHTML)"""
        )
    )


def width_of_large_text(page: Page) -> int:
    """Return how wide the page is at twice the size of text on the narrowest phone."""
    page.set_viewport_size(NARROW)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    width = int(page.evaluate("document.documentElement.scrollWidth"))
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(PHONE)
    return width
