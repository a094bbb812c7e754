"""Which hall this PC works with: the named one, else the one it joined, else its own file; no command line has a password."""

import os

import pytest

from queuedesk.app import config
from queuedesk.app.own_hall import PASSWORD, hall_asked, own_hall, put_away_password
from queuedesk.paths import hall_file

JOINED = "postgresql://counter_3@192.168.1.5:7432/queuedesk?sslmode=verify-ca"


@pytest.fixture
def joined():
    """A PC that joined the hall CD."""
    config.remember({"db": JOINED, "hall": "CD"})
    yield
    config.config_file().unlink()


def test_a_pc_that_joined_nothing_has_its_own_file():
    assert own_hall() == (None, None)
    assert hall_asked(None, None) == (str(hall_file()), None)
    assert hall_asked(None, "CD") == (str(hall_file()), "CD")


@pytest.mark.usefixtures("joined")
def test_a_joined_pc_works_with_the_hall_it_joined():
    assert own_hall() == (JOINED, "CD")
    assert hall_asked(None, None) == (JOINED, "CD")


@pytest.mark.usefixtures("joined")
def test_what_is_named_comes_first():
    assert hall_asked("/data/hall.sqlite", None) == ("/data/hall.sqlite", None)
    assert hall_asked(None, "MY") == (JOINED, "MY")


def test_a_password_goes_from_the_address_into_the_environment(monkeypatch):
    monkeypatch.setenv(PASSWORD, "before")

    assert put_away_password("postgresql://a@h/d") == "postgresql://a@h/d"
    assert os.environ[PASSWORD] == "before"
    assert put_away_password("postgresql://a:p%40w@h/d") == "postgresql://a@h/d"
    assert os.environ[PASSWORD] == "p@w"
