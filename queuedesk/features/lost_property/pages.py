"""Lost property as a page of the manager's and the front desk's."""

from functools import partial

from queuedesk.core.network.roles import ReadScope
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Document
from queuedesk.features.lost_property.papers import lost_property_tag
from queuedesk.features.lost_property.rules import CODE, DISPOSED, KEPT, SIGNED
from queuedesk.features.lost_property.verbs import dispose, found_things, give_back, note_enquiry, note_thing, searched
from queuedesk.i18n import _, list_text, stored_date_short
from queuedesk.i18n.names import staff_name
from queuedesk.stations.manager.parts.records import FormInput, RecordAct, RecordFormSpec, RecordPageSpec
from queuedesk.stations.manager.parts.table import TableColumn


def _is_here(row: Document) -> bool:
    return not row["how"]


def _found(setup: Setup, row: Document) -> str:
    told = stored_date_short(row["time"]), row["place"], staff_name(setup, row["by"]), row["photo"]
    kept = [_("kept: {place}", place=row["kept"])] if row["kept"] else []
    return "\n".join([list_text([one for one in told if one]), *kept])


def _now(setup: Setup, row: Document) -> str:
    if row["how"]:
        how = {SIGNED: _("signed for"), CODE: _("code shown"), DISPOSED: _("disposed of")}[row["how"]]
        told = row["name"], how, stored_date_short(row["ended"]), staff_name(setup, row["ended_by"])
        return list_text([one for one in told if one])
    return "\n".join([*map(_call_text, row["wanted"]), _("kept until {date}", date=stored_date_short(row["until"]))])


def _call_text(one: Document) -> str:
    who = " ".join(filter(None, [one["name"], one["contact"]])) or _("whoever comes and asks")
    date, text = stored_date_short(one["date"]), one["text"]
    return _("Please tell {who}: “{text}” was asked for on {date}", who=who, text=text, date=date)


def _noted(told: Document, _row: Document | None) -> str:
    numbers = list_text(told["matches"])
    return _("Noted; please see number {numbers}", numbers=numbers) if numbers else _("Noted")


WHAT = FormInput(key="text", label=lambda: _("What it is"), hint=lambda: _("such as a black umbrella"), needed=True)
WHEN = FormInput(key="when", label=lambda: _("When"), hint=lambda: _("such as 14:30; empty: now"))
WHERE = FormInput(key="place", label=lambda: _("Where it was found"))
KEPT_AT = FormInput(key="kept", label=lambda: _("Where it is kept"))
PHOTO = FormInput(key="photo", label=lambda: _("File of its picture"))
NEW = RecordFormSpec(
    title=lambda: _("Something was found"),
    effect=lambda: _("Please write no names here: what it is stays in the log."),
    rows=((WHAT, WHEN), (WHERE, KEPT_AT), (PHOTO,)),
)
NAME, CONTACT = FormInput(key="name", label=lambda: _("Who asks")), FormInput(key="contact", label=lambda: _("Contact"))
ASK = RecordFormSpec(
    title=lambda: _("Somebody asks for a thing"),
    effect=lambda: _("Who asks is deleted after {n} days.", n=KEPT.days),
    rows=((WHAT,), (NAME, CONTACT)),
)
TO = FormInput(key="name", label=lambda: _("To whom"), needed=True)
PROOF = FormInput(key="code", label=lambda: _("Code on the tag"), hint=lambda: _("typed or scanned"))
GIVE = RecordFormSpec(
    title=lambda: _("Give it back"), effect=lambda: _("Without the code they sign for it."), rows=((TO, PROOF),)
)
LOST = RecordPageSpec[Document](
    title=lambda: _("Quality", context="page"),
    line=lambda: _("What was found in the hall is kept for {n} days", n=KEPT.days),
    name=lambda: _("Lost property", context="feature"),
    icon="search",
    read=lambda desk, ask: found_things(desk, everything=True, named=ask.who.may_read(ReadScope.NAMES)),
    key=lambda row: row["n"],
    search=searched,
    search_for=lambda: _("Number, what it is, place or name"),
    wraps=True,
    empty=lambda: (_("Nothing was found so far"), _("Note what was found, and print a tag for it.")),
    columns=lambda context: [
        TableColumn(title=_("Number", context="lost"), text=lambda row: str(row["n"]), is_right=True),
        TableColumn(title=_("What it is"), text=lambda row: row["text"], bold=True, gives=True, least=100),
        TableColumn(title=_("Found", context="lost"), text=partial(_found, context.feed.setup), gives=True, least=130),
        TableColumn(
            title=_("Now", context="lost"), text=partial(_now, context.feed.setup), gives=True, least=150, grows=True
        ),
    ],
    acts=[
        RecordAct(text=lambda: _("Give back …"), verb="lost", call=give_back, form=GIVE, of_row=True, when=_is_here),
        RecordAct(text=lambda: _("Disposed of"), verb="lost-dispose", call=dispose, when=_is_here),
        RecordAct(text=lambda: _("Print the tag"), verb="lost", icon="print", prints=lost_property_tag),
        RecordAct(text=lambda: _("Asked for …"), verb="lost", icon="search", call=note_enquiry, form=ASK, said=_noted),
        RecordAct(text=lambda: _("Note a thing"), verb="lost", icon="plus", call=note_thing, form=NEW, is_main=True),
    ],
)
