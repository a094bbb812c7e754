"""Which hall this PC works with: the named one, else the one it joined, else its file; no line has a password."""

import os

import pytest

from queuedesk.app.hosting.credentials import choose_hall
from queuedesk.app.station.own_hall import PASSWORD, hall_asked, keep_put_away_password, own_hall, put_away_password
from queuedesk.app.this_pc import config
from queuedesk.paths import hall_file, passfile
from queuedesk.store.upkeep import exchange
from tests.hall import simple_hall

JOINED = "postgresql://counter_3@192.168.1.5:7432/queuedesk?sslmode=verify-ca"
SHARED = "postgresql://qd_1@127.0.0.1:20001/queuedesk"


def test_a_pc_that_was_about_to_share_goes_where_its_hall_went_and_stays_in_the_file_until_then(tmp_path):
    hall = simple_hall(tmp_path)
    config.remember({"moving_db": SHARED, "moving_hall": "T"})
    assert hall_asked(str(hall.path), None) == (str(hall.path), None)
    with hall.desk.db.write() as tx:
        exchange.mark_moved(tx, SHARED)
    assert hall_asked(str(hall.path), None) == (SHARED, "T")
    choose_hall(JOINED, "CD")
    assert hall_asked(str(hall.path), None) == (JOINED, "CD")


def test_a_password_goes_from_the_address_into_the_environment(monkeypatch):
    monkeypatch.setenv(PASSWORD, "before")
    assert put_away_password("postgresql://a@h/d") == "postgresql://a@h/d"
    assert os.environ[PASSWORD] == "before"
    assert put_away_password("postgresql://a:p%40w@h/d") == "postgresql://a@h/d"
    assert os.environ[PASSWORD] == "p@w"


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("postgresql://a@192.168.1.5:7432/d?sslmode=require", "192.168.1.5:7432:d:a:se\\:cret\n"),
        ("postgresql://a@hall/d", "hall:5432:d:a:se\\:cret\n"),
        ("postgresql:///d?host=/run/pg&user=a", "/run/pg:5432:d:a:se\\:cret\n"),
    ],
)
def test_what_opens_by_itself_finds_the_password_in_this_pcs_passfile(monkeypatch, address, line):
    monkeypatch.setenv(PASSWORD, "se:cret")
    keep_put_away_password(["--db", address, "display", "--kept"])
    assert passfile().read_text() == line
    assert passfile().stat().st_mode & 0o077 == 0 or os.name == "nt"


@pytest.mark.parametrize("words", [["display"], ["--db", "/data/hall.sqlite", "display"]])
def test_a_file_needs_no_password(monkeypatch, words):
    monkeypatch.setenv(PASSWORD, "secret")
    keep_put_away_password(words)
    assert not passfile().exists()


def test_a_pc_works_with_the_hall_that_is_named_else_the_one_it_joined_else_its_own_file():
    assert own_hall() == (None, None)
    assert hall_asked(None, None) == (str(hall_file()), None)
    assert hall_asked(None, "CD") == (str(hall_file()), "CD")
    config.remember({"db": JOINED, "hall": "CD"})
    assert own_hall() == hall_asked(None, None) == (JOINED, "CD")
    assert hall_asked("/data/hall.sqlite", None) == ("/data/hall.sqlite", None)
    assert hall_asked(None, "MY") == (JOINED, "MY")
