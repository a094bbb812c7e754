"""Everything that the desk does, it does on both engines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import engines
from tests.postgres import MARK


@pytest.fixture(
    autouse=True,
    scope="module",
    params=[engines.SQLITE, pytest.param(engines.POSTGRESQL, marks=getattr(pytest.mark, MARK))],
)
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Which engine the halls of this test stand on."""
    with engines.halls_on(request.param), engines.given_back():
        yield request.param


@pytest.fixture(autouse=True)
def own_databases(engine: str) -> Iterator[None]:
    """Take back what one test was lent."""
    with engines.given_back():
        yield
