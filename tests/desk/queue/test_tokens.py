"""A slip's letters: by chance in life, the same again where a day has to come out the same."""

import re
from datetime import date
from pathlib import Path

from queuedesk.desk.change import LETTERS, Desk, derived_tokens, random_token
from queuedesk.desk.queue import issuing
from tests.engine_fixtures import ON_BOTH_ENGINES
from tests.hall import simple_hall

pytestmark = ON_BOTH_ENGINES

DAY = date(2026, 11, 20)


def test_derived_letters_are_the_same_for_the_same_source_date_and_number() -> None:
    token = derived_tokens(b"a file")

    assert re.fullmatch(f"[{LETTERS}]{{6}}", token(DAY, "A001"))
    assert token(DAY, "A001") == derived_tokens(b"a file")(DAY, "A001")
    others = {token(DAY, "A002"), token(date(2026, 11, 21), "A001"), derived_tokens(b"another")(DAY, "A001")}
    assert token(DAY, "A001") not in others
    assert len(others) == 3


def test_random_letters_differ_from_ticket_to_ticket() -> None:
    assert len({random_token(DAY, "A001") for _ in range(50)}) == 50


def test_the_desk_gives_the_letters_of_its_source(tmp_path: Path) -> None:
    hall = simple_hall(tmp_path)
    desk = Desk(hall.desk.db, hall.desk.hall, derived_tokens(b"seed"))

    label = str(issuing.issue(desk, hall.ask(), "A")["ticket"])

    assert hall.ticket(label).token == derived_tokens(b"seed")(DAY, label)
