"""What the web gives out and who may do what by it: keys, addresses for events, links to visits, its own login."""

import hashlib
import re
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import httpx
import psycopg
import pytest
import zxingcpp
from PIL import Image
from pytestqt.qtbot import QtBot

from queuedesk.app.services.papers import SlipAndReportPrinter
from queuedesk.app.this_pc import config
from queuedesk.core.errors import RuleError
from queuedesk.core.log.pc_clock import JumpDetectingClock
from queuedesk.core.network.roles import CUSTOMER, actor_of_station
from queuedesk.core.network.sharing import PcKind
from queuedesk.core.queue.ticket import Ticket
from queuedesk.desk import looking, network
from queuedesk.desk.change import Desk
from queuedesk.desk.queue import calling, issuing, rating
from queuedesk.desk.talk.devices import device_rows
from queuedesk.desk.upkeep import clocks, examining
from queuedesk.features.appointments.verbs import AppointmentRequest, book_appointment
from queuedesk.features.kiosk.pages.taking import LinePlaceEnquiry, TicketIssuing
from queuedesk.features.web import verbs
from queuedesk.features.web import verbs as served_pages
from queuedesk.features.web.rules import (
    FRONT_DESK,
    KIOSK,
    LONGEST_PAUSE_S,
    MOST_HOOKS,
    MOST_KEYS,
    PHONE,
    PLACES,
    TOKEN_LENGTH,
    TokenBucket,
    VisitTokenIndex,
    WebServing,
    digest_of_key,
    find_key,
    pause_after_failures,
    token_in_scanned_text,
    visit_link,
    visit_token,
)
from queuedesk.features.web.verbs import (
    give_up_place,
    request_end_if_web_serving,
    serving_process_documents,
    tell_window_customer_needs_time,
)
from queuedesk.printing.qr import QUIET_MODULES, TicketCodeContent, qr_modules
from queuedesk.stations.guide.controller import GuideController
from queuedesk.stations.rating.controller import ExitRatingController
from queuedesk.stations.window.context import HallFeed, InlineTasks, StationContext
from queuedesk.stations.window.style import Look
from queuedesk.store.engine.database import Database
from queuedesk.store.rights.tables import EVENTS
from tests.bounded import PATIENCE_S, until
from tests.cli.commands import Console
from tests.credentials import Shared, denied, raw, shared
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.features.web.conftest import ADDRESS, linking_hall
from tests.features.web.serving import (
    BOOKING,
    PROGRAM,
    TRIAL,
    Program,
    Served,
    devices,
    key_for,
    opened_stream,
    serving,
    until_device,
    web_hall,
)
from tests.features.web.test_other_programs import receiving
from tests.features.web.test_visit_and_booking import page_of, until_followed
from tests.hall import ADMIN, GUIDE, MANAGER, Hall, at, clerk, refused
from tests.networks import free_port
from tests.processes import Loaded, at_home
from tests.relay import Relay
from tests.stations.english import english  # noqa: F401

HOOK = "https://other.example/events?token=s3cret"


@ON_BOTH_ENGINES
def test_an_admin_gives_keys_and_takes_them_back_and_only_digests_are_kept(hall: Hall) -> None:
    desk = hall.desk
    made = verbs.add_key(desk, hall.ask(ADMIN), "门口-1", ["call", "read", "call"])
    other = verbs.add_key(desk, hall.ask(), "site", ["read"])
    assert (made["program"], made["scopes"]) == ("门口-1", ["read", "call"])
    assert len({made["key"], other["key"]}) == 2
    assert [(row["program"], row["scopes"]) for row in verbs.key_documents(desk)] == [
        ("site", ["read"]),
        ("门口-1", ["read", "call"]),
    ]
    known = verbs.current_api_keys(desk)
    found = find_key(known, made["key"])
    assert found is not None and found.name == "门口-1"
    assert found.digest == hashlib.sha256(made["key"].encode()).hexdigest()
    for wrong in ("", made["key"][:-1], made["key"] + "x", found.digest):
        assert find_key(known, wrong) is None
    told = [(event.kind, event.actor, event.data["name"]) for event in hall.log(1)]
    assert told == [("web.key", "AD", "门口-1"), ("web.key", "console", "site")]
    assert not any(secret in str(hall.log()) for secret in (made["key"], other["key"], found.digest))
    for who in (MANAGER, GUIDE, clerk("C1")):
        with refused(hall, "not_your_role", verb="web-key", role=str(who.role)):
            verbs.add_key(desk, hall.ask(who), "mine", ["read"])
        with refused(hall, "not_your_role", verb="web-key", role=str(who.role)):
            verbs.remove_key(desk, hall.ask(who), "site")
    with refused(hall, "web_key_taken", name="site"):
        verbs.add_key(desk, hall.ask(), "site", ["call"])
    with refused(hall, "web_key_scope", scope="everything"):
        verbs.add_key(desk, hall.ask(), "more", ["read", "everything"])
    for name in ("", "two words", "a/b", "x" * 41):
        with refused(hall, "web_key_name"):
            verbs.add_key(desk, hall.ask(), name, ["read"])
    verbs.remove_key(desk, hall.ask(), "site")
    with refused(hall, "web_key_unknown", name="site"):
        verbs.remove_key(desk, hall.ask(), "site")
    assert find_key(verbs.current_api_keys(desk), other["key"]) is None
    assert hall.last().kind == "web.key-gone"
    assert {one.status for one in examining.examine_database(desk.db)} == {examining.OK}
    hall.must_follow_from_its_log()


