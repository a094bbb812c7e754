"""What is said in place of a station that can't be opened."""

from queuedesk import i18n
from queuedesk.core.errors import OutsideError
from queuedesk.stations.sorry import SorryPage
from queuedesk.stations.style import Look
from queuedesk.stations.widgets.labels import Label


def test_waiting_is_promised_to_help_only_where_it_can(qtbot):
    i18n.use("en")
    page = SorryPage(Look(), OutsideError("database_away", path="hall.sqlite"), retries=True)
    qtbot.addWidget(page)

    def said() -> str:
        return " ".join(label.text() for label in page.findChildren(Label))

    assert "it opens by itself" in said()
    page.show_trouble(OutsideError("not_this_pc"))
    assert "The hall's server does not allow that to this PC" in said()
    assert "by itself" not in said()
