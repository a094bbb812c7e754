"""What tests of commands and of the manager's pages have, for those of features."""

from collections.abc import Iterator

import pytest

from tests.cli.conftest import _own_process, bare, batch, console, hall_alone, live, own_choices  # noqa: F401
from tests.credentials import Shared, shared
from tests.stations.conftest import catch_up, kept, open_station, opened, pytest_generate_tests, stand, swept  # noqa: F401
from tests.stations.english import english  # noqa: F401
from tests.stations.manager.conftest import admin_office, context, controller, hall, office, open_office, paper  # noqa: F401
from tests.stations.stories import story  # noqa: F401
from tests.stations.talk.conftest import talk_hall, talkers  # noqa: F401


@pytest.fixture
def place(shared_url: str) -> Iterator[Shared]:
    """A hall on a server, and its PCs' logins."""
    with shared(shared_url, "T") as made:
        yield made
