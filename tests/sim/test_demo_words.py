"""A demo in English: nobody types Chinese in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from queuedesk.core.setup.file import check_setup
from queuedesk.desk import looking
from queuedesk.features.forums import demo as forums
from queuedesk.features.indicators import demo as indicators
from queuedesk.features.inspections import demo as inspections
from queuedesk.features.projects import demo as projects_demo
from queuedesk.features.staff import demo
from queuedesk.sim import whole_hall
from queuedesk.sim.demo_words import ENGLISH, typed
from tests.hall import MANAGER, simple_hall, simple_setup

CHINESE = re.compile("[\u4e00-\u9fff]")


def told() -> Iterator[str]:
    """Yield everything that people of the demo's hall type."""
    yield from (*indicators.INDICATORS, indicators.SURVEY)
    for case in whole_hall.CASES:
        yield from (case.title, case.words, *(step[3].get("note", "") for step in case.steps))
    for one in whole_hall.HAPPENINGS.values():
        yield from (one.note, one.thanks)
    yield from forums.SAID
    yield from (words for known in whole_hall.WORDS.values() for words in known)
    yield from (words for _klass, words in whole_hall.TOLD)
    yield from (*projects_demo.NOON_WORDS, *projects_demo.FIRST_WORDS)
    yield from (topic for topic, *_rest in demo.SESSIONS.values())
    yield from (text for both in demo.WORDS.values() for text in both)
    yield from (inspections.GLASSES, inspections.PLATE_MISSING, inspections.OLD_FEES)


def test_everything_has_its_english() -> None:
    document = simple_setup()
    chinese = check_setup(document)
    english = check_setup({**document, "hall": {**document["hall"], "lang": "en"}})
    texts = [text for text in told() if text]

    assert [text for text in texts if not CHINESE.search(text)] == [], "typed in English in a Chinese hall"
    assert [text for text in texts if CHINESE.search(typed(english, text))] == []
    assert [typed(chinese, text) for text in texts] == texts
    assert [text for text in ENGLISH.values() if CHINESE.search(text)] == []


def test_a_case_is_followed_in_the_halls_language(tmp_path: Path) -> None:
    document = simple_setup()
    hall = simple_hall(tmp_path, hall={**document["hall"], "lang": "en"})
    setup = looking.setup_of(hall.desk)
    n, one = next((n, one) for n, one in enumerate(whole_hall.CASES) if one.klass == "repair")
    for what in ("open", *(str(step) for step in range(len(one.steps)))):
        hall.clock.move(hours=1)
        whole_hall.carry_out(hall.desk, setup, hall.ask(MANAGER), n, what)

    (case,) = looking.hall_now(hall.desk, hall.clock()).cases.values()
    assert (case.title, case.closed is None, len(case.history)) == (ENGLISH[one.title], False, len(one.steps) + 1)
