"""The manager's tabs of what others get: the views that programs read, with their logins, description and copy; and
days that anybody can recompute."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.features.open_figures import papers, verbs
from queuedesk.features.open_figures.rules import VIEWS
from queuedesk.i18n import _, current_language, date_long, wording_in_current_language
from queuedesk.stations.manager.parts import records
from queuedesk.stations.manager.parts.page_controller import start_writing_to_reports_folder
from queuedesk.stations.manager.parts.table import TableColumn
from queuedesk.stations.widgets.panels import Label
from queuedesk.stations.widgets.questions.dialogs import Dialog, FormField
from queuedesk.stations.widgets.questions.files import ask_file
from queuedesk.stations.window.style import Look

VIEW, LOGIN = "view", "login"


def _read_views_and_logins(desk: Desk, ask: Ask) -> list[Document]:
    """Return the views, without rows until they are made, and after them the logins."""
    papers.remake_views_if_due(desk, ask)
    try:
        found = verbs.described_views(desk, ask, current_language())
        logins = verbs.reading_logins(desk, ask)
    except RuleError as error:
        if error.code != "no_views":
            raise
        views = [{"view": view.name, "about": wording_in_current_language(view.about), "rows": None} for view in VIEWS]
        return [{"kind": VIEW, "name": one["view"], "about": one["about"], "rows": one["rows"]} for one in views]
    rows = [{"kind": VIEW, "name": one["view"], "about": one["about"], "rows": one["rows"]} for one in found]
    return rows + [{"kind": LOGIN, "name": one["login"], "about": _login_text(one), "rows": None} for one in logins]


def _login_text(login: Document) -> str:
    if not login["made"]:
        return _("Login of {name}", name=login["name"])
    made = datetime.fromisoformat(login["made"]).date()
    return _("Login of {name}, made by {staff} on {date}", name=login["name"], staff=login["by"], date=date_long(made))


class NewLoginPasswordDialog(Dialog):
    """Shows a login that was just made, with its password, which is told only here."""

    def __init__(self, host: QWidget, look: Look, login: Mapping[str, Any]) -> None:
        effect = _("Please copy the password now: it is stored nowhere. The login reads the views and nothing else.")
        super().__init__(host, look, title=_("The login of {name}", name=login["name"]), effect=effect, width=760)
        self.fields: list[FormField] = []
        for label, text in ((_("Address"), login["address"]), (_("Password"), login["password"])):
            edit = QLineEdit(text)
            edit.setReadOnly(True)
            self.fields.append(FormField(self.look, label, edit=edit, has_line=False))
            self.body.addWidget(self.fields[-1])
        elsewhere = _("From another PC, use the main PC's address shown under Several PCs, with sslmode=require.")
        self.body.addWidget(Label(self.look, elsewhere, px=15, token="ink2", wrap=True))
        self.add_answer_buttons(_("Close", context="dialog"))

    def first_focus_widget(self) -> QWidget:
        return self.fields[-1].edit


NEW_LOGIN = records.RecordFormSpec(
    title=lambda: _("A login for another program"),
    effect=lambda: _("It reads the views of this hall, with the names of staff and each rating, and nothing else."),
    rows=((records.FormInput(key="name", label=lambda: _("Who or what reads"), needed=True),),),
)


def _ask_new_login(page: records.RecordPage[Document], _row: None) -> None:
    context = page.context
    dialog = records.RecordDialog(page.host_widget, context, NEW_LOGIN)

    def show_new_login(login: Document) -> None:
        page.close_question()
        page.controller.refresh(anew=True)
        NewLoginPasswordDialog(page.host_widget, context.look, login).open_dialog()

    def add_login(typed: dict[str, Any]) -> None:
        page.controller.start_unless_busy(
            "share", partial(verbs.add_reading_login, context.desk, context.new_ask(), **typed), show_new_login
        )

    dialog.wanted.connect(add_login)
    page.open_question(dialog)


def save_beside_reports_and_show(page: records.RecordPage[Document], name: str, write: Any) -> None:
    """Let `write` make a file beside the reports, and say where it is, or why not."""

    def show_refusal(trouble: QueueDeskError) -> None:
        page.show_act_refusal("", trouble)

    start_writing_to_reports_folder(page.context, name, write, page.show_saved_file, show_refusal)


def _save_description(page: records.RecordPage[Document], _row: None) -> None:
    context, lang = page.context, current_language()
    ask = context.new_ask()

    def write(file: Path) -> Document:
        return papers.save_views_description(context.desk, ask, file, lang)

    save_beside_reports_and_show(page, "views.html", write)


def _save_views_copy(page: records.RecordPage[Document], _row: None) -> None:
    desk, ask = page.context.desk, page.context.new_ask()
    save_beside_reports_and_show(page, "views.sqlite", partial(verbs.save_views_as_file, desk, ask))


def _views_line() -> str:
    return _("What other programs read by SQL")


VIEWS_PAGE = records.RecordPageSpec[Document](
    title=lambda: _("Reports", context="page"),
    line=_views_line,
    name=lambda: _("For programs", context="tab"),
    icon="book",
    read=_read_views_and_logins,
    is_long=True,
    depends=lambda context: (context.feed.business_date, context.feed.setup.hall),
    key=lambda row: row["name"],
    wraps=True,
    empty=lambda: (_("There are no views yet"), _("They are made within a minute.")),
    columns=lambda context: [
        TableColumn(title=_("Name", context="view"), text=lambda row: row["name"], bold=True, gives=True, least=240),
        TableColumn(title=_("What it is"), text=lambda row: row["about"], grows=True, gives=True, least=160),
        TableColumn(
            title=_("Rows", context="view"),
            text=lambda row: "" if row["rows"] is None else f"{row['rows']:,}",
            is_right=True,
        ),
    ],
    acts=[
        records.RecordAct(
            text=lambda: _("Remove", context="login"),
            tip=lambda: _("Remove the login"),
            verb="share",
            icon="remove",
            call=verbs.remove_reading_login,
            when=lambda row: row["kind"] == LOGIN,
        ),
        records.RecordAct(
            text=lambda: _("Copy", context="view"),
            tip=lambda: _("An SQLite file with the rows of these views and nothing else"),
            icon="save",
            asks=_save_views_copy,
            stands_alone=True,
        ),
        records.RecordAct(
            text=lambda: _("Describe", context="view"),
            tip=lambda: _("A page with every column, made from what the database says"),
            icon="book",
            asks=_save_description,
            stands_alone=True,
        ),
        records.RecordAct(
            text=lambda: _("New login …"),
            verb="share",
            icon="plus",
            asks=_ask_new_login,
            stands_alone=True,
            is_main=True,
        ),
    ],
)


# -- days for everybody ------------------------------------------------------------------------------------------------


def _publishability_text(row: Document) -> str:
    if row["why"] == "day_not_over":
        return _("not over yet")
    return _("too few visits") if row["why"] else _("can be published")


def _save_day_publication(page: records.RecordPage[Document], row: Document) -> None:
    desk, ask, lang = page.context.desk, page.context.new_ask(), current_language()
    day = date.fromisoformat(row["date"])

    def write(file: Path) -> Document:
        return papers.publish_day(desk, ask, day, file, lang)

    save_beside_reports_and_show(page, f"{row['date']}-day{papers.DAY_ENDING}", write)


def _ask_published_day_file_to_check(page: records.RecordPage[Document], _row: None) -> None:
    desk, ask = page.context.desk, page.context.new_ask()

    def say_all_lines_match(found: Document) -> None:
        page.said.emit(_("All {n} lines are as the log says.", n=found["events"]), "check")

    def check_day_file(path: str) -> None:
        page.controller.start_unless_busy(
            "", partial(papers.check_published_day, desk, ask, Path(path)), say_all_lines_match, is_long=True
        )

    ask_file(page, _("Which published day?"), f"*{papers.DAY_ENDING}", check_day_file)


DAYS_PAGE = records.RecordPageSpec[Document](
    title=lambda: _("Reports", context="page"),
    line=lambda: _("Days that anybody can recompute"),
    name=lambda: _("For everybody", context="tab"),
    icon="save",
    read=verbs.latest_date_rows_with_publishability,
    depends=lambda context: (context.feed.business_date, context.feed.setup.hall),
    key=lambda row: row["date"],
    empty=lambda: (_("No day yet"), _("A day can be published when it is over.")),
    columns=lambda context: [
        TableColumn(
            title=_("Date"),
            text=lambda row: date_long(date.fromisoformat(row["date"])),
            bold=True,
            gives=True,
            least=120,
        ),
        TableColumn(title=_("Issued", context="figure"), text=lambda row: str(row["issued"]), is_right=True),
        TableColumn(title=_("Published", context="day"), text=_publishability_text, grows=True, gives=True, least=120),
    ],
    acts=[
        records.RecordAct(
            text=lambda: _("Check a file …"),
            tip=lambda: _("Whether a published day is still what the log says"),
            icon="check",
            asks=_ask_published_day_file_to_check,
            stands_alone=True,
        ),
        records.RecordAct(
            text=lambda: _("Save the day"),
            tip=lambda: _("Its log without names and words, and the program that recomputes its figures"),
            icon="save",
            asks=_save_day_publication,
            when=lambda row: not row["why"],
            is_main=True,
        ),
    ],
)
