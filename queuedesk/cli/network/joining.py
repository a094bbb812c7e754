"""The commands by which PCs come to share a hall: this PC joins one, and who has joined is seen and withdrawn."""

from __future__ import annotations

from datetime import datetime

from queuedesk.cli import output
from queuedesk.cli.job import Document, Job
from queuedesk.cli.parser import Commands, code, plain
from queuedesk.cli.stations import NAMES, StationRequest
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.network.people import Read
from queuedesk.core.talk.screen import AT_A_WINDOW
from queuedesk.i18n import _, date_short, named, time_hm

HOME = "home"


def add(commands: Commands) -> None:
    """Add join, unjoin and pcs."""
    joining = commands.add("join", _("make this PC a station of a shared hall"), _join)
    joining.add_argument("address", type=plain, metavar="ADDRESS", help=_("that of the hall's main PC"))
    joining.add_argument("code", type=plain, nargs="*", metavar="CODE", help=_("the join code it shows"))
    joining.add_argument("--name", type=plain, metavar="TEXT", help=_("what the hall calls this PC"))
    joining.add_argument("--station", choices=(HOME, *NAMES), metavar="S", help=_("the station to open then"))
    joining.add_argument("--window", type=code, metavar="W", help=_("its window"))
    commands.add("unjoin", _("let this PC work in no shared hall any more"), _unjoin)
    group = commands.add_group("pcs", _("the PCs that share the hall"))
    group.add("list", _("show all, and which can be reached"), _list, reads=Read.WORK)
    withdrawing = group.add("withdraw", _("let one in no more"), _withdraw)
    withdrawing.add_argument("pc", type=plain, metavar="NAME")


def _join(job: Job) -> int:
    args = job.args
    if args.station in AT_A_WINDOW and args.window is None:
        raise RuleError("bad_value", field="window", value="", why="empty")
    joining, code = job.services.joining(), " ".join(args.code)
    joined = joining.join(args.address, code, name=args.name) if code else joining.rejoin(args.address)
    document = {
        "hall": joined.hall,
        "hall_name": joined.hall_name,
        "name": joined.name,
        "kind": joined.kind,
        "database": joined.db,
        "host": joined.host,
    }
    if job.json:
        return job.answer(document, "")
    hall = named(joined.hall_name, joined.hall_name_en)
    output.put(_("This PC now works in {hall}, as {name}.", hall=hall, name=joined.name))
    station = args.station or HOME
    lang = getattr(args, "lang", None)
    try:
        return job.openers[station](StationRequest(name=station, window=args.window, lang=lang, staff=job.staff))
    except (KeyError, OutsideError) as error:
        if isinstance(error, OutsideError) and error.code != "no_screen":
            raise
        words = " ".join([station, *(["--window", args.window] if args.window else [])])
        output.put(_("At its screen start it with: {command}", command=f"queuedesk {words}"))
        return 0


def _unjoin(job: Job) -> int:
    left = job.services.joining().leave()
    text = _("This PC works in no shared hall any more.") if left else _("This PC has joined no hall.")
    return job.answer({"database": left or None}, text)


def _list(job: Job) -> int:
    from queuedesk.desk.network import join_codes

    rows = join_codes.pc_rows(job.desk(), job.now())
    return job.answer({"pcs": rows}, "\n".join(map(_row_text, rows)) or _("No other PC has joined this hall."))


def _withdraw(job: Job) -> int:
    from queuedesk.desk.network import join_codes

    pc = join_codes.withdraw(job.desk(), job.ask(), job.args.pc)
    document = {"name": pc.name, "role": pc.role, "kind": str(pc.kind)}
    return job.answer(document, _("{name} is let in no more.", name=pc.name))


def _row_text(row: Document) -> str:
    kinds = {
        "public": _("Public screen", context="pc"),
        "staff": _("Staff PC", context="pc"),
        "manager": _("Manager's PC", context="pc"),
    }
    states = {
        "here": _("connected", context="pc"),
        "silent": _("silent", context="pc"),
        "new": _("not seen yet", context="pc"),
        "withdrawn": _("withdrawn", context="pc"),
    }
    at = datetime.fromisoformat(row["withdrawn"] or (row["seen"] if row["state"] == "silent" else row["made"]))
    moment = f"{date_short(at.date())} {time_hm(at)}"
    if row["state"] == "withdrawn":
        told = _("since {day}, {time}", day=date_short(at.date()), time=time_hm(at))
    elif row["state"] == "silent":
        told = _("last seen {moment}", moment=moment)
    else:
        told = _("joined {moment}", moment=moment)
    return "  ".join((row["name"], kinds[row["kind"]], states[row["state"]], told))
