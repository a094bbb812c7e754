"""The commands about yearly indicators that somebody else measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from queuedesk.cli.job import Document, Job
from queuedesk.cli.parser import Commands
from queuedesk.core.indicator import NOT_REPORTED, UNWEIGHTED
from queuedesk.i18n import _, listing, n_


def add(commands: Commands) -> None:
    """Add them."""
    group = commands.add_group("indicators", _("yearly indicators as they were reported"))
    taking = group.add("import", _("take over a table of them"), _import)
    taking.add_argument("file", type=Path, metavar="F.csv")
    group.add("list", _("each against the year before"), _list)


def _import(job: Job) -> int:
    from queuedesk.desk import indicating
    from queuedesk.sim.indicators import read_indicators

    done = indicating.import_indicators(job.desk(), job.ask(), read_indicators(job.args.file))
    warnings = [one for one in _known(job)["warnings"] if one["year"] in done["years"]]
    lines = [n_("{n} indicator taken over", "{n} indicators taken over", done["indicators"])]
    return job.answer({**done, "warnings": warnings}, "\n".join([*lines, *(f"! {one['message']}" for one in warnings)]))


def _list(job: Job) -> int:
    document = _known(job)
    lines = [_line(row) for row in document["indicators"]] + [f"! {one['message']}" for one in document["warnings"]]
    return job.answer(document, "\n".join(lines) or _("No indicators."))


def _known(job: Job) -> Document:
    from queuedesk.desk import indicating

    document = indicating.indicators_document(indicating.indicators_of(job.desk()))
    for one in document["warnings"]:
        one["message"] = _message(one)
    return document


def _line(row: dict[str, Any]) -> str:
    if row["score"] is None:
        return f"{row['year']}  {row['name']}  {_not_reported()}"
    change = "" if row["change"] is None else f"{row['change']:+g}"
    return "  ".join([str(row["year"]), row["name"], f"{row['score']:g} / {row['scale']:g}", change]).rstrip()


def _not_reported() -> str:
    return _("not reported")


def _message(warning: dict[str, Any]) -> str:
    told = {"year": warning["year"], "names": listing(warning["names"])}
    if warning["kind"] == NOT_REPORTED:
        return _("{year}: {names} was not reported; it stays missing and enters no figure.", **told)
    if warning["kind"] == UNWEIGHTED:
        return _("{year}: {names} stands without the weights of its parts, so nobody can recompute it.", **told)
    return _("{year}: the stated change of {names} is not what the scores of both years give.", **told)
