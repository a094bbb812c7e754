"""Lost property as a page of the manager's."""

from datetime import date

from queuedesk.desk.change import Document
from queuedesk.features.lost_property import verbs
from queuedesk.features.lost_property.papers import tag_of
from queuedesk.features.lost_property.rules import DISPOSED, KEPT
from queuedesk.i18n import _, date_short
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import Controllers
from queuedesk.stations.manager.parts.record_page import RecordPage
from queuedesk.stations.manager.parts.records import Form, Input, RecordAct, RecordSpec
from queuedesk.stations.manager.parts.table import Column


def lost_page(controller: ManagerController, _own: Controllers) -> RecordPage[Document]:
    """Return the page of what was found, the latest first."""
    return RecordPage(controller.context, LOST)


def _number(row: Document) -> tuple[int]:
    return (row["n"],)


def _is_here(row: Document) -> bool:
    return row["ended"] is None


def _now(row: Document) -> str:
    day = date_short(date.fromisoformat(row["ended"] or row["until"]))
    if row["how"]:
        return _("disposed of {date}", date=day) if row["how"] == DISPOSED else _("given back {date}", date=day)
    return _("somebody asks for it") if row["matches"] else _("kept until {date}", date=day)


def _noted(told: Document, _row: Document | None) -> str:
    found = ", ".join(map(str, told.get("matches", ())))
    return _("Noted as number {n}; see {found}", n=told["n"], found=found) if found else _("Noted")


WHAT = Input(key="text", label=lambda: _("What it is"), hint=lambda: _("such as a black umbrella"), needed=True)
WHEN = Input(key="when", label=lambda: _("When"), hint=lambda: _("such as 14:30; empty: now"))
WHERE = Input(key="place", label=lambda: _("Where it was found"))
KEPT_AT = Input(key="kept", label=lambda: _("Where it is kept"))
NOTED = Form(
    title=lambda: _("Something was found"),
    effect=lambda: _("Please write no names here: what it is stays in the log."),
    rows=((WHAT, WHEN), (WHERE, KEPT_AT), (Input(key="photo", label=lambda: _("File of its picture")),)),
)
WANTED = Form(
    title=lambda: _("Somebody asks for a thing"),
    effect=lambda: _("Who asks is deleted after {n} days.", n=KEPT.days),
    rows=((WHAT,), (Input(key="name", label=lambda: _("Who asks")), Input(key="contact", label=lambda: _("Contact")))),
)
NAME = Input(key="name", label=lambda: _("To whom"), needed=True)
HANDED = Form(
    title=lambda: _("Give it back"),
    effect=lambda: _("Without the code on the tag they sign for it."),
    rows=((NAME, Input(key="code", label=lambda: _("Code on the tag"), hint=lambda: _("typed or scanned"))),),
)
LOST = RecordSpec[Document](
    title=lambda: _("Quality", context="page"),
    line=lambda: _("What was found in the hall is kept for {n} days", n=KEPT.days),
    name=lambda: _("Lost property", context="feature"),
    icon="search",
    read=lambda desk, _ask: verbs.things(desk, everything=True, named=True),
    key=_number,
    wraps=True,
    empty=lambda: (_("Nothing was found so far"), _("Note what was found, and print a tag for it.")),
    columns=lambda _context: [
        Column(title=_("Number", context="lost"), text=lambda row: str(row["n"]), is_right=True),
        Column(title=_("Found", context="lost"), text=lambda row: date_short(date.fromisoformat(row["date"]))),
        Column(title=_("What it is"), text=lambda row: row["text"], bold=True, gives=True, least=180, grows=True),
        Column(title=_("Where it is kept"), text=lambda row: row["kept"] or row["place"] or "–", gives=True, least=110),
        Column(title=_("Now", context="lost"), text=_now),
        Column(title=_("To whom"), text=lambda row: row["name"] or "–", gives=True, least=90),
    ],
    acts=[
        RecordAct(
            text=lambda: _("Give back …"),
            verb="lost",
            call=verbs.give,
            form=HANDED,
            of_row=True,
            args=_number,
            when=_is_here,
            said=_noted,
        ),
        RecordAct(
            text=lambda: _("Disposed of"),
            verb="lost-dispose",
            call=verbs.dispose,
            args=_number,
            when=_is_here,
            said=_noted,
        ),
        RecordAct(
            text=lambda: _("Print the tag"),
            verb="lost",
            icon="print",
            prints=lambda desk, now, row: tag_of(desk, now, row["n"]),
            said=lambda _told, _row: _("The tag is printed"),
        ),
        RecordAct(
            text=lambda: _("Asked for …"), verb="lost", icon="search", call=verbs.ask_for, form=WANTED, said=_noted
        ),
        RecordAct(
            text=lambda: _("Note a thing"),
            verb="lost",
            icon="plus",
            call=verbs.note,
            form=NOTED,
            is_main=True,
            said=_noted,
        ),
    ],
)
