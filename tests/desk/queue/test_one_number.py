"""One number a person: who gets no second ticket, by whom it is given all the same, and what is left of a reference."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zipfile import ZipFile

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import CONSOLE, CUSTOMER, actor_of_station
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import issuing
from queuedesk.desk.upkeep import maintenance
from queuedesk.i18n import error_sentence
from queuedesk.store.log import events
from tests import engines
from tests.desk.stories import story_of
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import ADMIN, GUIDE, Hall, refused, simple_hall

KIOSK = actor_of_station("K1")
CARD = "3301 0619 7802"


def hall_with_rule(folder: Path, rule: str) -> Hall:
    hall = simple_hall(folder, settings={"one_number": rule})
    hall.open("2", "C2")
    return hall


@pytest.mark.parametrize("rule", ["on", "day"])
def test_a_second_number_is_refused_while_the_first_counts(tmp_path: Path, rule: str) -> None:
    hall = hall_with_rule(tmp_path, rule)
    hall.queue("A", "A")
    mine = hall.issue("A", person=CARD)
    with pytest.raises(RuleError) as refusal:
        hall.issue("A", person=CARD)
    assert error_sentence(refusal.value, "en") == f"This person already has {mine} for A; 2 people are ahead."
    assert error_sentence(refusal.value, "zh_CN") == f"此人已有 A 的 {mine} 号，前面还有 2 人。"
    with refused(hall, "has_number", ticket=mine, service="A", state="waiting", ahead=2):
        hall.issue("A", person=CARD.replace(" ", "-"))
    assert hall.issue("B", person=CARD) == "B001", "another service"
    hall.call("2", ticket=mine, reason="r")
    with refused(hall, "has_number", state="called", ahead=None):
        hall.issue("A", person=CARD)
    hall.do("miss", "2")
    with refused(hall, "has_number", state="missed"):
        hall.issue("A", person=CARD)
    hall.play(f"reinstate {mine}")
    hall.call("2", ticket=mine, reason="r")
    hall.do("start", "2")
    hall.do("finish", "2")
    if rule == "on":
        assert hall.issue("A", person=CARD) == "A004"
    else:
        with refused(hall, "has_number", state="finished"):
            hall.issue("A", person=CARD)
    # Whoever went, whose ticket was a mistake, or who was missed and can come no more, begins anew.
    hall.do("set-row", "services", "A", {"max_returns": 0})
    for ends in (["leave {}"], ["void {} reason=r"], ["call 2 ticket={} reason=r", "miss 2"]):
        label = hall.issue("A", person=f"{ends} 4711")
        hall.play(*(end.format(label) for end in ends))
        hall.issue("A", person=f"{ends} 4711")


def test_staff_give_one_more_with_a_reason_that_the_log_keeps_and_nobody_else_does(tmp_path: Path) -> None:
    hall = hall_with_rule(tmp_path, "on")
    first = hall.issue("A", person=CARD)
    for who in (KIOSK, CUSTOMER):
        with pytest.raises(RuleError, match="not_your_role"):
            issuing.issue_ticket(hall.desk, hall.ask(who), "A", person=CARD, waive="for my wife")
    second = hall.do("issue", "A", person=CARD, waive="for the husband", who=GUIDE)["ticket"]
    event = hall.log()[-1]
    assert (event.data["waive"], CARD in str(event.data)) == ("for the husband", False)
    for typed, told in ((True, "a further number: for the husband"), (False, "a further number, for a reason")):
        assert story_of(hall, second, typed=typed)[0].endswith(told)
    with refused(hall, "has_number", ticket=second):
        hall.issue("A", person=CARD)
    assert hall.do("issue", "A", waive="no card with them", who=GUIDE)["ticket"] != first
    # A case's reference stays what it is beside a person's.
    hall.issue("A", person="other 4711", ref="CASE 12")
    assert hall.log()[-1].data["ref"] == "CASE 12"


@ON_BOTH_ENGINES
def test_of_many_that_ask_at_once_in_three_programs_one_gives_the_number(tmp_path: Path) -> None:
    hall = hall_with_rule(tmp_path, "on")
    others = [Desk(engines.again(hall.desk.db), hall.desk.hall) for _program in range(2)]

    def ask(desk: Desk) -> str:
        try:
            return str(issuing.issue_ticket(desk, Ask(CONSOLE, hall.clock()), "A", person=CARD)["ticket"])
        except RuleError as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as people:
        answers = sorted(people.map(ask, [hall.desk, *others] * 4))
    assert answers == ["A001", *["has_number"] * 11]
    for desk in others:
        desk.db.dispose()


def test_salt_and_digests_leave_the_file_with_the_day_and_no_backup_has_them(tmp_path: Path) -> None:
    hall = hall_with_rule(tmp_path, "on")
    hall.issue("A", person=CARD)
    with hall.desk.db.read() as tx:
        stored = events.answer_of_command(tx, hall.desk.hall, f"{events.ONE_NUMBER}salt")
    assert stored is not None
    salt = str(stored[1]["salt"]).encode()
    backup = tmp_path / "backup"
    maintenance.write_database_backup(hall.desk.db, ADMIN, backup, hall.clock())
    with ZipFile(backup) as pack:
        packed = b"".join(map(pack.read, pack.namelist()))
    assert b"A001" in packed and salt not in packed and events.ONE_NUMBER.encode() not in packed
    assert salt in files(tmp_path)
    hall.clock.move(days=1)
    hall.issue("B")
    hall.desk.db.dispose()
    assert salt not in files(tmp_path) and events.ONE_NUMBER.encode() not in files(tmp_path)
    assert hall.issue("A", person=CARD) == "A001", "another day"


def files(folder: Path) -> bytes:
    """Return all that stands in the hall's files."""
    return b"".join(path.read_bytes() for path in folder.glob("hall.sqlite*"))
