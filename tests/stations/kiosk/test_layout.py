"""The greeting with the services of every kind of hall: nothing outside, nothing over another, every key named and
reachable."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication

from queuedesk import i18n
from queuedesk.stations.kiosk.stage import KEY_HEIGHT
from tests.hall import make_hall
from tests.stations.kiosk.conftest import SMALL, UPRIGHT, WIDE, Kiosk
from tests.stations.whole_words import Word, drawn, settled

KINDS = ("bank", "clinic", "government")
"""The power hall is walked through in test_every_page.py."""


def keys(kiosk: Kiosk) -> list[QAbstractButton]:
    host = kiosk.view.sheet if kiosk.view.sheet.isVisible() else kiosk.view
    return [key for key in host.findChildren(QAbstractButton) if key.isVisible() and key.visibleRegion().boundingRect()]


def place(kiosk: Kiosk, key: QAbstractButton) -> QRect:
    return QRect(key.mapTo(kiosk.page, QPoint(0, 0)), key.size())


def badly_laid(kiosk: Kiosk) -> Iterator[str]:
    """Yield the keys that stand outside, lie over one another, or have no name."""
    places = {key: place(kiosk, key) for key in keys(kiosk)}
    if not places and kiosk.stage != "info":
        yield "not a key"
    for key, at in places.items():
        if not kiosk.page.rect().contains(at):
            yield f"outside: {key.text()}"
        if not key.accessibleName().strip():
            yield f"without a name: {key.text()}"
    for (one, at), (other, there) in combinations(places.items(), 2):
        if at.intersects(there):
            yield f"over each other: {one.text()} and {other.text()}"


def must_be_well_laid(kiosk: Kiosk) -> None:
    assert [*badly_laid(kiosk)] == []


def test_on_a_small_screen_the_number_stays_large_and_no_words_meet(make_kiosk, hall):
    i18n.use("en")
    kiosk = make_kiosk(hall, size=SMALL, printer=False)
    for size, wide_mm, number in ((SMALL, 310, "A003"), ((768, 1366), 203, "A004")):
        kiosk.next_customer()
        kiosk.page.resize(*size)
        kiosk.view.set_screen_mm(wide_mm)
        settled()
        kiosk.service("A")
        shown = drawn(kiosk.view).words
        label, *others = sorted(shown, key=lambda word: -word.box.height())
        assert label.text == number
        assert label.box.height() > 1.4 * others[0].box.height()
        assert not meeting(shown)
        kiosk.does.home()
        kiosk.side("where")
        kiosk.pad(number)
        assert not meeting([word for word in drawn(kiosk.view).words if word.on is kiosk.view.where])


def meeting(words: list[Word]) -> list[tuple[str, str]]:
    """Return the words that lie over one another, in pairs."""
    return [(str(one), str(other)) for one, other in combinations(words, 2) if one.box.intersects(other.box)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_preset_fits(make_kiosk, tmp_path, kind):
    kiosk = make_kiosk(make_hall(tmp_path, kind=kind), size=UPRIGHT)
    for size in (UPRIGHT, SMALL):
        kiosk.page.resize(*size)
        settled()
        must_be_well_laid(kiosk)
        kiosk.side("large")
        must_be_well_laid(kiosk)
        kiosk.does.home()


def test_thirty_services_are_turned_in_pages(make_kiosk, tmp_path):
    letters = "ABCDEFGHJKLMNPRTUVWXY"
    services = [
        {"code": c, "name": f"业务 {c}", "prefix": c, "hours": [{"days": "1-7", "from": "0:00", "to": "24:00"}]}
        for c in letters
    ]
    windows = [{"code": "1", "services": list(letters)}]
    kiosk = make_kiosk(make_hall(tmp_path, services=services, windows=windows), size=UPRIGHT)
    greeting = kiosk.view.greeting
    for size in (UPRIGHT, WIDE):
        kiosk.page.resize(*size)
        settled()
        shown = [seen_services(kiosk)]
        while not {*letters} <= {*chain(*shown)}:
            must_be_well_laid(kiosk)
            kiosk.touch(greeting.more_key)
            shown.append(seen_services(kiosk))
            assert len(shown) < len(letters), shown
        must_be_well_laid(kiosk)
        kiosk.touch(greeting.more_key)
        assert seen_services(kiosk) == shown[0], "the first page comes after the last"


def seen_services(kiosk: Kiosk) -> list[str]:
    return [code for code, key in kiosk.view.greeting.services.items() if key.isVisible()]


def test_tab_reaches_every_key_and_enter_takes_a_ticket(kiosk: Kiosk):
    greeting = kiosk.view.greeting
    for size in (WIDE, UPRIGHT):
        kiosk.page.resize(*size)
        settled()
        for key in [*greeting.services.values(), *(key for key in greeting.sides.values() if key.isVisible())]:
            assert key.height() >= KEY_HEIGHT - 2, "as high as a finger wants"

    kiosk.page.activateWindow()
    kiosk.view.setFocus()
    reached: list[str] = []
    for _step in range(len(keys(kiosk))):
        kiosk.key(Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None
        reached.append(focus.accessibleName())
    assert set(reached) == {key.accessibleName() for key in keys(kiosk)}
    assert reached[0].startswith("Pay a bill")

    kiosk.side("priority")
    for _step in range(9):
        kiosk.key(Qt.Key.Key_Tab)
        assert QApplication.focusWidget() in kiosk.view.sheet.keys.values(), "Tab stays inside what is asked"
    kiosk.does.home()

    key = greeting.services["B"]
    before = key.geometry()
    key.setFocus(Qt.FocusReason.TabFocusReason)
    kiosk.hall.queue("B", "B")
    kiosk.follow()
    assert greeting.services["B"] is key, "a key keeps its place and the keyboard while the hall goes on"
    assert (key.geometry(), key.hasFocus()) == (before, True)
    assert "ahead in all" in key.accessibleName()

    kiosk.ms[0] += 1000
    kiosk.key(Qt.Key.Key_Return)
    kiosk.wait_quietly()
    assert kiosk.stage == "ticket"
