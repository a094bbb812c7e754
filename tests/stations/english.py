"""A fixture to import where a folder's or a module's tests read English; tests/conftest.py takes it back."""

import pytest

from queuedesk import i18n


@pytest.fixture(autouse=True)
def english() -> None:
    i18n.use("en")
