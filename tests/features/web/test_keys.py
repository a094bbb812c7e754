"""Keys of other programs, and addresses that events are sent to: who gives them, what is kept of them, how often."""

import hashlib
import hmac
import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from queuedesk.core.network.roles import CONSOLE, Role
from queuedesk.desk.upkeep import examining
from queuedesk.desk.upkeep.maintenance import write_database_backup
from queuedesk.features.web.rules import (
    LONGEST_PAUSE_S,
    MOST_HOOKS,
    MOST_KEYS,
    SCOPES,
    TokenBucket,
    actor_of_key,
    body_signature,
    find_key,
    pause_after_failures,
)
from queuedesk.features.web.verbs import keys
from tests.cli.commands import Console
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import ADMIN, GUIDE, MANAGER, Hall, clerk, refused

ADDRESS = "https://other.example/events?token=s3cret"


@ON_BOTH_ENGINES
def test_an_admin_gives_keys_and_takes_them_back_and_only_digests_are_kept(hall: Hall) -> None:
    desk = hall.desk
    made = keys.add_key(desk, hall.ask(ADMIN), "门口-1", ["call", "read", "call"])
    other = keys.add_key(desk, hall.ask(), "site", ["read"])
    assert (made["program"], made["scopes"]) == ("门口-1", ["read", "call"])
    assert len({made["key"], other["key"]}) == 2
    assert [(row["program"], row["scopes"]) for row in keys.key_documents(desk)] == [
        ("site", ["read"]),
        ("门口-1", ["read", "call"]),
    ]
    known = keys.current_api_keys(desk)
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
            keys.add_key(desk, hall.ask(who), "mine", ["read"])
        with refused(hall, "not_your_role", verb="web-key", role=str(who.role)):
            keys.remove_key(desk, hall.ask(who), "site")
    with refused(hall, "web_key_taken", name="site"):
        keys.add_key(desk, hall.ask(), "site", ["call"])
    with refused(hall, "web_key_scope", scope="everything"):
        keys.add_key(desk, hall.ask(), "more", ["read", "everything"])
    for name in ("", "two words", "a/b", "x" * 41):
        with refused(hall, "web_key_name"):
            keys.add_key(desk, hall.ask(), name, ["read"])
    keys.remove_key(desk, hall.ask(), "site")
    with refused(hall, "web_key_unknown", name="site"):
        keys.remove_key(desk, hall.ask(), "site")
    assert find_key(keys.current_api_keys(desk), other["key"]) is None
    assert hall.last().kind == "web.key-gone"
    assert {one.status for one in examining.examine_database(desk.db)} == {examining.OK}
    hall.must_follow_from_its_log()


def test_there_are_not_more_keys_than_somebody_looks_over_nor_more_addresses_than_threads_for_them(hall: Hall) -> None:
    for number in range(MOST_KEYS):
        keys.add_key(hall.desk, hall.ask(), f"k{number}", ["read"])
    with refused(hall, "web_too_many", n=MOST_KEYS):
        keys.add_key(hall.desk, hall.ask(), "one-more", ["read"])
    for number in range(MOST_HOOKS):
        keys.add_hook(hall.desk, hall.ask(), f"http://host/{number}")
    with refused(hall, "web_too_many", n=MOST_HOOKS):
        keys.add_hook(hall.desk, hall.ask(), "http://host/more")


@ON_BOTH_ENGINES
def test_events_are_sent_to_addresses_from_a_number_on(hall: Hall) -> None:
    desk = hall.desk
    first = keys.add_hook(desk, hall.ask(ADMIN), ADDRESS, 1)
    later = keys.add_hook(desk, hall.ask(), "http://192.168.1.7:9000")
    assert (first["hook"], first["from"]) == (1, 1)
    assert (later["hook"], later["from"]) == (2, hall.length() + 1)
    assert first["secret"] != later["secret"]
    assert [(row["hook"], row["sent"], row["behind"]) for row in keys.hook_documents(desk)] == [(1, 0, 3), (2, 3, 0)]
    stored = {hook.number: hook for hook, _seq in keys.web_hooks_with_last_seq(desk)}
    keys.store_hook_position(desk, stored[1], 2)
    keys.store_hook_position(desk, stored[1], 3)
    assert [(hook.number, seq) for hook, seq in keys.web_hooks_with_last_seq(desk)] == [(1, 3), (2, 3)]
    # The log says where events go, but nothing of the address that may be a secret of its owner's.
    assert [event.data["host"] for event in hall.log(1)] == ["other.example", "192.168.1.7:9000"]
    assert not any(secret in str(hall.log()) for secret in ("s3cret", first["secret"]))
    with refused(hall, "not_your_role", verb="web-hook", role="manager"):
        keys.remove_hook(desk, hall.ask(MANAGER), 1)
    keys.remove_hook(desk, hall.ask(ADMIN), 1)
    with refused(hall, "web_hook_unknown", n=1):
        keys.remove_hook(desk, hall.ask(), 1)
    # Whoever gets the number of an address that is gone begins anew.
    keys.remove_hook(desk, hall.ask(), 2)
    assert keys.add_hook(desk, hall.ask(), ADDRESS, 1)["hook"] == 1
    assert [seq for _hook, seq in keys.web_hooks_with_last_seq(desk)] == [0]
    # … also where what was sent to the earlier one is written down only now.
    keys.store_hook_position(desk, stored[1], 3)
    assert [seq for _hook, seq in keys.web_hooks_with_last_seq(desk)] == [0]
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
            keys.add_hook(hall.desk, hall.ask(), address)
    for address in ("http://127.0.0.1", "https://[::1]:8443/a?b=c", "http://pc-7:80/x", "http://web.local."):
        assert keys.add_hook(hall.desk, hall.ask(), address)["address"] == address


