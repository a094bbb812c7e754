"""Who may do what in a shared hall, and how it is shared."""

import json
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queuedesk.core.errors import RuleError
from queuedesk.core.network import sharing
from queuedesk.core.network.roles import CONSOLE, CUSTOMER, HALL, MAY, Actor, Role, actor_of_station
from queuedesk.core.network.sharing import PcKind, PcState
from tests.core.added import own_verbs
from tests.hall import at

NOW = at("10:42")


def pc(**words: object) -> sharing.SharedPc:
    row = {"role": "r1", "hall": "BJ", "name": "Window 3", "kind": PcKind.STAFF, "made": NOW, "made_by": "M1"}
    return sharing.SharedPc(**{**row, "seen": None, "withdrawn": None, **words})  # type: ignore[arg-type]


def test_a_pc_stands_as_its_signs_tell_and_opens_the_stations_of_its_kind_only() -> None:
    states = {PcState.NEW: {}, PcState.HERE: {"seen": NOW - timedelta(seconds=40)}}
    states |= {PcState.SILENT: {"seen": NOW - timedelta(minutes=3)}, PcState.WITHDRAWN: {"seen": NOW, "withdrawn": NOW}}
    assert [sharing.pc_state(pc(**signs), NOW) for signs in states.values()] == list(states)
    public = {"display", "kiosk", "rating"}
    staff = public | {"guide", "counter", "lobby"}
    kinds = {None: staff | {"manager"}, PcKind.MANAGER: staff | {"manager"}, PcKind.STAFF: staff, PcKind.PUBLIC: public}
    for kind, opens in kinds.items():
        assert {name for name in staff | {"manager"} if sharing.may_open_station(kind, name)} == opens, kind


# -- what people type to let a PC join ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed", ["7KMX2PRD", "7kmx-2prd", " 7kmx 2prd ", "7 K M X 2 P R D", "７ＫＭＸ－２ｐｒｄ", "7KMX–ZPRD"]
)
def test_a_code_is_read_as_it_was_meant(typed):
    assert sharing.checked_join_code_text(typed) == sharing.normalize_join_code(typed) == "7KMX2PRD"


@given(st.text(alphabet=sharing.CODE_LETTERS, min_size=sharing.CODE_LENGTH, max_size=sharing.CODE_LENGTH))
def test_every_code_is_read_back_from_how_it_is_shown(code):
    assert sharing.checked_join_code_text(sharing.join_code_in_two_groups(code).lower()) == code
    assert sharing.join_code_in_two_groups("K7MX3PWR") == "K7MX-3PWR"


@pytest.mark.parametrize("typed", ["", "7KMX2PR", "7KMX2PRD9", "7KMX2PR0", "七KMX2PRD", "7KMX2PRÄ"])
def test_what_is_no_code_is_said_before_any_try(typed):
    with pytest.raises(RuleError) as refused:
        sharing.checked_join_code_text(typed)
    assert (refused.value.code, refused.value.details) == ("not_a_code", {"code": typed})


def test_an_address_is_read() -> None:
    typed = ["192.168.1.5", " 192.168.1.5:7500 ", "１９２.168.1.5：7500", "hall-pc", "hall-pc.local:443"]
    read = [("192.168.1.5", 7432), ("192.168.1.5", 7500), ("192.168.1.5", 7500), ("hall-pc", 7432)]
    read += [("hall-pc.local", 443), ("::1", 7432), ("fe80::1", 7500), ("2001:db8::7", 7432)]
    assert [sharing.parse_host_and_port(text) for text in (*typed, "::1", "[fe80::1]:7500", "[2001:db8::7]")] == read
    assert [sharing.parse_host_and_port(sharing.format_address(*address)) for address in read] == read
    assert sharing.parse_host_and_port("db.example", 5432) == ("db.example", 5432)
    assert sharing.parse_host_and_port("db.example:6000", 5432) == ("db.example", 6000)


NO_ADDRESS = " :7432 192.168.1.5: 192.168.1.5:0 192.168.1.5:70000 http://hall-pc [::1 1::2::3 [1.2.3.4] .. x@y"


@pytest.mark.parametrize("typed", [*NO_ADDRESS.split(" "), "a b"])
def test_what_is_no_address_is_said(typed):
    with pytest.raises(RuleError, match="bad_address"):
        sharing.parse_host_and_port(typed)


