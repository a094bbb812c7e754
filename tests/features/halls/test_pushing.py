"""One set-up pushed to several halls: what it changes, who may, what stays a hall's own, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from queuedesk.core.errors import RuleError
from queuedesk.core.log.event import broken_at
from queuedesk.core.network.roles import CONSOLE, HALL, Actor, Role
from queuedesk.core.network.sharing import PcKind
from queuedesk.desk import looking
from queuedesk.desk.change import Ask, Desk
from queuedesk.desk.queue import opening
from queuedesk.desk.setup import setting_up
from queuedesk.features.halls.verbs import pushing
from queuedesk.store.log import events
from tests.credentials import shared
from tests.hall import at, simple_setup

AD, M1 = Actor("AD", Role.ADMIN), Actor("M1", Role.MANAGER)


def ask(time: str = "9:00", who: Actor = CONSOLE, *, days: int = 0) -> Ask:
    return Ask(who, at(time) + timedelta(days=days))


@pytest.fixture
def halls(pg_url: str) -> Iterator[dict[str, Desk]]:
    """A, from which is pushed; B and C, which A's admin leads; and D, which nobody does."""
    made = {}
    for code, led_by in (("A", []), ("B", ["A/AD"]), ("C", ["A/AD"]), ("D", [])):
        document = simple_setup()
        document["hall"] |= {"code": code, "name": code, "led_by": led_by, "region": "East" if code == "B" else "West"}
        made[code] = setting_up.create_hall(pg_url, document, ask("8:00"))
    setting_up.set_row(made["A"], ask("8:30"), "services", "A", {"name": "Pay"})
    yield made
    for desk in made.values():
        desk.db.dispose()


def name(desk: Desk, service: str = "A") -> str:
    return looking.setup_of(desk).services[service].name


def ticked(desk: Desk, who: Actor = AD) -> dict[str, bool]:
    return {one.code: one.is_ticked for one in pushing.preview(desk, who, ["words"], at("9:00"))}


def became(document: dict[str, Any]) -> dict[str, str]:
    return {row["hall"]: row["became"] for row in document["halls"]}


def test_what_is_pushed_reaches_whoever_the_pusher_leads_and_has_no_words_of_its_own(halls):
    assert ticked(halls["A"]) == {"A": False, "B": True, "C": True}
    assert ticked(halls["A"], CONSOLE) == {"A": False, "B": True, "C": True, "D": True}
    assert ticked(halls["B"]) == {"B": False}
    with pytest.raises(RuleError, match="not_your_role"):
        pushing.preview(halls["A"], M1, ["words"], at("9:00"))
    with pytest.raises(RuleError, match="unknown_hall"):
        pushing.push(halls["A"], ask(who=AD), ["words"], to=["D"])
    today = at("9:00").date()
    for when, until in (("quiet", today - timedelta(days=1)), ((today + timedelta(days=2)).isoformat(), today)):
        with pytest.raises(RuleError) as refused:
            pushing.push(halls["A"], ask(), ["words"], to=["B"], when=when, until=until)
        assert (refused.value.code, refused.value.details["why"]) == ("bad_value", "is_over")
    assert pushing.pushes_document(halls["A"], CONSOLE) == []

    setting_up.set_row(halls["C"], ask("8:40", AD), "services", "A", {"name": "Own"})
    there = {one.code: one for one in pushing.preview(halls["A"], AD, ["words"], at("9:00"))}
    assert (there["C"].is_ticked, there["C"].own_since, there["C"].found[0].by) == (False, at("8:40"), "AD")
    first = pushing.push(halls["A"], ask("9:00", AD), ["words"])
    asked = pushing.push(halls["A"], ask("9:01", AD), ["words"], to=["C"])
    assert (became(first), first["left"], became(asked)) == ({"B": "push"}, ["C"], {"C": "push"})
    assert [name(halls[code]) for code in "BCD"] == ["Pay", "Pay", "A"]
    with halls["B"].db.read() as tx:
        log = list(events.all_of(tx, halls["B"].hall))
    assert (log[-1].actor, log[-1].data["push"]["from"], broken_at(log)) == ("A/AD", "A", None)
    with pytest.raises(RuleError, match="nothing_to_push"):
        pushing.push(halls["A"], ask("9:02", AD), ["words"])

    setting_up.add_row(halls["B"], ask("9:05"), "services", {"code": "Z", "name": "Z", "prefix": "K", "first": 5})
    setting_up.set_row(halls["A"], ask("9:06"), "services", "C", {"prefix": "K"})
    there = {one.code: one for one in pushing.preview(halls["A"], AD, ["services"], at("9:07"))}
    assert there["B"].refused is not None
    assert not there["B"].is_ticked
    pushed = pushing.push(halls["A"], ask("9:08", AD), ["services"], to=["B", "C"])
    assert became(pushed) == {"B": "refused", "C": "push"}, "one hall's refusal stops no other"
    (told,) = (row for row in pushing.pushes_document(halls["A"], AD) if row["n"] == pushed["n"])
    assert [(row["hall"], row["became"], row["code"]) for row in told["halls"]] == [
        ("B", "refused", "bad_value"),
        ("C", "push", None),
    ]


