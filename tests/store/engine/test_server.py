"""The address of a hall on a server: told from a file's, and shown without its password."""

from pathlib import Path

import pytest

from queuedesk.core.errors import OutsideError
from queuedesk.i18n import say
from queuedesk.store.engine.address import is_server, password_of, short_address, shown


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("postgresql://role@192.168.1.5:7432/queuedesk", True),
        ("postgres://role@host/queuedesk", True),
        ("postgresql:///queuedesk?host=/run/postgresql", True),
        ("/home/hall/hall.sqlite", False),
        ("C:\\hall.sqlite", False),
        ("postgresql", False),
        (Path("postgresql:") / "hall.sqlite", False),
    ],
)
def test_a_servers_address_is_told_from_a_path(target, expected):
    assert is_server(target) is expected


@pytest.mark.parametrize(
    ("address", "without", "password"),
    [
        ("postgresql://a@h:1/d?sslmode=verify-ca", "postgresql://a@h:1/d?sslmode=verify-ca", None),
        ("postgresql://a:p%40w@h:1/d", "postgresql://a@h:1/d", "p@w"),
        ("postgresql://a:p@[::1]:1/d", "postgresql://a@[::1]:1/d", "p"),
        ("postgresql:///d?host=/run&password=p%26q&user=a", "postgresql:///d?host=/run&user=a", "p&q"),
        ("postgresql:///d?password=p", "postgresql:///d", "p"),
    ],
)
def test_an_address_is_shown_without_its_password(address, without, password):
    assert shown(address) == without
    assert password_of(address) == password


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (
            "postgresql://qd_1:p@192.168.1.5:7432/queuedesk?sslmode=verify-ca&sslrootcert=/a",
            "192.168.1.5:7432/queuedesk",
        ),
        ("postgresql://a@[::1]:1/d", "[::1]:1/d"),
        ("postgresql://a@h", "h"),
        ("postgresql:///d?host=/run/pg&user=a", "/run/pg/d"),
        ("postgresql://a:p@[", "postgresql://a@["),
        ("postgresql:", "postgresql:"),
    ],
)
def test_sentences_name_a_server_by_host_port_and_name(address, words):
    assert short_address(address) == words
    assert words in say(OutsideError("database_away", path=address), "en")
