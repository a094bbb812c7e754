"""Lost property as a page of the manager's and the front desk's."""

from queuedesk.core.network.roles import Read
from queuedesk.desk.change import Document
from queuedesk.features.lost_property import verbs
from queuedesk.features.lost_property.papers import tag_of
from queuedesk.features.lost_property.rules import CODE, DISPOSED, KEPT, SIGNED
from queuedesk.i18n import _, listing, of_document
from queuedesk.stations.manager.parts.records import Form, Input, RecordAct, RecordSpec
from queuedesk.stations.manager.parts.table import Column


def _is_here(row: Document) -> bool:
    return not row["how"]


def _what(row: Document) -> str:
    """Return what a thing is, then in a line of its own where it was found, by whom, and its picture."""
    found = [one for one in (of_document(row["time"]), row["place"], row["by"], row["photo"]) if one]
    return f"{row['text']}\n{listing(found)}"


def _now(row: Document) -> str:
    """Return how it left, or whom to call and until when it is kept."""
    if row["how"]:
        how = {SIGNED: _("signed for"), CODE: _("code shown"), DISPOSED: _("disposed of")}
        return listing([how[row["how"]], of_document(row["ended"]), row["ended_by"]])
    return "\n".join([*map(_call, row["wanted"]), _("kept until {date}", date=of_document(row["until"]))])


def _call(one: Document) -> str:
    who = " ".join(filter(None, [one["name"], one["contact"]])) or _("whoever comes and asks")
    date, text = of_document(one["date"]), one["text"]
    return _("Please tell {who}: “{text}” was asked for on {date}", who=who, text=text, date=date)


def _say(told: Document, _row: Document | None) -> str:
    numbers = listing(told["matches"])
    return listing([_("Noted as number {n}", n=told["n"]), *([_("see {numbers}", numbers=numbers)] if numbers else [])])


WHAT = Input(key="text", label=lambda: _("What it is"), hint=lambda: _("such as a black umbrella"), needed=True)
WHEN = Input(key="when", label=lambda: _("When"), hint=lambda: _("such as 14:30; empty: now"))
WHERE = Input(key="place", label=lambda: _("Where it was found"))
KEPT_AT = Input(key="kept", label=lambda: _("Where it is kept"))
PHOTO = Input(key="photo", label=lambda: _("File of its picture"))
NEW = Form(
    title=lambda: _("Something was found"),
    effect=lambda: _("Please write no names here: what it is stays in the log."),
    rows=((WHAT, WHEN), (WHERE, KEPT_AT), (PHOTO,)),
)
NAME, CONTACT = Input(key="name", label=lambda: _("Who asks")), Input(key="contact", label=lambda: _("Contact"))
WANTED = Form(
    title=lambda: _("Somebody asks for a thing"),
    effect=lambda: _("Who asks is deleted after {n} days.", n=KEPT.days),
    rows=((WHAT,), (NAME, CONTACT)),
)
TO = Input(key="name", label=lambda: _("To whom"), needed=True)
PROOF = Input(key="code", label=lambda: _("Code on the tag"), hint=lambda: _("typed or scanned"))
GIVEN = Form(
    title=lambda: _("Give it back"), effect=lambda: _("Without the code they sign for it."), rows=((TO, PROOF),)
)
LOST = RecordSpec[Document](
    title=lambda: _("Quality", context="page"),
    line=lambda: _("What was found in the hall is kept for {n} days", n=KEPT.days),
    name=lambda: _("Lost property", context="feature"),
    icon="search",
    read=lambda desk, ask: verbs.things(desk, everything=True, named=ask.who.may_read(Read.NAMES)),
    key=lambda row: row["n"],
    search=verbs.said,
    search_for=lambda: _("Number, what it is, place or name"),
    wraps=True,
    empty=lambda: (_("Nothing was found so far"), _("Note what was found, and print a tag for it.")),
    columns=lambda _context: [
        Column(title=_("Number", context="lost"), text=lambda row: str(row["n"]), is_right=True),
        Column(title=_("What it is"), text=_what, bold=True, gives=True, least=180, grows=True),
        Column(title=_("Where it is kept"), text=lambda row: row["kept"] or "–", gives=True, least=110),
        Column(title=_("To whom"), text=lambda row: row["name"] or "–", gives=True, least=90),
        Column(title=_("Now", context="lost"), text=_now, gives=True, least=180),
    ],
    acts=[
        RecordAct(text=lambda: _("Give back …"), verb="lost", call=verbs.give, form=GIVEN, of_row=True, when=_is_here),
        RecordAct(text=lambda: _("Disposed of"), verb="lost-dispose", call=verbs.dispose, when=_is_here),
        RecordAct(text=lambda: _("Print the tag"), verb="lost", icon="print", prints=tag_of),
        RecordAct(
            text=lambda: _("Asked for …"), verb="lost", icon="search", call=verbs.ask_for, form=WANTED, said=_say
        ),
        RecordAct(
            text=lambda: _("Note a thing"), verb="lost", icon="plus", call=verbs.note, form=NEW, said=_say, is_main=True
        ),
    ],
)
