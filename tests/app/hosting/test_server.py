"""Where a shared hall's data stands, read from addresses as people write them; where other PCs reach this one."""

from __future__ import annotations

from pathlib import Path

import pytest

from queuedesk.app.hosting.hosting import own_addresses, told_addresses
from queuedesk.app.hosting.server import GivenServer, OwnServer, place_of, server_of
from queuedesk.core.errors import OutsideError


@pytest.mark.parametrize(
    ("url", "where", "address", "told"),
    [
        ("postgresql://o:p@127.0.0.1:7/q", ("127.0.0.1", 7, "q"), "postgresql://r@127.0.0.1:7/q", "127.0.0.1:7"),
        ("postgresql://o@db.example/q", ("db.example", 5432, "q"), "postgresql://r@db.example/q", "db.example"),
        (
            "postgres://o:p%40@db:6/q?sslmode=require",
            ("db", 6, "q"),
            "postgresql://r@db:6/q?sslmode=require",
            "db:6?sslmode=require",
        ),
        ("postgresql://[::1]:7/q", ("::1", 7, "q"), "postgresql://r@[::1]:7/q", "[::1]:7"),
        ("postgresql://o@/q?host=/run/pg", ("/run/pg", 5432, "q"), "postgresql://r@/q?host=/run/pg", "?host=/run/pg"),
    ],
)
def test_an_address_says_where_it_is_whoever_it_names(url: str, where: tuple[str, int, str], address: str, told: str):
    place = place_of(url)

    assert (place.host, place.port, place.database) == where
    assert (place.address("r"), place.told) == (address, told)


def test_only_what_others_reach_is_told_to_them():
    assert [place_of(f"postgresql://o@{host}/q").is_here for host in ("127.0.0.1", "localhost", "[::1]", "db")] == [
        *(True, True, True),
        False,
    ]


def test_a_given_server_is_remembered_with_its_password_for_this_user_alone(tmp_path: Path):
    assert isinstance(server_of(tmp_path, None), OwnServer)

    server_of(tmp_path, "postgresql://o:secret@db/q").start()

    again = server_of(tmp_path, None)
    assert isinstance(again, GivenServer) and again.url() == "postgresql://o:secret@db/q"
    assert (tmp_path / "server.json").stat().st_mode & 0o77 == 0


def test_a_note_that_was_spoiled_is_said(tmp_path: Path):
    (tmp_path / "server.json").write_text("{")

    with pytest.raises(OutsideError) as refused:
        server_of(tmp_path, None).url()

    assert refused.value.code == "cannot_read"


def test_addresses_are_told_as_people_type_them():
    everywhere = told_addresses([("0.0.0.0", 7432)])

    assert told_addresses([("192.0.2.7", 7432), ("::1", 5)]) == ["192.0.2.7:7432", "[::1]:5"]
    assert everywhere == [f"{address}:7432" for address in own_addresses(4)] or everywhere == ["0.0.0.0:7432"]
