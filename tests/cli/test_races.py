"""Many processes at once and processes that die: no number twice, no customer twice, nothing half done."""

import random
import subprocess
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from tests.cli.commands import Answer, Console, ended, loaded
from tests.cli.upkeep.test_keeping import data_checks

AT_ONCE = 8


def all_done(live: Console, *commands: Sequence[object]) -> list[Answer]:
    """Do these at once and return what each came to; who was told that the database is busy asks again."""
    answers = [ended(one) for one in [loaded(live.db, "--json", *words) for words in commands]]
    while busy := [n for n, answer in enumerate(answers) if answer.status and answer.refusal == "database_busy"]:
        for n in busy:
            answers[n] = ended(loaded(live.db, "--json", *commands[n]))
    return answers


def test_eight_at_once_give_no_number_twice_and_the_same_id_is_done_once(live: Console):
    given = [answer.document["ticket"] for answer in all_done(live, *[("issue", "A")] * AT_ONCE)]
    assert sorted(given) == [f"A{n:03d}" for n in range(1, AT_ONCE + 1)]
    answers = all_done(live, *[("--id", "same", "issue", "A")] * (AT_ONCE // 2))
    assert {answer.document["ticket"] for answer in answers} == {f"A{AT_ONCE + 1:03d}"}
    assert [event["seq"] for event in live.log()] == list(range(1, AT_ONCE + 3))


def test_eight_windows_at_once_call_no_customer_twice(live: Console):
    for n in range(1, 7):
        live.ask("open", n, "--staff", f"C{n}")
    for _ in range(4):
        live.ask("issue", "A")
    answers = all_done(live, *(("call", n) for n in range(1, 7)))
    assert Counter(answer.status for answer in answers) == {0: 4, 1: 2}
    assert len({answer.document["ticket"] for answer in answers if answer.status == 0}) == 4
    assert {answer.refusal for answer in answers if answer.status == 1} == {"nobody_waiting"}


def test_what_dies_at_any_moment_leaves_a_whole_hall(live: Console):
    dice = random.Random(7)
    for _ in range(12):
        running = [loaded(live.db, "issue", service) for service in "AB"]
        with suppress(subprocess.TimeoutExpired):
            running[0].wait(dice.uniform(0.0, 0.1))
        for one in running:
            one.kill()
            ended(one)
    checks = data_checks(live)
    assert (checks["integrity"], checks["chain"], checks["tables"]) == ("ok", "ok", "ok")
    assert live.ask("issue", "A")["state"] == "waiting"
