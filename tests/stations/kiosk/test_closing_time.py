"""Towards closing the kiosk gives no ticket that nobody would come to, and says what to do instead."""

from __future__ import annotations

from contextlib import suppress

import pytest

from queuedesk import i18n
from queuedesk.core.errors import RuleError
from tests.hall import Hall, at
from tests.stations.kiosk.conftest import Kiosk


@pytest.fixture
def hall(hall: Hall) -> Hall:
    """Let so many wait for bills that one more would not be called before half past five."""
    hall.do("set-setting", "closing", "stop")
    hall.clock.now = at("16:58")
    for number in range(1, 7):
        hall.do("pause", str(number), reason="break")
        hall.do("resume", str(number))
    with suppress(RuleError):
        for _ in range(200):
            hall.issue("A")
    return hall


def test_the_key_is_dark_with_its_reason(kiosk: Kiosk) -> None:
    before = len(kiosk.issued())
    for lang in ("en", "zh_CN"):
        i18n.use(lang)
        kiosk.page.retranslate()
        kiosk.follow()
        assert kiosk.view.greeting.services["A"].is_dashed
        kiosk.service("A")
        said = kiosk.view.sheet.said
        assert kiosk.sheet == "sorry" and "17:30" in said.sentence and "8:30" in said.sentence
        kiosk.answer("ok")

    assert len(kiosk.issued()) == before
    assert not any(letter.isascii() and letter.isalpha() for letter in said.title + said.sentence), "in Chinese"
