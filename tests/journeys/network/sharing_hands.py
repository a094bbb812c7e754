"""Opens one window of a PC and touches it: sharing_hands.py share|join LANGUAGE, with lines of JSON either way."""

import json
import os
import sys
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtWidgets import QApplication

from queuedesk.app.main import main
from queuedesk.core.network.sharing import PcKind
from queuedesk.stations.home.page import JoinPage
from queuedesk.stations.home.stations_view import StationsPage
from queuedesk.stations.home.wizard_view import WizardPage
from queuedesk.stations.manager.network.sharing_page import SharingPage
from queuedesk.stations.manager.station import ManagerView
from queuedesk.stations.widgets.questions.dialogs import ConfirmDialog, ErrorLine
from tests.bounded import PATIENCE_S
from tests.journeys.network.moving_hands import entry
from tests.journeys.stations.once_open import once_open
from tests.journeys.stations.test_by_hand import Touches
from tests.stations.seen import texts_of

# Under it another process waits at most a minute for each answer.
PATIENCE_MS = int(PATIENCE_S * 1000)


def several_pcs(hands: Touches) -> SharingPage:
    return hands.page(ManagerView).setup_page.own.get_or_make_page("pcs")


def share(hands: Touches) -> None:
    manager = hands.page(ManagerView)
    hands.click(entry(manager.nav, "setup"))
    hands.click(entry(manager.setup_page.nav, "pcs"))
    hands.click(several_pcs(hands).start.share_button)


def let_in(hands: Touches) -> None:
    """Let a PC in by a code, withdraw it when told to, and share again what was stopped, in a new window."""
    try:
        hands.until(lambda: several_pcs(hands).isVisible(), "the page that was seen before")
    except AssertionError as error:
        raise AssertionError(f"the page seen now is {hands.page(ManagerView).seen()!r}") from error
    page = several_pcs(hands)
    hands.click(page.code.kinds[PcKind.STAFF])
    hands.click(page.code.first_button)
    hands.until(lambda: page.code.box.has_code, "a code")
    tell(code=page.code.box.text(), address=page.steps.addresses[0].text(), left=page.code.left.text())
    hear()
    hands.until(lambda: len(page.list.rows) > 1, "the other PC")
    hands.until(lambda: next(iter(page.list.rows.values())).pill.state == "open", "a sign of the own PC")
    row = list(page.list.rows.values())[-1]
    hands.until(lambda: row.name.text() in page.code.box.text(), "that it has joined")
    tell(joined=row.name.text())
    hear()
    hands.click(row.button)
    hands.click(page.window().findChild(ConfirmDialog).act_button)
    hands.until(lambda: list(page.list.rows.values())[-1].pill.state == "void", "withdrawn")
    tell(state=list(page.list.rows.values())[-1].pill.text())
    hear()
    hands.until(page.again_button.isVisible, "that sharing has stopped")
    hands.click(page.again_button)
    hands.until(page.code.isVisible, "that PCs are let in again")
    feed = hands.page(ManagerView).context.feed
    hands.until(lambda: feed.away_since is None, "the hall's server")
    tell(pill=page.pill.state)


def join(hands: Touches) -> None:
    """Join a hall from the first page of a new PC, with a wrong code first."""
    wizard = hands.page(WizardPage)
    hands.click(wizard.presets.join_button)
    page, known = hands.page(JoinPage), hear()
    hands.write(page.address.edit, known["address"])
    hands.write(page.code.edit, "2222 2222")
    hands.click(page.join_button)
    hands.until(lambda: bool(page.refusal.text()), "the refusal")
    tell(refusal=page.refusal.text())
    hands.write(page.code.edit, known["code"].lower().replace("-", " "))
    hands.click(page.join_button)
    stations = hands.page(StationsPage)
    hands.until(lambda: bool(stations.windows), "the hall's windows")
    stations.window().resize(1366, 768)  # a low window leaves the line out that says where the hall is
    address = known["address"].rpartition(":")[0]
    hands.until(lambda: any(address in text for text in texts_of(stations)), "the main PC's address")
    tell(line=next(text for text in texts_of(stations) if address in text))


def tell(**document: Any) -> None:
    print(json.dumps(document), flush=True)


def hear() -> Any:
    return json.loads(sys.stdin.readline())


def run() -> None:
    deed, language = sys.argv[1:3]
    app, hands = QApplication(sys.argv[:1]), Touches()

    def drive(act: Callable[[Touches], None], then: Callable[[], None]) -> None:
        try:
            act(hands)
        except (AssertionError, AttributeError, LookupError, ValueError):
            traceback.print_exc()
            os._exit(1)
        then()

    def follow() -> None:
        # Between the two windows the hands must let go: the program goes on only when they have returned.
        if since.elapsed() > PATIENCE_MS:
            said = [one.start.line.text() for one in app.allWidgets() if isinstance(one, SharingPage)]
            print("The hall was not shared:", said, file=sys.stderr, flush=True)
            os._exit(1)
        seen = [one for one in app.allWidgets() if one.isVisible()]
        shown = [one for one in seen if isinstance(one, ManagerView)]
        if shown and shown[0].context.desk.db.is_shared:
            looks.stop()
            drive(let_in, partial(os._exit, 0))
        elif refused := [one.text() for one in seen if isinstance(one, ErrorLine) and one.is_refusal]:
            print(*refused, file=sys.stderr)
            os._exit(1)

    looks, since = QTimer(), QElapsedTimer()
    since.start()
    looks.timeout.connect(follow)
    if deed == "share":
        once_open(partial(drive, share, partial(looks.start, 100)))
    else:
        once_open(partial(drive, join, partial(os._exit, 0)))
    words = [] if deed == "join" else ["--as", "M1", "manager"]
    sys.exit(main(["--lang", language, *words]))


if __name__ == "__main__":
    run()
