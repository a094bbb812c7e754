"""One word per thing, for every state that the rules know."""

import pytest

from queuedesk import i18n
from queuedesk.core.network.roles import STAFF_ROLES
from queuedesk.core.queue.ticket import State, WindowState


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_state_role_and_level_has_its_own_word(lang: str) -> None:
    for words in (
        [i18n.ticket_state(str(state), lang) for state in State],
        [i18n.window_state(str(state), lang) for state in WindowState],
        [i18n.role(str(role), lang) for role in STAFF_ROLES],
        [i18n.rating_level(level, lang) for level in range(1, 6)],
    ):
        assert all(words)
        assert len(set(words)) == len(words)


def test_words_of_the_house() -> None:
    assert i18n.ticket_state("parked") == "挂起"
    assert i18n.ticket_state("parked", "en") == "Set aside"
    assert i18n.window_state("open") == "营业中"
    assert i18n.role("manager") == "值班经理"
