"""What a test asks for to run on both engines; a module's `pytestmark` or a folder's conftest does so for all of its
tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import engines


@pytest.fixture(
    scope="module", params=[engines.SQLITE, pytest.param(engines.POSTGRESQL, marks=pytest.mark.pg)], ids=lambda one: one
)
def both_engines(request: pytest.FixtureRequest) -> Iterator[str]:
    """Which engine the halls of this module's tests stand on."""
    with engines.halls_on(request.param), engines.given_back():
        yield request.param


@pytest.fixture
def own_databases(both_engines: str) -> Iterator[None]:
    """Take back what one test was lent."""
    with engines.given_back():
        yield


@pytest.fixture(autouse=True)
def own_files() -> Iterator[None]:
    """Leave no file of a test's hall open behind it: some calls of the system know only the first 1,024 of a
    process."""
    with engines.closed_after():
        yield


ON_BOTH_ENGINES = pytest.mark.usefixtures("both_engines", "own_databases")
