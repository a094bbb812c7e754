"""Which hall this PC works with: the named one, else the one it joined, else its file; no line has a password."""

import os

from queuedesk.app.hosting.credentials import switch_to_hall
from queuedesk.app.station import own_hall
from queuedesk.app.station.own_hall import PASSWORD, joined_hall_url_and_code, requested_place_and_hall_code
from queuedesk.app.this_pc import config
from queuedesk.paths import default_hall_file, password_file
from queuedesk.store.upkeep import exchange
from tests.hall import simple_hall

JOINED = "postgresql://counter_3@192.168.1.5:7432/queuedesk?sslmode=verify-ca"
SHARED = "postgresql://qd_1@127.0.0.1:20001/queuedesk"


def test_a_pc_that_was_about_to_share_goes_where_its_hall_went_and_stays_in_the_file_until_then(tmp_path):
    hall = simple_hall(tmp_path)
    config.update_config({"moving_db": SHARED, "moving_hall": "T"})
    assert requested_place_and_hall_code(str(hall.path), None) == (str(hall.path), None)
    with hall.desk.db.write() as tx:
        exchange.set_or_clear_database_new_address(tx, SHARED)
    assert requested_place_and_hall_code(str(hall.path), None) == (SHARED, "T")
    switch_to_hall(JOINED, "CD")
    assert requested_place_and_hall_code(str(hall.path), None) == (JOINED, "CD")


def test_a_password_goes_from_the_address_into_the_environment(monkeypatch):
    monkeypatch.setenv(PASSWORD, "before")
    assert own_hall.move_password_to_environment("postgresql://a@h/d") == "postgresql://a@h/d"
    assert os.environ[PASSWORD] == "before"
    assert own_hall.move_password_to_environment("postgresql://a:p%40w@h/d") == "postgresql://a@h/d"
    assert os.environ[PASSWORD] == "p@w"


def test_what_opens_by_itself_finds_the_password_in_this_pcs_passfile_and_a_file_needs_none(monkeypatch):
    monkeypatch.setenv(PASSWORD, "se:cret")
    for words in (["display"], ["--db", "/data/hall.sqlite", "display"]):
        own_hall.store_environment_password(words)
        assert not password_file().exists()
    for address, line in (
        ("postgresql://a@192.168.1.5:7432/d?sslmode=require", "192.168.1.5:7432:d:a:se\\:cret\n"),
        ("postgresql://a@hall/d", "hall:5432:d:a:se\\:cret\n"),
        ("postgresql:///d?host=/run/pg&user=a", "/run/pg:5432:d:a:se\\:cret\n"),
    ):
        own_hall.store_environment_password(["--db", address, "display", "--kept"])
        assert password_file().read_text() == line
        assert password_file().stat().st_mode & 0o077 == 0 or os.name == "nt"
        password_file().unlink()


def test_a_pc_works_with_the_hall_that_is_named_else_the_one_it_joined_else_its_own_file():
    assert joined_hall_url_and_code() == (None, None)
    assert requested_place_and_hall_code(None, None) == (str(default_hall_file()), None)
    assert requested_place_and_hall_code(None, "CD") == (str(default_hall_file()), "CD")
    config.update_config({"db": JOINED, "hall": "CD"})
    assert joined_hall_url_and_code() == requested_place_and_hall_code(None, None) == (JOINED, "CD")
    assert requested_place_and_hall_code("/data/hall.sqlite", None) == ("/data/hall.sqlite", None)
    assert requested_place_and_hall_code(None, "MY") == (JOINED, "MY")