def test_a_backup_holds_neither_keys_nor_secrets(hall: Hall, tmp_path: Path) -> None:
    made = keys.add_key(hall.desk, hall.ask(), "site", ["read"])
    hook = keys.add_hook(hall.desk, hall.ask(), ADDRESS)
    kept = keys.current_api_keys(hall.desk)[0].digest
    file = write_database_backup(hall.desk.db, CONSOLE, tmp_path / "backup.zip", hall.clock())
    with ZipFile(file) as packed:
        content = b"".join(packed.read(name) for name in packed.namelist())
    assert b"web.hook" in content
    assert not any(secret.encode() in content for secret in (made["key"], kept, hook["secret"], "s3cret"))


def test_who_acts_by_a_key() -> None:
    assert {scope: actor_of_key("door", scope, is_web_login=False).name for scope in SCOPES} == {
        **dict.fromkeys(SCOPES, "key:door"),
        "rate": "customer",
    }
    assert {actor_of_key("door", scope, is_web_login=True).role for scope in ("book", "rate")} == {Role.CUSTOMER}


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


def test_a_signature_is_that_of_the_body() -> None:
    digest = hmac.new(b"secret", b'{"seq":1}', hashlib.sha256).hexdigest()
    assert body_signature("secret", b'{"seq":1}') == f"sha256={digest}"


def test_the_commands_about_keys_and_addresses(hall: Hall, capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(hall.path, capsys.readouterr, hall.clock)
    made = console.ask("web", "keys", "add", "door", "--scope", "issue", "read")
    assert (made["program"], made["scopes"]) == ("door", ["read", "issue"])
    said = console.say("web", "keys", "add", "site", "--scope", "read").out
    assert re.fullmatch(r"The key, shown only now: qd_[\w-]{43}\n", said)
    (door, site) = console.ask("web", "keys", "list")["keys"]
    assert (door["program"], site["scopes"], set(site)) == ("door", ["read"], {"program", "scopes", "made"})
    assert console.say("web", "keys", "list").out == "door  read issue\nsite  read\n"
    assert console.refused("web", "keys", "add", "door", "--scope", "read") == "web_key_taken"
    assert console.refused("web", "keys", "remove", "nobody") == "web_key_unknown"
    for words in (("keys",), ("keys", "add", "x"), ("keys", "add", "x", "--scope", "all"), ("hooks", "add")):
        answer = console.say("web", *words)
        assert (answer.status, answer.out) == (2, "") and answer.err.startswith("Usage: queuedesk web")
    again = [console.say("--id", "k-1", "web", "keys", "add", "once", "--scope", "read").out for _ in range(2)]
    assert again[0].startswith("The key") and again[1] == "once\n"
    assert console.ask("web", "keys", "remove", "door") == {"program": "door"}
    hook = console.ask("web", "hooks", "add", ADDRESS, "--from", 2)
    assert (hook["hook"], hook["address"], hook["from"]) == (1, ADDRESS, 2)
    assert re.fullmatch(
        r"Number 2\. The secret, shown only now: [\w-]{43}\n", console.say("web", "hooks", "add", ADDRESS).out
    )
    rows = console.ask("web", "hooks", "list")["hooks"]
    assert [(row["hook"], row["sent"], row["behind"]) for row in rows] == [
        (1, 1, hall.length() - 1),
        (2, hall.length(), 0),
    ]
    assert console.say("web", "hooks", "list").out.splitlines()[1] == f"2  {ADDRESS}"
    assert console.refused("web", "hooks", "add", "nowhere") == "web_hook_address"
    assert console.refused("web", "hooks", "remove", 7) == "web_hook_unknown"
    assert console.ask("web", "hooks", "remove", 1) == {"hook": 1}
    console.ask("features", "off", "web")
    assert console.refused("web", "keys", "list") == "feature_off"