def test_there_are_not_more_keys_than_somebody_looks_over_nor_more_addresses_than_threads_for_them(hall: Hall) -> None:
    for number in range(MOST_KEYS):
        verbs.add_key(hall.desk, hall.ask(), f"k{number}", ["read"])
    with refused(hall, "web_too_many", n=MOST_KEYS):
        verbs.add_key(hall.desk, hall.ask(), "one-more", ["read"])
    for number in range(MOST_HOOKS):
        verbs.add_hook(hall.desk, hall.ask(), f"http://host/{number}")
    with refused(hall, "web_too_many", n=MOST_HOOKS):
        verbs.add_hook(hall.desk, hall.ask(), "http://host/more")


@ON_BOTH_ENGINES
def test_events_are_sent_to_addresses_from_a_number_on(hall: Hall) -> None:
    desk = hall.desk
    first = verbs.add_hook(desk, hall.ask(ADMIN), HOOK, 1)
    later = verbs.add_hook(desk, hall.ask(), "http://192.168.1.7:9000")
    assert (first["hook"], first["from"]) == (1, 1)
    assert (later["hook"], later["from"]) == (2, hall.length() + 1)
    assert first["secret"] != later["secret"]
    assert [(row["hook"], row["sent"], row["behind"]) for row in verbs.hook_documents(desk)] == [(1, 0, 3), (2, 3, 0)]
    stored = {hook.number: hook for hook, _seq in verbs.web_hooks_with_last_seq(desk)}
    verbs.store_hook_position(desk, stored[1], 2)
    verbs.store_hook_position(desk, stored[1], 3)
    assert [(hook.number, seq) for hook, seq in verbs.web_hooks_with_last_seq(desk)] == [(1, 3), (2, 3)]
    # The log says where events go, but nothing of the address that may be a secret of its owner's.
    assert [event.data["host"] for event in hall.log(1)] == ["other.example", "192.168.1.7:9000"]
    assert not any(secret in str(hall.log()) for secret in ("s3cret", first["secret"]))
    with refused(hall, "not_your_role", verb="web-hook", role="manager"):
        verbs.remove_hook(desk, hall.ask(MANAGER), 1)
    verbs.remove_hook(desk, hall.ask(ADMIN), 1)
    with refused(hall, "web_hook_unknown", n=1):
        verbs.remove_hook(desk, hall.ask(), 1)
    # Whoever gets the number of an address that is gone begins anew.
    verbs.remove_hook(desk, hall.ask(), 2)
    assert verbs.add_hook(desk, hall.ask(), HOOK, 1)["hook"] == 1
    assert [seq for _hook, seq in verbs.web_hooks_with_last_seq(desk)] == [0]
    # … also where what was sent to the earlier one is written down only now.
    verbs.store_hook_position(desk, stored[1], 3)
    assert [seq for _hook, seq in verbs.web_hooks_with_last_seq(desk)] == [0]
    assert {one.status for one in examining.examine_database(desk.db)} == {examining.OK}


NOT_THERE = "a..b .host -host [:::] [::] 192.168.1.300 0.0.0.0:80 224.0.0.1 7 host:0 host:65536 主机"
NO_ADDRESSES = (
    *("", "other.example/events", "ftp://other.example", "https://", "https:///x", "http://a b", "http://h/\n"),
    *("http://name:secret@host/", f"http://{'h' * 64}/", f"http://host/{'x' * 500}"),
    *(f"http://{host}/" for host in NOT_THERE.split()),
)


def test_what_is_no_address_for_events_is_refused_and_those_of_a_hall_s_own_network_are_taken(hall: Hall) -> None:
    for address in NO_ADDRESSES:
        with refused(hall, "web_hook_address"):
            verbs.add_hook(hall.desk, hall.ask(), address)
    for address in ("http://127.0.0.1", "https://[::1]:8443/a?b=c", "http://pc-7:80/x", "http://web.local."):
        assert verbs.add_hook(hall.desk, hall.ask(), address)["address"] == address


