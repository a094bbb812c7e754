"""The command pack: the meeting pack of a month, and the summary of a quarter."""

from __future__ import annotations

from queuedesk.cli.command_table import CommandList, UsageError, day, path
from queuedesk.cli.job import Job
from queuedesk.core.network.roles import ReadScope
from queuedesk.i18n import _, current, named


def add(commands: CommandList) -> None:
    """Add it."""
    group = commands.add_group("pack")
    for period, text in (("month", _("for the monthly meeting")), ("quarter", _("the summary of a quarter"))):
        of_it = group.add(period, text, _pack, period=period, reads=ReadScope.FIGURES)
        of_it.add_argument("--date", dest="day", type=day, metavar="D", help=_("a date in it, today if not given"))
        of_it.add_argument(
            "--out", type=path, required=True, metavar="F", help=_("a file that ends in .pdf, .xlsx or .json")
        )


def _pack(job: Job) -> int:
    from queuedesk.features.packs.papers.document import pack_document
    from queuedesk.features.packs.papers.files import ENDINGS, content
    from queuedesk.features.packs.papers.read import read_pack
    from queuedesk.files.writing import write_file

    out, lang = job.args.out, current()
    ending = out.suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(_("The file has to end in .pdf, .xlsx or .json."))
    person = job.setup().person(job.staff) if job.staff else None
    pack = read_pack(job.desk(), job.args.period, job.args.day or job.today(), job.now(), job.reader)
    by = named(person.name, person.name_en) if person else None
    write_file(out, content(pack_document(pack, lang), pack.read, ending, lang, by))
    return job.answer({"file": str(out)}, str(out))
