"""What became of a call is kept by station, outside the log."""

import pytest

from queuedesk.desk import announcing, looking
from queuedesk.desk.announcing import Announced
from tests.hall import at, make_hall


@pytest.fixture
def hall(tmp_path):
    return make_hall(tmp_path)


def test_shown_and_spoken_are_kept_together(hall):
    announcing.note_shown(hall.desk, 7, "display", at("9:01:00"))
    announcing.note_spoken(hall.desk, 7, "display", at("9:01:05"), link="espeak-ng")

    assert announcing.announced(hall.desk, 7) == [
        Announced(station="display", shown=at("9:01:00"), spoken=at("9:01:05"), link="espeak-ng")
    ]


def test_two_displays_are_told_apart(hall):
    announcing.note_shown(hall.desk, 7, "display", at("9:01"))
    announcing.note_shown(hall.desk, 7, "display-2", at("9:02"))

    assert {each.station: each.shown for each in announcing.announced(hall.desk, 7)} == {
        "display": at("9:01"),
        "display-2": at("9:02"),
    }


def test_a_voice_that_stayed_silent_is_found_again(hall):
    announcing.note_spoken(hall.desk, 7, "display", at("9:01"), link="pyttsx3")
    announcing.note_spoken(hall.desk, 9, "display", at("9:02"), link=None)

    assert [announcing.unspoken_since(hall.desk, seq) for seq in (0, 9)] == [[9], []]
    assert announcing.announced(hall.desk, 9)[0].spoken is None


def test_the_log_knows_nothing_of_it(hall):
    announcing.note_shown(hall.desk, 1, "display", at("9:01"))

    assert [event.kind for event in looking.events_after(hall.desk, 0)] == ["set-up"]


def test_a_call_that_nobody_reported_has_nothing(hall):
    assert announcing.announced(hall.desk, 7) == []
