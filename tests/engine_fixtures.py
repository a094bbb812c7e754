"""What a test asks for to run on both engines: one that sends the server something that no other of its folder does."""

from collections.abc import Iterator

import pytest

from tests import engines


@pytest.fixture(params=[engines.SQLITE, pytest.param(engines.POSTGRESQL, marks=pytest.mark.pg)], ids=lambda one: one)
def both_engines(request: pytest.FixtureRequest) -> Iterator[str]:
    """Which engine the halls of a test stand on; take back what it was lent of the server."""
    with engines.halls_on(request.param), engines.given_back():
        yield request.param


@pytest.fixture(autouse=True)
def own_reports_and_foreign_count() -> Iterator[None]:
    """Leave no file of a test's hall open: some system calls know only the first 1,024 of a process."""
    with engines.closed_after():
        yield


ON_BOTH_ENGINES = pytest.mark.usefixtures("both_engines")