def test_an_open_hall_takes_what_it_did_not_change_itself_when_nobody_is_there_any_more(halls):
    b = halls["B"]
    setting_up.set_row(halls["A"], ask("8:31"), "services", "B", {"name": "Ask"})
    opening.open_window(b, ask("8:50"), "1", staff="C1")
    pushed = pushing.push(halls["A"], ask(), ["words"], region="East")
    assert became(pushed) == {"B": "due"}
    setting_up.set_row(b, ask("9:05"), "services", "A", {"name": "Own"})
    assert pushing.take_due(b, ask("9:10", HALL)) == {"taken": []}
    assert name(b, "B") == "B"

    opening.close(b, ask("17:00"), "1")
    (taken,) = pushing.take_due(b, ask("17:01", HALL))["taken"]
    assert (taken["from"], taken["n"], taken["became"]) == ("A", pushed["n"], "push")
    assert (taken["changes"], taken["left"]) == (1, 1)
    assert [name(b, code) for code in "AB"] == ["Own", "Ask"]
    assert pushing.take_due(b, ask("17:02", HALL)) == {"taken": []}

    setting_up.set_row(halls["A"], ask("17:05"), "services", "C", {"name": "More"})
    day = (at("9:00") + timedelta(days=2)).date().isoformat()
    n = pushing.push(halls["A"], ask("17:06"), ["words"], to=["B"], when=day)["n"]
    assert pushing.take_due(b, ask("9:00", HALL, days=1)) == {"taken": []}
    assert became(pushing.take_back(halls["A"], ask("9:01", days=1), n)) == {"B": "back"}
    assert pushing.take_due(b, ask("9:00", HALL, days=2)) == {"taken": []}
    assert name(b, "C") == "C", "what waited for a day is withdrawn"


def test_former_words_come_back_after_a_date_or_when_asked_but_for_what_was_changed_since(halls):
    setting_up.set_row(halls["A"], ask("8:31"), "services", "B", {"name": "Ask"})
    last = at("9:00").date()
    pushing.push(halls["A"], ask(), ["words"], when="at-once", until=last)
    setting_up.set_row(halls["C"], ask("9:05"), "services", "A", {"name": "Own"})
    for code in "BCD":
        assert pushing.take_due(halls[code], ask("23:00", HALL)) == {"taken": []}
        pushing.take_due(halls[code], ask("8:00", HALL, days=1))
    assert [name(halls["B"], code) for code in "AB"] == ["A", "B"]
    assert [name(halls["C"], code) for code in "AB"] == ["Own", "B"]

    n = pushing.push(halls["A"], ask(days=1), ["words"], to=["B", "C", "D"])["n"]
    assert [name(halls[code]) for code in "BCD"] == ["Pay", "Pay", "Pay"]
    assert became(pushing.take_back(halls["A"], ask("9:05", AD, days=1), n, "C")) == {"C": "back"}
    assert [name(halls[code]) for code in "BC"] == ["Pay", "Own"]
    rest = pushing.take_back(halls["A"], ask("9:06", AD, days=1), n)
    assert became(rest) == {"B": "back", "C": "nothing", "D": "refused"}
    assert [name(halls[code]) for code in "BCD"] == ["A", "Own", "Pay"]
    with pytest.raises(RuleError, match="not_there"):
        pushing.take_back(halls["A"], ask(days=1), n + 1)


@pytest.mark.pg
def test_a_pc_s_own_login_pushes_nothing_but_its_hall_takes_what_waits(shared_url: str):
    with shared(shared_url, "A", "B") as both:
        a, b = Desk(both.owner, 1), Desk(both.owner, 2)
        setting_up.set_row(a, ask("9:00"), "services", "A", {"name": "Pay"})
        pc = both.desk(both.pc(PcKind.MANAGER))
        for do in (
            lambda: pushing.preview(pc, CONSOLE, ["words"], at("9:00")),
            lambda: pushing.push(pc, ask(), ["words"]),
            lambda: pushing.take_back(pc, ask(), 2),
        ):
            with pytest.raises(RuleError, match="push_elsewhere"):
                do()
        opening.open_window(b, ask("9:00"), "1", staff="C1")
        pushed = pushing.push(a, ask("9:01"), ["words"])
        opening.close(b, ask("9:02"), "1")
        there = {kind: both.desk(both.pc(kind, 2), 2) for kind in PcKind}

        for kind in (PcKind.PUBLIC, PcKind.STAFF):
            assert pushing.take_due(there[kind], ask("9:03", HALL)) == {"taken": []}
        taken = pushing.take_due(there[PcKind.MANAGER], ask("9:03", HALL))["taken"]

        assert (became(pushed), [row["became"] for row in taken]) == ({"B": "due"}, ["push"])
        assert name(b) == "Pay"
        told = pushing.pushes_document(pc, CONSOLE)
        assert told[0]["halls"] == [{"hall": "B", "became": None, "at": None, "changes": 0, "code": None}]
