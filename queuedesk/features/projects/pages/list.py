"""Improve, projects: the list of the hall's improvement projects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from queuedesk.desk import improvement
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.features.projects.pages.sample import SampleDialog
from queuedesk.features.projects.pages.texts import stand_word
from queuedesk.features.projects.verbs import leading
from queuedesk.features.projects.words import sample_document
from queuedesk.i18n import _, date_short
from queuedesk.i18n.improvement import step_word
from queuedesk.i18n.names import staff_name
from queuedesk.stations.manager.parts.record_page import RecordPage
from queuedesk.stations.manager.parts.records import CHOICE, Form, Input, RecordAct, RecordSpec
from queuedesk.stations.manager.parts.table import Column
from queuedesk.stations.manager.today.alert_words import IMPROVE, Place
from queuedesk.stations.window.context import StationContext


def _read(desk: Desk, ask: Ask) -> list[Document]:
    return improvement.projects_of(desk, ask.now)


def _columns(context: StationContext) -> list[Column[Document]]:
    setup = context.feed.setup
    return [
        Column(title=_("No.", context="project"), text=lambda row: str(row["project"]), is_right=True),
        Column(title=_("Title", context="project"), text=lambda row: row["title"], bold=True, gives=True, grows=True),
        Column(title=_("Led by"), text=lambda row: staff_name(setup, row["leader"]) or row["leader"]),
        Column(title=_("Since", context="project"), text=lambda row: date_short(date.fromisoformat(row["date"]))),
        Column(
            title=_("Causes judged"), text=lambda row: f"{row['judged_count']} / {row['cause_count']}", is_right=True
        ),
        Column(title=step_word("measures"), text=lambda row: str(row["measure_count"]), is_right=True),
        Column(
            title=_("Step", context="project"),
            text=stand_word,
            token=lambda row: "ink2" if row["ended"] else "primary",
            icon=lambda row: "check" if row["ended"] else "",
        ),
    ]


def _people(context: StationContext) -> Mapping[str, str]:
    setup = context.feed.setup
    return {code: staff_name(setup, code) for code in setup.staff}


def _oneself(context: StationContext) -> str:
    name = context.ask().who.name
    return name if name in context.feed.setup.staff else ""


NEW = Form(
    title=lambda: _("A new project"),
    rows=(
        (
            Input(
                key="title",
                label=lambda: _("Title", context="project"),
                hint=lambda: _("in a few words, as on the report"),
                needed=True,
            ),
        ),
        (Input(key="leader", label=lambda: _("Led by"), kind=CHOICE, choices=_people, first=_oneself, needed=True),),
    ),
    yes=lambda: _("Start it"),
)


def _show_sample(page: RecordPage[Document], _row: None) -> None:
    SampleDialog(page.host, page.context.look, page.context.feed.setup, sample_document()).open_dialog()


def _project(one: Document) -> Place:
    return Place(IMPROVE, project=one["project"])


PROJECTS = RecordSpec[Document](
    title=lambda: _("Improve", context="page"),
    name=lambda: _("Projects", context="tab"),
    icon="arrow-up",
    read=_read,
    depends=lambda context: (context.feed.day, tuple(context.feed.state.projects.values())),
    columns=_columns,
    key=lambda row: row["project"],
    chooses=False,
    leads=_project,
    wraps=True,
    empty=lambda: (
        _("No project yet"),
        _(
            "A project goes from a finding to its causes, and from measures to their effect, judged by the log's own data."
        ),
        _("Open the sample project"),
    ),
    acts=(
        RecordAct(
            text=lambda: _("Sample"),
            tip=lambda: _("Open the sample project"),
            icon="book",
            asks=_show_sample,
            stands_alone=True,
            changes_hall=False,
        ),
        RecordAct(
            text=lambda: _("New project"),
            verb="project",
            icon="plus",
            call=leading.open_project,
            form=NEW,
            said=None,
            leads=_project,
        ),
    ),
)
