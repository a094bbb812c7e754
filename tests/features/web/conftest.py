"""A hall whose tickets have links to pages of their own, and a browser that the tests of a file share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.features.web.browsing import a_browser
from tests.hall import Hall, simple_hall, simple_setup

ADDRESS = "http://192.168.1.20:8080"


def web_hall(folder: Path, **settings: object) -> Hall:
    row = {**simple_setup()["hall"], "features": ["web", "kiosk", "appointments"], "web_address": ADDRESS}
    return simple_hall(folder, hall=row, settings=settings)


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return web_hall(tmp_path)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as made:
        yield made
