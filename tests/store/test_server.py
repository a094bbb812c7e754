"""The address of a hall on a server: told from a file's, and shown without its password."""

from pathlib import Path

import pytest

from queuedesk.store.server import is_server, password_of, shown


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
