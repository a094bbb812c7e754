"""A fixture to import where a folder's or a module's tests read English; tests/conftest.py takes it back."""

import pytest

from queuedesk import i18n
from tests.stations.shapes import language_of


@pytest.fixture(autouse=True)
def english(request: pytest.FixtureRequest) -> None:
    """Speak English, or the language of the shapes that a test looks at."""
    given = getattr(request.node, "callspec", None)
    i18n.choose_language(
        language_of(given.params["shapes"]) if given is not None and "shapes" in given.params else "en"
    )
