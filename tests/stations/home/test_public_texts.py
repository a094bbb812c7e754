"""What customers would read and nobody of the hall wrote: kept or dropped at the first start."""

from __future__ import annotations

from queuedesk.core.setup.file import read_setup
from queuedesk.core.setup.hall import REASON_TAGS
from queuedesk.core.setup.rows import NOT_CHOSEN
from queuedesk.core.setup.sentences import USUAL, alone
from queuedesk.core.setup.suggestions import DROP, KEEP
from queuedesk.desk import looking
from tests.stations.english import english  # noqa: F401
from tests.stations.home.test_wizard import FACTS, click, filled, go_to, made, row_of
from tests.stations.seen import texts_of
from tests.stations.whole_words import settled


def test_answers_decide_what_customers_read(controller):
    draft = filled(controller.draft("clinic"))
    of_the_hall = ["classes", "rating_reasons", "announcements", "emergency"]
    assert list(draft.suggestions()) == ["A", "B", "C", "D", *of_the_hall]
    assert row_of(draft.finished(), "classes", "elderly")["staff_only"]

    draft = draft.with_answer(KEEP).with_answer(DROP, "B").with_answer("", "C")
    kept, dropped, still_open = (row_of(draft.finished(), "services", code) for code in "ABC")
    assert not row_of(draft.finished(), "classes", "elderly")["staff_only"]
    setup = read_setup(draft.finished())
    assert (setup.hall.rating_reasons, setup.sentences) == (REASON_TAGS, alone(USUAL, "en"))
    assert "papers_changed" in str(draft.suggestions()["rating_reasons"])

    assert (kept["fees"], "suggested" in kept) == ("By the published tariff", False)
    assert not {"fees", "papers", "items", "suggested"} & dropped.keys()
    assert ("fees" in still_open, still_open["suggested"]["fees"]) == (
        False,
        "Nothing to pay here; medicine is paid for at Payment",
    )


def test_suggestions_are_kept_or_dropped_by_one_press_and_said_whole(wizard):
    go_to(wizard, FACTS, "clinic")
    settled()
    texts = texts_of(wizard.facts)
    assert {
        "By the published tariff",
        "1. Show your insurance or ID card\n2. Choose department and doctor\n3. Pay and take the slip",
        "Elderly, Disabled, Pregnant",
        "Waited too long, Not explained clearly, Asked for different papers, Not treated politely, Not resolved, "
        "System or device down, The building and its facilities, Something else",
        "Emergency. Leave the building now by the nearest exit.\nPlease stay where you are and follow the staff.",
    } <= set(texts)
    assert "8 to decide" in texts

    click(wizard.facts.all_buttons[DROP])
    assert set(wizard.draft.answers.values()) == {DROP}
    click(wizard.facts.cards["A"].choices[KEEP])
    assert "Everything is decided." in texts_of(wizard.facts)
    click(wizard.facts.cards["A"].choices[KEEP])
    assert "A" not in wizard.draft.answers

    setup = looking.setup_of(made(wizard))
    assert [bool(service.suggested) for service in setup.services.values()] == [True, False, False, False]
    assert not any(service.fees or service.papers or service.items for service in setup.services.values())
    assert set(setup.classes) == {"normal", "appointment"}
    assert (setup.hall.rating_reasons, setup.sentences.announcements, setup.sentences.emergency) == ((), (), ())
    assert setup.sentences.messages == alone(USUAL, "en").messages


def test_what_is_left_open_is_read_by_no_customer(wizard):
    go_to(wizard, FACTS, "clinic")
    setup = looking.setup_of(made(wizard))
    assert all(klass.staff_only for code, klass in setup.classes.items() if code not in NOT_CHOSEN)
    assert (setup.hall.rating_reasons, setup.sentences.announcements, setup.sentences.emergency) == ((), (), ())