def test_a_bucket_lets_some_through_at_once_and_then_one_after_the_other() -> None:
    bucket = TokenBucket(3, 2.0)
    assert [bucket.take_or_seconds_to_wait(100.0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert bucket.take_or_seconds_to_wait(100.25) == 0.25
    assert bucket.take_or_seconds_to_wait(100.5) == 0
    assert [bucket.take_or_seconds_to_wait(500.0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert bucket.take_or_seconds_to_wait(400.0) == 0.5, "a clock that goes back gives nothing"


def test_pauses_grow_to_five_minutes_and_differ() -> None:
    assert [pause_after_failures(n, 1.0) for n in (1, 2, 3, 8, 9, 500)] == [2, 4, 8, 256, 300, 300]
    assert pause_after_failures(500, 0.0) == LONGEST_PAUSE_S / 2


def test_the_commands_about_keys_and_addresses(hall: Hall, capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(hall.path, capsys.readouterr, hall.clock)
    made = console.ask("web", "keys", "add", "door", "--scope", "issue", "read")
    assert (made["program"], made["scopes"]) == ("door", ["read", "issue"])
    said = console.say("web", "keys", "add", "site", "--scope", "read").out
    assert re.fullmatch(r"The key, shown only now: qd_[\w-]{43}\n", said)
    (door, site) = console.ask("web", "keys", "list")["keys"]
    assert (door["program"], site["scopes"], set(site)) == ("door", ["read"], {"program", "scopes", "made"})
    assert console.say("web", "keys", "list").out == "door  read issue\nsite  read\n"
    for words in (("keys",), ("keys", "add", "x"), ("keys", "add", "x", "--scope", "all"), ("hooks", "add")):
        answer = console.say("web", *words)
        assert (answer.status, answer.out) == (2, "") and answer.err.startswith("Usage: queuedesk web")
    again = [console.say("--id", "k-1", "web", "keys", "add", "once", "--scope", "read").out for _ in range(2)]
    assert again[0].startswith("The key") and again[1] == "once\n"
    assert console.ask("web", "keys", "remove", "door") == {"program": "door"}
    hook = console.ask("web", "hooks", "add", HOOK, "--from", 2)
    assert (hook["hook"], hook["address"], hook["from"]) == (1, HOOK, 2)
    assert re.fullmatch(
        r"Number 2\. The secret, shown only now: [\w-]{43}\n", console.say("web", "hooks", "add", HOOK).out
    )
    rows = console.ask("web", "hooks", "list")["hooks"]
    assert [(row["hook"], row["sent"], row["behind"]) for row in rows] == [
        (1, 1, hall.length() - 1),
        (2, hall.length(), 0),
    ]
    assert console.say("web", "hooks", "list").out.splitlines()[1] == f"2  {HOOK}"
    assert console.ask("web", "hooks", "remove", 1) == {"hook": 1}
    console.ask("features", "off", "web")
    assert console.refused("web", "keys", "list") == "feature_off"


# -- links to visits: tokens, the code on a slip, what a screen makes of a scanned one, and their withdrawal -----------
DAY, SECRET, OTHER = date(2026, 11, 20), b"s" * 32, b"t" * 32
MM_A_DOT = 25.4 / 203
LINK = re.compile(r"HTTP://192\.168\.1\.20:8080/T/[A-Z2-7]{26}")


def link_of(hall: Hall, label: str) -> str:
    return str(verbs.link_document(hall.desk, label, hall.clock())["link"])


def token_of(hall: Hall, label: str) -> str:
    return link_of(hall, label).rpartition("/")[2]


def opened(hall: Hall, token: str, day: date | None = None) -> Ticket | None:
    """Return what an index that was made just now opens."""
    return VisitTokenIndex(verbs.visit_link_secret(hall.desk)).find_ticket_by_token(
        hall.whole(), token, day or hall.date
    )


# -- tokens ------------------------------------------------------------------------------------------------------------


def test_each_hall_date_number_and_issue_has_a_token_of_its_own_that_is_always_the_same():
    token = visit_token(SECRET, DAY, "B038", "8KR2WT")
    assert re.fullmatch(r"[A-Z2-7]{26}", token)
    assert token == visit_token(SECRET, DAY, "B038", "8KR2WT")
    others = {
        visit_token(OTHER, DAY, "B038", "8KR2WT"),
        visit_token(SECRET, DAY + timedelta(days=1), "B038", "8KR2WT"),
        visit_token(SECRET, DAY, "B039", "8KR2WT"),
        visit_token(SECRET, DAY, "B038", "8KR2WV"),
    }
    assert len(others - {token}) == 4


def test_a_link_fits_the_third_smallest_code_and_is_2_mm_wider_than_the_plain_one():
    link = visit_link(f"{ADDRESS}/", visit_token(SECRET, DAY, "B038", "8KR2WT"))
    assert LINK.fullmatch(link)
    long = visit_link("https://hall-3.power.example.gov.cn", "A" * TOKEN_LENGTH)
    plain = qr_modules("QD1 H1 2026-11-20 B038 8KR2WT")
    widths = [len(rows) + 2 * QUIET_MODULES for rows in (plain, qr_modules(link), qr_modules(long))]
    assert [round(4 * across * MM_A_DOT, 1) for across in widths] == [16.5, 18.5, 20.5]


@pytest.mark.parametrize(
    "text",
    [
        "HTTP://192.168.1.20:8080/T/{token}",
        "http://192.168.1.20:8080/t/{token}\n",
        "HTTPS://HALL.EXAMPLE.GOV.CN/T/{token}",
        "HTTPÖ--192.168.1.20Ö8080-T-{token}",  # a German keyboard
        "HTTP>&&192.168.1.20>8080&T&{token}",
        "ＨＴＴＰ：／／192.168.1.20:8080／Ｔ／{token}",
    ],
)
def test_a_scanned_link_is_found_by_its_letters_whatever_became_of_the_signs_between(text):
    token = visit_token(SECRET, DAY, "B038", "8KR2WT")
    for written in (token, token.lower()):
        assert token_in_scanned_text(text.format(token=written)) == token


@pytest.mark.parametrize(
    "text",
    [
        *("", "B038", "QD1 H1 2026-11-20 B038 8KR2WT", "http://192.168.1.20:8080/", f"HTTP://A/T/{'A' * 25}"),
        *(f"HTTP://A/T/{'A' * 27}", f"HTTP://A/T/{'A' * 25}1", f"HTTP://A/X/{'A' * 26}", f"A/T/{'A' * 26}"),
    ],
)
def test_another_text_is_no_link(text):
    assert token_in_scanned_text(text) is None


@ON_BOTH_ENGINES
def test_a_link_opens_its_ticket_today_and_never_one_that_is_void_of_another_date_or_hall(hall: Hall, tmp_path: Path):
    hall.queue("A", "A", "B")
    secret = verbs.visit_link_secret(hall.desk)
    assert (len(secret), verbs.visit_link_secret(hall.desk)) == (32, secret), "it is made once"
    tokens = {label: token_of(hall, label) for label in ("A001", "A002", "B001")}
    index, state = VisitTokenIndex(verbs.visit_link_secret(hall.desk)), hall.whole()
    found = {label: index.find_ticket_by_token(state, token, hall.date) for label, token in tokens.items()}
    assert {label: ticket and ticket.label for label, ticket in found.items()} == {label: label for label in tokens}
    assert index.find_ticket_by_token(state, tokens["A001"].lower(), hall.date) == found["A001"]
    wrong = tokens["A001"][:-1] + ("7" if tokens["A001"][-1] != "7" else "6")
    assert index.find_ticket_by_token(state, wrong, hall.date) is None
    assert index.find_ticket_by_token(state, "", hall.date) is None
    # A ticket that is issued later is found too, and a void one not any more.
    assert hall.issue("A") == "A003"
    hall.do("void", "A002", reason="wrong")
    state, later = hall.whole(), token_of(hall, "A003")
    assert [index.find_ticket_by_token(state, token, hall.date) is None for token in (later, tokens["A002"])] == [
        False,
        True,
    ]
    # The next day the same numbers are issued again: the old links open nothing.
    hall.play("day-end")
    hall.clock.move(hours=24)
    hall.queue("A", "A", "B")
    state = hall.whole()
    assert [index.find_ticket_by_token(state, token, hall.date) for token in tokens.values()] == [None] * 3
    assert (ticket := index.find_ticket_by_token(state, token_of(hall, "A001"), hall.date)) and ticket.date == hall.date
    (tmp_path / "other").mkdir()
    other = linking_hall(tmp_path / "other")
    other.queue("A")
    assert opened(other, tokens["A001"]) is None
    assert not [event for event in hall.log() if secret.hex() in str(event.data)]
    hall.must_follow_from_its_log()


def test_a_backup_holds_neither_keys_nor_secrets_and_a_restored_hall_has_another_one(hall: Hall, tmp_path, capsys):
    hall.queue("A")
    made, hook = verbs.add_key(hall.desk, hall.ask(), "site", ["read"]), verbs.add_hook(hall.desk, hall.ask(), HOOK)
    console = Console(hall.path, capsys.readouterr, hall.clock)
    link, file = link_of(hall, "A001"), console.ask("backup", tmp_path / "backup.zip")["file"]
    with ZipFile(file) as packed:
        content = b"".join(map(packed.read, packed.namelist()))
    assert b"web.hook" in content
    own = made["key"], verbs.current_api_keys(hall.desk)[0].digest, verbs.visit_link_secret(hall.desk).hex()
    assert not any(secret.encode() in content for secret in (*own, hook["secret"], "s3cret"))
    restored = Console(tmp_path / "again.sqlite", console.read, hall.clock)
    restored.ask("restore", file)
    again = restored.ask("web", "link", "A001")["link"]
    assert LINK.fullmatch(again) and again != link


# -- on paper, and read by the screens ---------------------------------------------------------------------------------


def test_printed_links_keys_and_states_of_cases_go_with_a_hall_that_moves_to_a_server(hall, tmp_path, empty_pg_url):
    hall.queue("A")
    link = link_of(hall, "A001")
    key = verbs.add_key(hall.desk, hall.ask(), "site", ["read"])
    states = tmp_path / "states.csv"
    states.write_text("reference,state,state_en\nGZ-1,审核中,In review\n", encoding="utf-8")
    verbs.import_case_progress(hall.desk, hall.ask(MANAGER), str(states))
    row = {"station": "web", "address": ADDRESS, "since": hall.clock(), "seen": hall.clock(), "looking": 0}
    served_pages.note_web_serving(hall.desk, WebServing(**row, fault="", faults=0))

    network.move_halls_to_server(hall.path, empty_pg_url, hall.ask())

    moved = Desk(Database.open(empty_pg_url), 1)
    try:
        assert verbs.link_document(moved, "A001", hall.clock())["link"] == link
        assert [known.digest for known in verbs.current_api_keys(moved)] == [digest_of_key(key["key"])]
        told = [verbs.case_progress_document(moved, "GZ-1", lang)["state"] for lang in ("zh_CN", "en")]
        assert told == ["审核中", "In review"]
        assert served_pages.serving_process_documents(moved, hall.clock()) == []
    finally:
        moved.db.dispose()


def test_a_slip_s_code_is_the_link_where_the_hall_uses_the_web_and_has_an_address(hall: Hall, tmp_path: Path, qapp):
    hall.queue("A")
    paper = SlipAndReportPrinter(hall.desk, hall.clock)

    def read() -> str:
        file = paper.save_ticket(hall.date, "A001", tmp_path / "slip.png")
        with Image.open(file) as picture:
            (code,) = zxingcpp.read_barcodes(picture.convert("L"))
        return str(code.text)

    assert read() == link_of(hall, "A001")
    assert opened(hall, read().rpartition("/")[2]) is not None
    paper.save_sample_ticket(tmp_path / "sample.png")
    with Image.open(tmp_path / "sample.png") as picture:
        assert LINK.fullmatch(zxingcpp.read_barcodes(picture.convert("L"))[0].text)
    hall.do("set-hall", {"web_address": ""})
    assert read().startswith("QD1 T 2026-11-20 A001 ")
    with refused(hall, "no_web_address"):
        link_of(hall, "A001")


def test_a_web_address_is_one_that_a_phone_can_open(hall: Hall):
    for address in ("192.168.1.20", "ftp://a", "http://a b", "http://a/b", "http://a:0", "http://a:99999"):
        with refused(hall, "bad_value", field="hall.web_address", value=address, why="no_web_address"):
            hall.do("set-hall", {"web_address": address})


@pytest.fixture
def context(hall: Hall, qapp):
    feed = HallFeed(hall.desk, hall.clock)
    feed.start()
    yield StationContext(hall.desk, feed, InlineTasks(), Look(), hall.clock, "guide", who=GUIDE)
    feed.stop()


def scanned(context: StationContext, text: str) -> TicketCodeContent | RuleError | None:
    read: list[TicketCodeContent | RuleError | None] = []
    context.read_scanned_ticket_code(text, read.append, read.append)
    (found,) = read
    return found


def test_each_screen_finds_the_ticket_of_a_link_and_of_a_plain_code(hall: Hall, context: StationContext, qtbot: QtBot):
    hall.open("1", "C1")
    hall.queue("A", "A")
    hall.serve_out("1")
    plain = f"QD1 T {hall.date} A002 {hall.ticket('A002').token}"
    link, garbled = link_of(hall, "A002"), link_of(hall, "A002").replace(":", "Ö").replace("/", "-")
    qtbot.waitUntil(lambda: context.feed.state.now.seq == hall.length())
    front, numbers = GuideController(context), list[str]()
    front.ticket_scanned.connect(numbers.append)
    for text in (plain, link, garbled):
        front.handle_scanned_code(text, link=False)
    assert numbers == ["A002"] * 3
    place = LinePlaceEnquiry(context, TicketIssuing(context, steady_ms=lambda: 0))
    for text in (plain, link, garbled):
        place.read_slip_code(text, numbers.append)
    assert numbers[3:] == ["A002"] * 3
    leaving = ExitRatingController(context, steady_ms=lambda: 0)
    leaving.handle_scanned_code(link)
    assert (leaving.number, leaving.trouble and leaving.trouble.code) == ("A002", "visit_not_ended")
    leaving.clear()
    leaving.handle_scanned_code(link_of(hall, "A001"))
    assert (str(leaving.stage), leaving.number) == ("asking", "A001")


def test_a_link_of_an_earlier_day_still_says_which_ticket_it_was_and_a_wrong_one_that_it_is_not_valid(hall, context):
    hall.queue("A")
    yesterday, link, token = hall.date, link_of(hall, "A001"), hall.ticket("A001").token
    hall.play("day-end")
    hall.clock.move(hours=24)
    hall.queue("A")
    assert scanned(context, link) == TicketCodeContent("T", yesterday, "A001", token)
    wrong = scanned(context, link[:-1] + ("7" if link[-1] != "7" else "6"))
    assert isinstance(wrong, RuleError) and wrong.code == "unknown_link"
    assert scanned(context, "http://example.org/") is None
    # It is not forgotten by switching the web off.
    hall.do("set-hall", {"features": ["kiosk"]})
    assert scanned(context, link) == TicketCodeContent("T", yesterday, "A001", token)
    verbs.withdraw_all_visit_links(hall.desk, hall.ask())
    assert isinstance(scanned(context, link), RuleError)


# -- what customers do by phone ----------------------------------------------------------------------------------------


@ON_BOTH_ENGINES
def test_a_customer_who_is_called_gives_up_the_place_and_the_window_is_told_why(hall: Hall):
    hall.open("1", "C1")
    hall.queue("A", "A", "A")
    ask = hall.ask(CUSTOMER)
    calling.postpone_ticket(hall.desk, ask, "A001")
    with refused(hall, "already_postponed", ticket="A001", n=1):
        calling.postpone_ticket(hall.desk, ask, "A001")
    assert hall.call("1") == "A002"
    hall.do("finish", "1")
    assert hall.call("1") == "A001"
    words = {"text": "A001 不来", "text_en": "A001 can't come"}
    give_up_place(hall.desk, ask, "A001", **words)
    assert (hall.ticket("A001").state, hall.whole().windows["1"].ticket) == ("left", None)
    left, message = hall.log()[-2:]
    assert (left.kind, left.actor, left.window, left.ticket) == ("leave", "customer", "1", "A001")
    assert (message.actor, message.data["origin"], message.data["to"]) == ("customer", "phone", "counter-1")
    assert hall.call("1") == "A003"
    hall.do("start", "1")
    for label in ("A003", "A002"):
        with refused(hall, "wrong_state"):
            give_up_place(hall.desk, ask, label, **words)
    hall.issue("A")
    give_up_place(hall.desk, ask, "A004", **words)
    assert (hall.last().kind, hall.last().ticket) == ("leave", "A004")
    hall.must_follow_from_its_log()
    hall.queue("A")
    hall.do("set-setting", "web_postpone", "off")
    with refused(hall, "not_your_role", verb="postpone", role="customer"):
        calling.postpone_ticket(hall.desk, ask, "A005")


def test_a_customer_asks_to_be_fetched_where_the_hall_fetches_people(hall: Hall):
    hall.queue("A")
    with refused(hall, "not_your_role", verb="need", role="customer"):
        issuing.set_fetching_need(hall.desk, hall.ask(CUSTOMER), "A001", "blind")
    hall.do("set-setting", "web_fetch", "on")
    assert issuing.set_fetching_need(hall.desk, hall.ask(CUSTOMER), "A001", "blind")["need"] == "blind"
    issuing.set_fetching_need(hall.desk, hall.ask(actor_of_station("K1")), "A001", "")
    assert hall.last().actor == "station:K1"


# -- the command -------------------------------------------------------------------------------------------------------


def test_the_command_gives_a_link_and_withdraws_all(hall: Hall, capsys: pytest.CaptureFixture[str]):
    hall.queue("A")
    console = Console(hall.path, capsys.readouterr, hall.clock)
    told = console.ask("web", "link", "A001")
    assert told == {"ticket": "A001", "link": link_of(hall, "A001")}
    assert console.ask("web", "link", "A001", "--date", str(hall.date)) == told
    assert console.say("web", "link", "A001").out.strip() == told["link"]
    assert console.refused("web", "link", "A009") == "unknown_ticket"
    assert console.say("web", "link").status == 2
    assert console.say("web", "link", "A001", "--renew").status == 2
    console.ask("web", "link", "--renew")
    assert hall.last().kind == "web.links"
    assert console.ask("web", "link", "A001")["link"] != told["link"]
    assert opened(hall, told["link"].rpartition("/")[2]) is None


def test_only_managers_withdraw_links(hall: Hall):
    for who in (GUIDE, clerk("C1"), CUSTOMER):
        with refused(hall, "not_your_role", verb="web-links", role=str(who.role)):
            verbs.withdraw_all_visit_links(hall.desk, hall.ask(who))


ROW = {**BOOKING, "web_address": ADDRESS}


@pytest.fixture
def one(shared_url: str) -> Iterator[Shared]:
    with shared(shared_url, "T", hall=ROW) as made:
        yield made


@pytest.fixture
def since_now(shared_url: str) -> Iterator[Shared]:
    with shared(shared_url, "T", since=datetime.now(UTC), hall=ROW) as made:
        made.hall().open("1", "C1")
        yield made


FOR_OTHERS = (
    *("UPDATE events SET actor = 'x'", "UPDATE halls SET setup = '{}'", "DELETE FROM events", "SELECT hash FROM pins"),
    *("SELECT name, contact FROM contacts", "SELECT text FROM comments", "SELECT level FROM ratings"),
    *("DELETE FROM web_secrets", "UPDATE web_secrets SET secret = ''", "SELECT * FROM joins"),
    *("UPDATE pcs SET kind = 'manager'", "SELECT name FROM contacts"),
)


def test_it_does_what_customers_do_and_only_that_is_more_than_a_public_screen_may(one: Shared):
    server, counter = one.pc(PcKind.WEB), one.hall()
    web = one.hall(server)
    verbs.visit_link_secret(counter.desk)
    counter.open("1", "C1")
    counter.queue("A", "A", "A", "A")
    ask = web.ask(CUSTOMER)
    calling.postpone_ticket(web.desk, ask, "A001")
    assert counter.call("1") == "A002"
    tell_window_customer_needs_time(web.desk, ask, "A002", text="A002 还需要两分钟")
    counter.do("miss", "1")
    calling.reinstate_missed_ticket(web.desk, ask, "A002")
    calling.record_customer_left(web.desk, ask, "A003")
    assert counter.call("1") == "A001"
    give_up_place(web.desk, ask, "A001", text="A001 不来")
    served = counter.serve_out("1")
    rating.rate_visit(web.desk, ask, served, 2, comment="Too loud")
    wish = AppointmentRequest(service="A", at=at("15:00"), name="Wang Fang", contact="138 0013 2201")
    booked = book_appointment(web.desk, ask, wish)["appointment"]
    for statement in FOR_OTHERS:
        with raw(server) as login, pytest.raises(psycopg.errors.InsufficientPrivilege):
            login.execute(statement)
    told = [(event.kind, event.ticket) for event in counter.log() if event.actor == "customer"]
    assert told == [
        ("postpone", "A001"),
        ("message", None),
        ("reinstate", "A002"),
        ("leave", "A003"),
        ("leave", "A001"),
        ("message", None),
        ("rate", served),
        ("book", None),
    ]
    assert booked == counter.length()
    assert EVENTS[PcKind.WEB] - EVENTS[PcKind.PUBLIC] == {"leave", "reinstate", "book", "message"}
    display = one.hall(one.pc(PcKind.PUBLIC))
    waiting, missed = counter.issue("A"), counter.call("1")
    counter.do("miss", "1")
    with denied():
        calling.record_customer_left(display.desk, display.ask(CUSTOMER), waiting)
    with denied():
        calling.reinstate_missed_ticket(display.desk, display.ask(CUSTOMER), missed)
    # It appends no call, and nothing in the name of staff.
    with denied():
        web.call("1")
    with denied():
        calling.record_customer_left(web.desk, web.ask(), waiting)
    assert counter.ticket(waiting).state == "waiting"


def test_every_pc_that_prints_makes_the_same_links_and_a_manager_s_alone_withdraws_them(one: Shared):
    one.hall().queue("A")

    def link(kind: PcKind) -> str:
        return str(verbs.link_document(one.hall(one.pc(kind)).desk, "A001", one.clock())["link"])

    before = {link(kind) for kind in PcKind}
    assert len(before) == 1
    for kind in set(PcKind) - {PcKind.MANAGER}:
        other = one.hall(one.pc(kind))
        with denied():
            verbs.withdraw_all_visit_links(other.desk, other.ask())
    assert {link(kind) for kind in PcKind} == before
    manager = one.hall(one.pc(PcKind.MANAGER))
    verbs.withdraw_all_visit_links(manager.desk, manager.ask())
    assert {link(kind) for kind in PcKind}.isdisjoint(before)


def test_pages_of_a_shared_hall_are_served_by_that_login(since_now: Shared, tmp_path: Path):
    counter = since_now.hall()
    counter.path = tmp_path / "hall.sqlite"
    counter.queue("A", "A")
    with serving(counter, program=TRIAL, place=since_now.pc(PcKind.WEB)) as served:
        until_device(counter, "up")
        stream = opened_stream(served, "/stream/A001")
        assert int(stream.data()) <= counter.last().seq
        label = counter.call("1")
        until(lambda: f"called {counter.last().seq}" in stream.data())
        assert label == "A001"
        told = served.get("/state").json()
        assert (told["current"], told["tickets"], told["asked"]) == (True, 2, counter.last().seq)
        stream.close()
        assert (served.end(), served.said()) == (0, "")
    assert set(devices(counter).values()) == {"stopped"}
    # It says that its PC's clock is wrong.
    fast = JumpDetectingClock(lambda: datetime.now(UTC) + timedelta(minutes=7), time.monotonic)
    clocks.report_clock_skew(since_now.desk(since_now.pc(PcKind.WEB)), fast, "Web")
    told = {row["station"]: row["cause"] for row in device_rows(counter.desk)}
    assert told["clock@Web"] == "ahead 7"


def test_as_a_pc_starts_the_web_waits_for_the_hall_s_server(since_now: Shared, tmp_path: Path):
    server, port = since_now.pc(PcKind.WEB), free_port()
    there = f"{server.rpartition('@')[0]}@127.0.0.1:{port}/{server.rpartition('/')[2]}"
    listen = ["--listen", f"127.0.0.1:{free_port()}", "--wait"]
    line = [*PROGRAM, "--db", there, "--lang", "en", "web", *listen]
    web = Loaded(line, at_home(tmp_path, PYTHONUNBUFFERED="1"))
    try:
        assert f"127.0.0.1:{port}" in web.stderr.readline()
        with closing(Relay(server, port=port)):
            assert "Web pages are served at" in web.stdout.readline()
    finally:
        web.kill()
        web.communicate()


def test_pages_go_on_where_a_hall_moves_to_a_server_meanwhile(empty_pg_url, tmp_path, monkeypatch):
    hall = web_hall(tmp_path)
    label = hall.issue("A")
    path = page_of(hall, label)
    with serving(hall) as served:
        until_followed(served, path, "waiting")
        network.move_halls_to_server(hall.path, empty_pg_url, hall.ask())
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        config.update_config({"db": empty_pg_url, "hall": looking.setup_of_hall(hall.desk).hall.code})
        moved = Hall(Desk(Database.open(empty_pg_url), 1), hall.clock, hall.path)
        try:
            moved.open("1", "C1")
            moved.call("1")
            until(lambda: is_called(served, path), "the page shows the call")
        finally:
            moved.desk.db.dispose()
        assert served.end() == 0


def is_called(served: Served, path: str) -> bool:
    """Whether a page shows a call; not, while nothing is served."""
    try:
        return '"state":"called"' in served.get(f"{path}/now").text
    except httpx.TransportError:
        return False


def test_pages_of_two_halls_of_one_server_are_served_and_ended_each_for_itself(shared_url: str, tmp_path: Path):
    with shared(shared_url, "T", "U", since=datetime.now(UTC), hall=ROW) as made, ExitStack() as served:
        halls, processes = [made.hall(hall=number) for number in (1, 2)], []
        for number in (1, 2):
            folder = tmp_path / str(number)
            folder.mkdir()
            home = Hall(halls[number - 1].desk, made.clock, folder / "hall")
            processes.append(served.enter_context(serving(home, place=made.pc(PcKind.WEB, number))))
        for one in halls:
            until_device(one, "up")
            assert list(devices(one)) == ["web@web PC"]
        until(lambda: request_end_if_web_serving(halls[0].desk, "web@web PC"), "it is noted where it serves")
        assert processes[0].process.wait(PATIENCE_S) == 0
        until_device(halls[0], "stopped")
        assert (set(devices(halls[1]).values()), processes[1].get("/").status_code) == ({"up"}, 200)


def test_kiosk_phone_and_front_desk_tell_how_far_a_case_is_and_count_it(one: Shared, tmp_path: Path):
    file = tmp_path / "states.csv"
    file.write_text("reference,state,state_en\nGZ-1,审核中,In review\n", encoding="utf-8")
    public, web, staff = (one.hall(one.pc(kind)) for kind in (PcKind.PUBLIC, PcKind.WEB, PcKind.STAFF))
    manager = one.hall(one.pc(PcKind.MANAGER))
    verbs.import_case_progress(manager.desk, manager.ask(MANAGER), str(file))
    for hall, who, place in (
        (public, actor_of_station("K1"), KIOSK),
        (web, CUSTOMER, PHONE),
        (staff, GUIDE, FRONT_DESK),
    ):
        assert verbs.case_progress_document(hall.desk, "gz1", "en")["state"] == "In review"
        verbs.record_case_enquiry(hall.desk, hall.ask(who), place)
    (day,) = verbs.enquiry_count_rows_by_date(manager.desk, manager.date, manager.date)
    assert [day[name] for name in (*PLACES, "all")] == [1, 1, 1, 3]
    with denied():
        verbs.import_case_progress(public.desk, public.ask(MANAGER), str(file))


# -- keys, events and the interface: what each kind of PC's login may do with them -------------------------------------
SERVES = (PcKind.WEB, PcKind.STAFF, PcKind.MANAGER)


def served_by(since_now: Shared, kind: PcKind, folder: Path) -> AbstractContextManager[Served]:
    return serving(Hall(since_now.hall().desk, since_now.clock, folder / "hall"), place=since_now.pc(kind))


def test_who_serves_reads_keys_and_only_a_manager_s_pc_changes_them(since_now: Shared) -> None:
    owner = since_now.hall()
    verbs.add_key(owner.desk, owner.ask(), "site", ["read"])
    verbs.add_hook(owner.desk, owner.ask(), "https://other.example/x", 1)
    for kind in sorted(PcKind, key=lambda one: one is PcKind.MANAGER):
        login = since_now.hall(since_now.pc(kind))
        if kind not in SERVES:
            for reads in (verbs.current_api_keys, verbs.web_hooks_with_last_seq):
                with denied():
                    reads(login.desk)
            continue
        assert [key.name for key in verbs.current_api_keys(login.desk)] == ["site"]
        ((hook, seq),) = verbs.web_hooks_with_last_seq(login.desk)
        for further in (1, 2):
            verbs.store_hook_position(login.desk, hook, seq + further)
        assert verbs.web_hooks_with_last_seq(login.desk) == [(hook, seq + 2)]
        if kind is PcKind.MANAGER:
            verbs.add_key(login.desk, login.ask(), "mine", ["call"])
            verbs.remove_key(login.desk, login.ask(), "site")
            verbs.remove_hook(login.desk, login.ask(), 1)
            continue
        for statement in ("UPDATE web_keys SET scopes = '[]'", "DELETE FROM web_keys", "DELETE FROM web_hooks"):
            with raw(since_now.pc(kind)) as direct, pytest.raises(psycopg.errors.InsufficientPrivilege):
                direct.execute(statement)
        with denied():
            verbs.add_key(login.desk, login.ask(), "mine", ["call"])


def test_the_web_s_own_login_serves_customers_programs_and_no_staff_s(since_now: Shared, tmp_path: Path) -> None:
    owner = since_now.hall()
    everything = key_for(owner, "read", "issue", "call", "book", "rate", "events", name="all")
    with receiving() as receiver, served_by(since_now, PcKind.WEB, tmp_path) as served:
        verbs.add_hook(owner.desk, owner.ask(), receiver.address)
        program = Program(served, everything)
        before = owner.length()
        assert program.refusal("POST", "/tickets", {"service": "A"}) == (403, "staff_login")
        assert program.refusal("POST", "/windows/1/call") == (403, "staff_login")
        assert program.refusal("GET", "/appointments") == (403, "staff_login")
        label = owner.issue("A")
        owner.serve_out("1", minutes=0)
        until(lambda: program.get(f"/tickets/{label}")["state"] == "finished", "the web has followed")
        assert program.post(f"/tickets/{label}/rate", {"level": 5, "comment": "quick"})["ticket"] == label
        day = str(owner.date + timedelta(days=1))
        wish = {"service": "A", "date": day, "at": "10:00", "name": "Wang Fang"}
        booked = program.post("/appointments", wish, id="web-1")
        assert program.post("/appointments", wish, id="web-1") == booked
        gone = program.ask("DELETE", f"/appointments/{booked['appointment']}?reason=ill")
        assert gone.json()["state"] == "cancelled"
        told = [(event.kind, event.actor) for event in owner.log(before) if event.actor == "customer"]
        assert told == [("rate", "customer"), ("book", "customer"), ("unbook", "customer")]
        assert "Wang Fang" not in str([event.data for event in owner.log()])
        (rated,) = [one for one in program.get("/events?after=0")["events"] if one["kind"] == "rate"]
        assert "level" not in rated["data"]
        receiver.until_has(owner.length())
        until(lambda: {row["behind"] for row in verbs.hook_documents(owner.desk)} == {0}, "it is written down")


def test_where_two_pcs_serve_an_event_is_sent_once_and_that_of_staff_goes_on_for_programs_that_issue_and_call(
    since_now, tmp_path
):
    owner = since_now.hall()
    key = key_for(owner, "issue", "call", "book", name="desk")
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    with (
        receiving() as receiver,
        served_by(since_now, PcKind.WEB, tmp_path / "a") as first,
        served_by(since_now, PcKind.STAFF, tmp_path / "b") as second,
    ):
        until(lambda: len(serving_process_documents(owner.desk, datetime.now(UTC))) == 2, "both serve")
        verbs.add_hook(owner.desk, owner.ask(), receiver.address, 1)
        for _ in range(5):
            owner.issue("A")
        receiver.until_has(owner.length())
        assert receiver.seqs() == list(range(1, receiver.seqs()[-1] + 1))
        until(lambda: {row["behind"] for row in verbs.hook_documents(owner.desk)} == {0}, "it is written down")
        assert first.end() == 0
        program = Program(second, key)
        label = program.post("/tickets", {"service": "A"}, id="1")["ticket"]
        assert program.post("/tickets", {"service": "A"}, id="1")["ticket"] == label
        assert program.refusal("POST", "/tickets", {"service": "B"}, id="1") == (409, "id_used")
        assert program.post("/windows/1/call")["ticket"] == "A001"
        assert program.get("/appointments") == {"appointments": []}
        assert [event.actor for event in owner.log() if event.kind in ("issue", "call")][-2:] == ["key:desk"] * 2
        receiver.until_has(owner.length())
        assert len(receiver.seqs()) <= receiver.seqs()[-1] + 1, "at most the one that was under way comes twice"
        assert set(receiver.seqs()) == set(range(1, receiver.seqs()[-1] + 1))
