"""A hall whose tickets have links to pages of their own."""

from pathlib import Path

import pytest

from tests.hall import Hall, simple_hall, simple_setup

ADDRESS = "http://192.168.1.20:8080"


def web_hall(folder: Path, **settings: object) -> Hall:
    row = {**simple_setup()["hall"], "features": ["web", "kiosk", "appointments"], "web_address": ADDRESS}
    return simple_hall(folder, hall=row, settings=settings)


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return web_hall(tmp_path)
