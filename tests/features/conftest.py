"""What tests of commands and of the manager's pages have, for those of features."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest
from pytestqt.qtbot import QtBot

from tests.cli.conftest import _own_process, bare, batch, console, hall_alone, live, own_choices  # noqa: F401
from tests.credentials import Shared, shared
from tests.hall import Hall
from tests.stations.conftest import catch_up, kept, open_station, opened, pytest_generate_tests, stand, swept  # noqa: F401
from tests.stations.english import english  # noqa: F401
from tests.stations.manager.conftest import admin_office, context, controller, hall, office, open_office, paper  # noqa: F401
from tests.stations.seen import story  # noqa: F401
from tests.stations.talk.conftest import talk_hall, talkers  # noqa: F401

Page = TypeVar("Page", bound=Any)


@pytest.fixture
def put(qtbot: QtBot, hall: Hall) -> Callable[[Page], Page]:  # noqa: F811
    """Return what shows a page in the size it has in the manager's window, read at the hall's time."""

    def put(page: Page) -> Page:
        qtbot.addWidget(page)
        page.resize(1158, 700)
        page.show()
        page.refresh(hall.clock())
        return page

    return put


@pytest.fixture
def place(shared_url: str) -> Iterator[Shared]:
    """A hall on a server, and its PCs' logins."""
    with shared(shared_url, "T") as made:
        yield made
