"""The commands that say and change what a hall uses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from queuedesk.cli.command_table import Listed
from queuedesk.cli.job import Document, Job
from queuedesk.cli.parser import code
from queuedesk.core.features import away, choices, feature
from queuedesk.core.network.roles import Read
from queuedesk.i18n import _, listing
from queuedesk.i18n.moments import said

if TYPE_CHECKING:
    from queuedesk.core.setup.rows import Setup


def add(commands: Listed) -> None:
    """Add features."""
    group = commands.add_group("features")
    group.add("list", _("show all"), _list, reads=Read.HALL)
    for way, text in (("on", _("use them from now on")), ("off", _("leave them out; what they hold stays"))):
        group.add(way, text, _switch, way=way).add_argument("names", type=code, nargs="+", metavar="NAME")


def _list(job: Job) -> int:
    rows = _rows(job.setup())
    wide = max((len(row["name"]) for row in rows), default=0)
    lines = []
    for row in rows:
        state = _("on", context="feature") if row["on"] else _("off", context="feature")
        needs = _("needs: {names}", names=_titles(row["needs"])) if row["needs"] else ""
        parts = (row["name"].ljust(wide), state.ljust(3), row["title"], row["about"], needs)
        lines.append("  ".join(filter(None, parts)))
    return job.answer({"features": rows}, "\n".join(lines))


def _rows(setup: Setup) -> list[Document]:
    """Return every feature of this program, then what the hall chose in another."""
    rows: list[Document] = [
        {
            "name": one.name,
            "title": said(one.title),
            "about": said(one.about),
            "on": setup.uses(one.name),
            "needs": list(one.needs),
            "where": said(one.where),
        }
        for one in choices()
    ]
    about = _("not in this program; it stays chosen")
    others = away(setup.hall)
    return rows + [{"name": one, "title": one, "about": about, "on": True, "needs": [], "where": ""} for one in others]


def _titles(names: Iterable[str]) -> str:
    return listing([name if (one := feature(name)) is None else said(one.title) for name in names])


def _switch(job: Job) -> int:
    from queuedesk.desk.setup import setting_up

    names, way = job.args.names, job.args.way
    document = setting_up.choose_features(job.desk(), job.ask(), **{way: names})
    asked = _titles(name for name in document[way] if name in names)
    others = _titles(name for name in document[way] if name not in names)
    lines = []
    if way == "on":
        lines += [_("On from now on: {names}", names=asked)] if asked else []
        lines += [_("On as well, since it is needed: {names}", names=others)] if others else []
    else:
        lines += [_("Off from now on: {names}", names=asked)] if asked else []
        lines += [_("Off as well, since it needs what is off: {names}", names=others)] if others else []
        lines += [_("Nothing that is stored is lost: it is there again when it is switched on.")] if lines else []
    return job.answer(document, "\n".join(lines) or _("Nothing changed."))
