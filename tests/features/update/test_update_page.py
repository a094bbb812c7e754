"""The set-up's page of versions: who may change them, what is refused in a sentence, a change and the way back."""

import subprocess
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from queuedesk import __version__
from queuedesk.app.services.care import HallDataMaintenance
from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import Actor
from queuedesk.features.update import verbs
from queuedesk.features.update.verbs import changing
from queuedesk.features.update.words import update_step_text
from queuedesk.i18n import LANGUAGES, error_sentence
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog
from tests.features.update.releases import NEW, next_release
from tests.hall import ADMIN, MANAGER
from tests.stations.hands import LEFT
from tests.stations.manager.conftest import Office
from tests.stations.shapes import Shape
from tests.stations.stubs import lend
from tests.stations.whole_words import Sights, typed_words

pytestmark = [pytest.mark.journey, pytest.mark.shares]


@pytest.fixture(autouse=True)
def own_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no other test start the version that one of these changes to."""
    for folder in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(folder, str(tmp_path / folder.lower()))


def shown(office: Office) -> QWidget:
    office.go("setup")
    office.page.setup_page.open_set_up_part("update")
    page = office.page.setup_page.own.get_or_make_page("update")
    office.until(lambda: page.controller.found is not None)
    return page


def test_an_admin_changes_the_version_and_is_told_what_going_back_would_lose(open_office, hall, installed, tmp_path):
    office = open_office(ADMIN)
    lend(office.page.context, care=HallDataMaintenance(hall.desk, str(hall.path), "manager", hall.clock))
    page = shown(office)
    assert (
        page.lines.text()
        == f"QueueDesk {__version__} runs on this PC.\nNo key is trusted yet, so no version is accepted."
    )
    assert not page.change_button.isEnabled() and page.back_button.isHidden()
    verbs.write_signing_key_pair(tmp_path / "signer")
    page.trust_key_file(str(tmp_path / "signer"))
    assert page.error.text() == f"{tmp_path / 'signer'} is no public key for versions."
    page.trust_key_file(str(tmp_path / "signer.pub"))
    office.until(page.change_button.isEnabled)
    assert "signer (" in page.lines.text() and page.error.isHidden()
    page.change_to_version(str(tmp_path / "nothing"))
    assert page.error.text() == f"There is no file {tmp_path / 'nothing'}."
    stick = next_release(installed, tmp_path / "stick", tmp_path / "signer")
    page.change_to_version(str(stick))
    assert page.error.text().startswith("People still work at these windows: 1 (C1), 2 (C2), 3 (C3); please close them")
    hall.do("finish", "3")
    for window in ("1", "2", "3"):
        hall.do("close", window)
    office.follow()
    steps: list[str] = []
    page.controller.stepped.connect(lambda step: steps.append(page.step.text()))
    page.change_to_version(str(stick))
    assert page.error.text() == "" and steps == [update_step_text(step) for step in changing.STEPS]
    assert page.step.text().startswith(f"QueueDesk {NEW} starts on this PC from now on; before it was {__version__}.")
    assert page.step.text().endswith("close QueueDesk and open it again.")
    new = verbs.version_that_takes_over() or {}
    assert new["version"] == NEW
    copy = changing.current_version_from_file()["before"]["copy"]
    assert f"The hall as it was: {copy}" in page.step.text()

    # What the new version writes would be lost: each size and language says so, and where the hall as it was is.
    shapes = {"1024x768": Shape(1024, 768), "150 %": Shape(1024, 768, 150)}
    sights = Sights(office.page, office.page.context.look, typed_words(office.page.context.feed.setup), shapes)
    sights.take_in("changed", "1024x768", "en")
    command = [*new["program"], "--db", str(hall.path), "--at", f"{hall.clock():%Y-%m-%d %H:%M}", "issue", "A"]
    done = subprocess.run(command, env=verbs.environment_for_other_version(), capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    for lang, shape in product(LANGUAGES, shapes):
        sights.speak(shape, lang)
        page = office.page.setup_page.own.get_or_make_page("update")
        QTest.mouseClick(page.back_button, LEFT)
        QTest.mouseClick(office.question(ConfirmDialog).act_button, LEFT)
        details = {"problem": "since", "n": 1, "path": copy, "hall": str(hall.path)}
        assert page.error.text() == error_sentence(RuleError("update_no_way_back", **details))
        sights.take_in("no way back", shape, lang)
    sights.must_be_whole()


def test_a_manager_sees_the_version_and_changes_nothing(open_office: Callable[[Actor], Office]) -> None:
    page = shown(open_office(MANAGER))
    assert page.lines.text() and all(
        button.isHidden() for button in (page.change_button, page.back_button, page.trust_button)
    )
