"""Another kind of hall at the first start replaces nothing that a person typed, unless they say so."""

from __future__ import annotations

import pytest

from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from tests.stations.english import english  # noqa: F401
from tests.stations.home.test_wizard import click, go_to, write
from tests.stations.seen import texts_of


def begin(wizard) -> None:
    """Begin with a bank, give its zone, its word for windows, its hours and a person, and make it a try-out."""
    go_to(wizard, 1, "bank")
    write(wizard.hall.fields["name"].edit, "Nanhu")
    zone = wizard.hall.zone
    zone.setCurrentIndex(zone.findText("Asia/Tokyo"))
    wizard.hall.fields["timezone"].edited.emit("Asia/Tokyo")
    click(wizard.hall.names["window"].choices["desk"])
    click(wizard.hall.calls.choices["shown"])
    go_to(wizard, 2)
    write(wizard.services.week.days[0].fields["start"], "7:15")
    go_to(wizard, 5)
    write(wizard.people.edits["C1"], "Li Wei")
    click(wizard.side.steps[0])
    click(wizard.try_out)


def of_the_hall(wizard) -> tuple[object, ...]:
    draft = wizard.draft
    words, people = draft.hall["words"]["window"], [draft.name_of(row) for row in draft.people()]
    return (draft.name_of(draft.hall), draft.hall["timezone"], words, draft.week[0].start, people, draft.is_spoken)


def services(wizard) -> list[str]:
    return [wizard.draft.name_of(row) for row in wizard.draft.services()]


def asked(wizard) -> ConfirmDialog | None:
    return next((one for one in wizard.window().findChildren(ConfirmDialog) if one.isVisible()), None)


def test_another_kind_keeps_what_was_given_of_the_hall_and_services_that_a_person_changed_unless_told(wizard):
    begin(wizard)
    given, before = ("Nanhu", "Asia/Tokyo", "desk", "7:15", ["Li Wei"], False), services(wizard)
    assert of_the_hall(wizard) == given

    for other in ("clinic", "library"):  # which says "desk" too
        click(wizard.cards[other])
        assert (asked(wizard), wizard.draft.preset) == (None, other)
        assert of_the_hall(wizard) == given, other
        assert services(wizard) != before, other  # nobody had changed those

        click(wizard.cards["bank"])
        assert (of_the_hall(wizard), services(wizard)) == (given, before), other

    # Services that a person changed are replaced only when they say so.
    go_to(wizard, 2)
    write(wizard.services.edits["A"]["name"], "Coins")
    click(wizard.side.steps[0])
    before = services(wizard)

    click(wizard.cards["clinic"])
    question = asked(wizard)
    assert question is not None and "Change to Clinic or hospital?" in texts_of(question)
    click(question.safe_button)
    assert (wizard.presets.chosen(), wizard.draft.preset, services(wizard)) == ("bank", "bank", before)

    click(wizard.cards["clinic"])
    click(asked(wizard).act_button)
    assert (wizard.presets.chosen(), wizard.draft.preset, services(wizard)[0]) == ("clinic", "clinic", "Registration")
    assert of_the_hall(wizard)[:2] == ("Nanhu", "Asia/Tokyo")


@pytest.mark.parametrize("change", [
    lambda draft: draft.with_typed("services.A.papers", "ID card"),
    lambda draft: draft.without("windows", "1"),
    lambda draft: draft.added("services"),
    lambda draft: draft.with_answer("keep", "A"),
])  # fmt: skip
def test_whatever_was_changed_of_services_and_windows_is_a_persons_own(controller, change):
    draft = controller.draft("bank")

    assert not draft.has_own_services
    assert change(draft).has_own_services
    assert not draft.with_answer("keep", "classes").with_hall(phone="12345").has_own_services
