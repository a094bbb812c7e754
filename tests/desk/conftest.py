"""Everything that the desk does, it does on both engines; a test whose statements others of its folder send there too
is `file_only`."""

import pytest


@pytest.fixture(autouse=True, scope="module")
def on_both(both_engines: str) -> None:
    """Let all of a module's fixtures and tests run on one engine, then on the other."""


@pytest.fixture(autouse=True)
def given_back(own_databases: None) -> None:
    """Let no test keep a database that it was lent."""
