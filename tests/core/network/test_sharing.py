"""How a joined PC stands by its signs; what people type to let one join: forgiving where it is clear what was meant,
plain words where it is not; proofs of a join code: good for what was said, by whom and with which certificate alone."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queuedesk.core.errors import RuleError
from queuedesk.core.network.sharing import (
    CODE_LENGTH,
    CODE_LETTERS,
    LONGEST_NAME,
    PcKind,
    PcState,
    SharedPc,
    free_name,
    is_proof,
    key_of,
    may_open,
    pc_name,
    pc_state,
    proof,
    read_address,
    read_code,
    shown_address,
    shown_code,
    typed_code,
)
from tests.hall import at

NOW = at("10:42")


def pc(**words: object) -> SharedPc:
    row = {"role": "r1", "hall": "BJ", "name": "Window 3", "kind": PcKind.STAFF, "made": NOW, "made_by": "M1"}
    return SharedPc(**{**row, "seen": None, "withdrawn": None, **words})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ({}, PcState.NEW),
        ({"seen": NOW - timedelta(seconds=40)}, PcState.HERE),
        ({"seen": NOW - timedelta(minutes=3)}, PcState.SILENT),
        ({"seen": NOW, "withdrawn": NOW}, PcState.WITHDRAWN),
    ],
)
def test_a_pc_stands_as_its_signs_tell(words: dict[str, object], state: PcState) -> None:
    assert pc_state(pc(**words), NOW) is state


@pytest.mark.parametrize(
    ("kind", "opens"),
    [
        (None, {"guide", "counter", "lobby", "manager", "display", "kiosk", "rating"}),
        (PcKind.MANAGER, {"guide", "counter", "lobby", "manager", "display", "kiosk", "rating"}),
        (PcKind.STAFF, {"guide", "counter", "lobby", "display", "kiosk", "rating"}),
        (PcKind.PUBLIC, {"display", "kiosk", "rating"}),
    ],
)
def test_a_kind_of_pc_opens_its_stations_only(kind: PcKind | None, opens: set[str]) -> None:
    stations = ("guide", "counter", "lobby", "manager", "display", "kiosk", "rating")

    assert {station for station in stations if may_open(kind, station)} == opens


# -- what people type to let a PC join ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["7KMX2PRD", "7kmx-2prd", " 7kmx 2prd ", "7 K M X 2 P R D", "７ＫＭＸ－２ｐｒｄ", "7KMX–ZPRD"]
)
def test_a_code_is_read_as_it_was_meant(typed):
    assert read_code(typed) == typed_code(typed) == "7KMX2PRD"


@given(st.text(alphabet=CODE_LETTERS, min_size=CODE_LENGTH, max_size=CODE_LENGTH))
def test_every_code_is_read_back_from_how_it_is_shown(code):
    assert read_code(shown_code(code).lower()) == code
    assert shown_code("K7MX3PWR") == "K7MX-3PWR"


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


NO_ADDRESS = " :7432 192.168.1.5: 192.168.1.5:0 192.168.1.5:70000 http://hall-pc [::1 1::2::3 [1.2.3.4] .. x@y"


@pytest.mark.parametrize("typed", [*NO_ADDRESS.split(" "), "a b"])
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


# -- proofs of a join code ---------------------------------------------------------------------------------------------


KEY, OTHER = b"k" * 32, b"o" * 32
SAID = (b"certificate", b"nonce", b"nonce of the other", b"Window 3")


def test_one_code_and_salt_give_one_key():
    key = key_of("7KMX2PRD", b"salt")

    assert key == key_of("7KMX2PRD", b"salt") and len(key) == 32
    assert len({key, key_of("7KMX2PRE", b"salt"), key_of("7KMX2PRD", b"pepper")}) == 3


@pytest.mark.parametrize("joins", [True, False])
def test_a_proof_holds_for_its_own_words(joins):
    assert is_proof(proof(KEY, *SAID, joins=joins), KEY, *SAID, joins=joins)


@pytest.mark.parametrize(
    ("key", "said", "joins"),
    [
        (OTHER, SAID, True),  # another code
        (KEY, (b"another's certificate", *SAID[1:]), True),  # somebody in between
        (KEY, (SAID[0], b"older", *SAID[2:]), True),  # overheard another day
        (KEY, SAID, False),  # said back to whom it came from
        (KEY, SAID[:-1], True),
        (KEY, (*SAID[:2], b"nonce of the otherWindow 3"), True),  # the same letters, cut elsewhere
        (KEY, (SAID[1], SAID[0], *SAID[2:]), True),
    ],
)
def test_a_proof_holds_for_nothing_else(key, said, joins):
    assert not is_proof(proof(KEY, *SAID, joins=True), key, *said, joins=joins)


@pytest.mark.parametrize("given", [None, "", 7, [], "ß" * 64, "0" * 64])
def test_what_is_no_proof_is_none(given):
    assert not is_proof(given, KEY, *SAID, joins=True)