def test_a_name_is_one_line_and_one_that_is_taken_gets_a_number() -> None:
    names = {"Window 3": "Window 3", "  窗口\n三\x00 ": "窗口 三", "": "PC", " \t": "PC", "#@/": "PC"}
    names |= {"Hall/Door #2@1": "Hall Door 2 1", "x" * 100: "x" * sharing.LONGEST_NAME}
    assert {text: sharing.normalized_pc_name(text) for text in names} == names
    assert sharing.name_with_free_number("PC", []) == "PC"
    assert sharing.name_with_free_number("PC", ["PC", "PC 2", "Kiosk"]) == "PC 3"
    longest = "x" * sharing.LONGEST_NAME
    assert len(sharing.name_with_free_number(longest, [longest])) <= sharing.LONGEST_NAME


# -- proofs of a join code ---------------------------------------------------------------------------------------------
KEY, OTHER = b"k" * 32, b"o" * 32
SAID = (b"certificate", b"nonce", b"nonce of the other", b"Window 3")


def test_one_code_and_salt_give_one_key():
    key = sharing.derive_join_key("7KMX2PRD", b"salt")
    assert key == sharing.derive_join_key("7KMX2PRD", b"salt") and len(key) == 32
    assert len({key, sharing.derive_join_key("7KMX2PRE", b"salt"), sharing.derive_join_key("7KMX2PRD", b"pepper")}) == 3


@pytest.mark.parametrize("joins", [True, False])
def test_a_proof_holds_for_its_own_words(joins):
    assert sharing.is_valid_join_proof(sharing.join_proof_hex(KEY, *SAID, joins=joins), KEY, *SAID, joins=joins)


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
    assert not sharing.is_valid_join_proof(sharing.join_proof_hex(KEY, *SAID, joins=True), key, *said, joins=joins)


@pytest.mark.parametrize("given", [None, "", 7, [], "ß" * 64, "0" * 64])
def test_what_is_no_proof_is_none(given):
    assert not sharing.is_valid_join_proof(given, KEY, *SAID, joins=True)


# who → verbs; "manager" stands for manager and admin, who may do what guide and clerk may.
WHO: dict[str, str] = json.loads(Path(__file__).with_name("who_may.json").read_text("utf-8"))
ALLOWED = {
    verb: set(who.split()) | ({"admin"} if "manager" in who else set()) | {"console"}
    for who, verbs in WHO.items()
    for verb in verbs.split()
}


def test_the_table_names_every_verb_and_who_is_no_person_has_a_name_in_the_log() -> None:
    assert own_verbs() == set(ALLOWED)
    assert set(MAY) == set(Role)
    others = (CONSOLE, HALL, CUSTOMER, actor_of_station("K1"))
    assert [one.name for one in others] == ["console", "hall", "customer", "station:K1"]
    assert not any(one.is_staff for one in others)
    assert all(Actor("X", role).is_staff for role in (Role.GUIDE, Role.CLERK, Role.MANAGER, Role.ADMIN))


@pytest.mark.parametrize("role", Role)
def test_who_may_do_what(role: Role) -> None:
    """In one test for each role: a thousand small ones would take longer to be collected than to run."""
    who, refused = Actor("X", role), {}
    for verb in ALLOWED:
        try:
            who.require_may(verb)
        except RuleError as error:
            refused[verb] = (error.code, error.details)
    assert refused == {
        verb: ("not_your_role", {"verb": verb, "role": role.value})
        for verb, allowed in ALLOWED.items()
        if role.value not in allowed
    }


STATES = ("waiting", "called", "serving", "parked", "missed")


@pytest.mark.parametrize(
    ("role", "states"),
    [
        (Role.GUIDE, {"waiting", "called", "parked", "missed"}),
        (Role.CLERK, {"parked"}),
        (Role.CUSTOMER, {"waiting", "called", "missed"}),
        *((role, set(STATES)) for role in (Role.MANAGER, Role.ADMIN, Role.CONSOLE)),
    ],
)
def test_who_may_send_away_whom(role: Role, states: set[str]) -> None:
    sent = set()
    for state in STATES:
        with suppress(RuleError):
            Actor("X", role).require_right_to_end_ticket(state)
            sent.add(state)
    assert sent == states


def test_a_clerk_acts_at_the_own_window() -> None:
    """Where nobody is there, the window's own state refuses."""
    clerk, manager = Actor("C1", Role.CLERK), Actor("M1", Role.MANAGER)
    for who, at_window in ((clerk, "C1"), (clerk, None), (manager, "C2"), (CONSOLE, "C2")):
        who.require_own_window("1", at_window)
    with pytest.raises(RuleError) as refused:
        clerk.require_own_window("1", "C2")
    assert (refused.value.code, refused.value.details) == ("not_your_window", {"window": "1"})
