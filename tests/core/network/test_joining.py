"""What people type to let a PC join: forgiving where it is clear what was meant, plain words where it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queuedesk.core.errors import RuleError
from queuedesk.core.network.sharing import (
    CODE_LENGTH,
    CODE_LETTERS,
    LONGEST_NAME,
    free_name,
    pc_name,
    read_address,
    read_code,
    shown_address,
    shown_code,
)


@pytest.mark.parametrize(
    "typed", ["7KMX2PRD", "7kmx-2prd", " 7kmx 2prd ", "7 K M X 2 P R D", "７ＫＭＸ－２ｐｒｄ", "7KMX–ZPRD"]
)
def test_a_code_is_read_as_it_was_meant(typed):
    assert read_code(typed) == "7KMX2PRD"


@given(st.text(alphabet=CODE_LETTERS, min_size=CODE_LENGTH, max_size=CODE_LENGTH))
def test_every_code_is_read_back_from_how_it_is_shown(code):
    assert read_code(shown_code(code).lower()) == code


@pytest.mark.parametrize("typed", ["", "7KMX2PR", "7KMX2PRD9", "7KMX2PR0", "七KMX2PRD", "7KMX2PRÄ"])
def test_what_is_no_code_is_said_before_any_try(typed):
    with pytest.raises(RuleError) as refused:
        read_code(typed)

    assert (refused.value.code, refused.value.details) == ("not_a_code", {"code": typed})


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("192.168.1.5", ("192.168.1.5", 7432)),
        (" 192.168.1.5:7500 ", ("192.168.1.5", 7500)),
        ("１９２.168.1.5：7500", ("192.168.1.5", 7500)),
        ("hall-pc", ("hall-pc", 7432)),
        ("hall-pc.local:443", ("hall-pc.local", 443)),
        ("::1", ("::1", 7432)),
        ("[fe80::1]:7500", ("fe80::1", 7500)),
        ("[2001:db8::7]", ("2001:db8::7", 7432)),
    ],
)
def test_an_address_is_read(typed, address):
    assert read_address(typed) == address
    assert read_address(shown_address(*address)) == address


def test_another_kind_of_server_has_another_port():
    assert read_address("db.example", 5432) == ("db.example", 5432)
    assert read_address("db.example:6000", 5432) == ("db.example", 6000)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        ":7432",
        "192.168.1.5:",
        "192.168.1.5:0",
        "192.168.1.5:70000",
        "http://hall-pc",
        "a b",
        "[::1",
        "1::2::3",
        "[1.2.3.4]",
        "..",
        "x@y",
    ],
)
def test_what_is_no_address_is_said(typed):
    with pytest.raises(RuleError, match="bad_address"):
        read_address(typed)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Window 3", "Window 3"),
        ("  窗口\n三\x00 ", "窗口 三"),
        ("", "PC"),
        (" \t", "PC"),
        ("Hall/Door #2@1", "Hall Door 2 1"),
        ("#@/", "PC"),
        ("x" * 100, "x" * LONGEST_NAME),
    ],
)
def test_a_name_is_one_line(text, name):
    assert pc_name(text) == name


def test_a_name_that_is_taken_gets_a_number():
    assert free_name("PC", []) == "PC"
    assert free_name("PC", ["PC", "PC 2", "Kiosk"]) == "PC 3"
    assert len(free_name("x" * LONGEST_NAME, ["x" * LONGEST_NAME])) <= LONGEST_NAME
