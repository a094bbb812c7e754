"""The commands about the printed ticket's design."""

from __future__ import annotations

from pathlib import Path

from queuedesk.cli.command_table import Listed
from queuedesk.cli.job import Document, Job
from queuedesk.cli.parser import UsageError, pair, path
from queuedesk.core.network.roles import Read
from queuedesk.core.setup.hall import TEXTS
from queuedesk.i18n import _

ENDINGS = (".png", ".pdf")
WIDTHS = (576, 384)


def add(commands: Listed) -> None:
    """Add the group."""
    group = commands.add_group("ticket-design")
    group.add("show", _("show how it is set up"), _show, reads=Read.HALL)
    group.add("set", _("change it"), _set).add_argument("pairs", type=pair, nargs="+", metavar="key=value")
    preview = group.add("preview", _("draw a sample ticket"), _preview, reads=Read.HALL)
    preview.add_argument("--out", type=path, metavar="F.png", required=True, help=_("a .png or .pdf"))
    preview.add_argument("--width", type=int, choices=WIDTHS, default=WIDTHS[0], help=_("dots of the printer"))
    group.add("print", _("print a sample ticket"), _print, reads=Read.HALL)


def _show(job: Job) -> int:
    document = _document(job)
    shown = {**document, "hidden": ",".join(document["hidden"]), "languages": ",".join(document["languages"])}
    shown["logo"] = _("there is one", context="logo") if document["logo"] else ""
    return job.answer(document, "\n".join(f"{key}  {value}".rstrip() for key, value in shown.items()))


def _set(job: Job) -> int:
    from queuedesk.core.setup.field_kinds import typed_row
    from queuedesk.core.setup.rows import ROWS
    from queuedesk.desk.setup import setting_up

    row = typed_row("ticket", ROWS["ticket"], job.args.pairs)
    if row.get("logo"):
        from queuedesk.printing.slip_contents import logo_text

        row["logo"] = logo_text(Path(row["logo"]))
    setting_up.change_part(job.desk(), job.ask(), "ticket", row)
    return _show(job)


def _preview(job: Job) -> int:
    out: Path = job.args.out
    if out.suffix.lower() not in ENDINGS:
        raise UsageError(_("The file has to end in .png or .pdf."))
    file = job.services.paper(job.desk(), job.now).save_sample(out, job.args.width)
    return job.answer({"file": str(file)}, str(file))


def _print(job: Job) -> int:
    from queuedesk.cli.this_pc.printing import printed

    return printed(job, job.services.paper(job.desk(), job.now).print_sample(), {})


def _document(job: Job) -> Document:
    design = job.setup().ticket_design
    return {
        "hidden": sorted(design.hidden),
        **{key: getattr(design, key) for key in TEXTS},
        "number": design.number,
        "languages": list(design.languages),
        "logo": bool(design.logo),
    }
