"""Halls that use one language, on every screen: nothing of the other language, and of another country's calendar."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from queuedesk import i18n
from queuedesk.app.services import papers
from queuedesk.app.services.speaking import announcement_of_call
from queuedesk.app.station.wiring import Station
from queuedesk.core.network.roles import Actor, Role
from queuedesk.core.queue.ticket import WindowCall
from queuedesk.core.setup.rows import Setup, voice_languages
from queuedesk.core.talk.screen import HALL_SCREENS
from queuedesk.desk import looking, setting_up
from queuedesk.stations.manager.pages import SETUP
from queuedesk.voice.engines import displayed_call_phrase, spoken_call_phrase
from tests.hall import DAY, Hall, at, hall_from, preset
from tests.stations.all_stations import STATIONS, AllStations
from tests.stations.whole_words import drawn, settled

CHINESE = re.compile("[\u3400-\u9fff]")
OTHERS = {
    "en": re.compile("[\u3400-\u9fff]|Chinese|English|make-up|published|bill day", re.IGNORECASE),
    "zh_CN": re.compile("(?<!中)英文|English|Registration|Payment|Normal", re.IGNORECASE),
}
"""What no screen of a hall with that language says."""
WEEK = [{"days": "1-6", "from": "08:00", "to": "17:00"}]


def document_of(lang: str) -> dict[str, Any]:
    """Return a clinic with three rooms that opens from Monday to Saturday, in one language."""
    document = preset("clinic")
    hall = {"code": "C", "name": "测试门诊" if lang == "zh_CN" else "", "name_en": "Elm Street Clinic"}
    zone = "Asia/Shanghai" if lang == "zh_CN" else "America/New_York"
    document["hall"] = {**document["hall"], **hall, "timezone": zone, "words": {"window": "room"}}
    document["services"] = [{**row, "hours": WEEK, "last_ticket": None} for row in document["services"]]
    document["windows"] = document["windows"][:3]
    people = (("G1", Role.GUIDE), ("C1", Role.CLERK), ("M1", Role.MANAGER), ("AD", Role.ADMIN))
    document["staff"] = [{"code": code, "name": code, "role": str(role)} for code, role in people]
    return setting_up.setup_document_for_new_hall(document, languages=[lang])


@pytest.fixture(params=["en", "zh_CN"])
def lang(request) -> str:
    return str(request.param)


@pytest.fixture
def hall(tmp_path, lang: str) -> Hall:
    return hall_from(tmp_path, document_of(lang), at("23:00" if lang == "en" else "10:00"))


def words_on(part: QWidget) -> set[str]:
    """Return every word that can be seen or is read aloud, and what choices and empty fields say."""
    part.setUpdatesEnabled(True)
    found = {word.whole for word in drawn(part).words}
    part.setUpdatesEnabled(False)
    for one in (part, *part.findChildren(QWidget)):
        if not one.isVisibleTo(part):
            continue
        found |= {one.accessibleName(), one.accessibleDescription(), one.toolTip()}
        if isinstance(one, QComboBox):
            found |= {one.itemText(at) for at in range(one.count())}
        elif isinstance(one, QLineEdit):
            found |= {one.text(), one.placeholderText()}
        elif isinstance(one, QPlainTextEdit):
            found |= {one.toPlainText()}
    assert found - {""}
    return found - {""}


LOOKED_AT = ("notices", "morning", "inspections", "trials", "staffing", "figures", "reports", "lobby")
"""The manager's pages beside those of the set-up that have texts in the hall's languages, or days of its calendar."""
IN_BOTH = (f"{SETUP}-hall", f"{SETUP}-services", f"{SETUP}-voice", f"{SETUP}-ticket", f"{SETUP}-cards")
ITS_LANGUAGES = {"中文", "English", "中文, English", "English, 中文", "中文、English", "English、中文"}
"""How a hall is offered its languages, by their own names."""


def pages_of(station: Station, lang: str) -> Iterator[tuple[str, QWidget]]:
    window = station.window
    window.setUpdatesEnabled(False)  # drawn once for each look is enough
    settled()
    yield "", window
    for name, show in window.current_page.page_openers().items():
        is_of_english = lang == "en" and (name.startswith(SETUP) or name in LOOKED_AT)
        if name in IN_BOTH or is_of_english or not station.context.name.startswith("manager"):
            show()
            settled()
            yield name, window


def test_no_screen_slip_or_voice_says_anything_in_the_other_language(hall: Hall, lang: str, qapp) -> None:
    """Screens of staff speak the language of the PC, those for customers the hall's; each alone, as in its process."""
    other = "en" if lang == "zh_CN" else "zh_CN"
    said = {}
    for name in STATIONS:
        i18n.choose_language(other if name in HALL_SCREENS else lang)
        opened = AllStations(hall, qapp, (name,))
        try:
            (station,) = opened.stations
            assert i18n.current_language() == lang, name
            if name == "manager":
                station.window.open_page_for_person(Actor("AD", Role.ADMIN))
            for page, window in pages_of(station, lang):
                wrong = {word for word in words_on(window) if OTHERS[lang].search(word)}
                if page.startswith(SETUP):
                    wrong -= ITS_LANGUAGES
                if wrong:
                    said[f"{name} {page}"] = wrong
            if name in HALL_SCREENS:
                assert station.window.menu_languages() == (lang,)
        finally:
            opened.stop()
            settled()
    assert said == {}
    setup: Setup = looking.setup_of_hall(hall.desk)
    slip = papers.sample_slip(setup, setup.ticket_design, hall.clock())
    call = WindowCall(seq=1, time=hall.clock(), date=DAY.date(), label="A001", service="A", window="1", staff=None)
    told = announcement_of_call(setup, call)
    assert (slip.lang, slip.also) == (lang, None)
    assert voice_languages(setup) == (lang,)
    words = f"{slip} {displayed_call_phrase(told, lang, setup.voice)} {spoken_call_phrase(told, lang, setup.voice)}"
    assert bool(CHINESE.search(words)) is (lang == "zh_CN")
