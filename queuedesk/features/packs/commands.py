"""The command pack: the meeting pack of a month, and the summary of a quarter."""

from __future__ import annotations

from queuedesk.cli.command_table import CommandList, UsageError, parse_date, parse_path
from queuedesk.cli.job import CommandJob
from queuedesk.core.network.roles import ReadScope
from queuedesk.i18n import _, current_language, name_in_language


def register_commands(commands: CommandList) -> None:
    group = commands.add_group("pack")
    for period, text in (("month", _("for the monthly meeting")), ("quarter", _("the summary of a quarter"))):
        of_it = group.add_command(period, text, _write_pack_file, period=period, reads=ReadScope.FIGURES)
        of_it.add_argument(
            "--date", dest="day", type=parse_date, metavar="D", help=_("a date in it, today if not given")
        )
        of_it.add_argument(
            "--out", type=parse_path, required=True, metavar="F", help=_("a file that ends in .pdf, .xlsx or .json")
        )


def _write_pack_file(job: CommandJob) -> int:
    from queuedesk.features.packs.papers.document import pack_document
    from queuedesk.features.packs.papers.files import ENDINGS, pack_file_bytes
    from queuedesk.features.packs.papers.read import pack_data_of_period
    from queuedesk.files.writing import write_file

    out, lang = job.args.out, current_language()
    ending = out.suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(_("The file has to end in .pdf, .xlsx or .json."))
    person = job.setup().person_by_code(job.acting_staff) if job.acting_staff else None
    pack = pack_data_of_period(job.desk(), job.args.period, job.args.day or job.today(), job.now(), job.reader)
    by = name_in_language(person.name, person.name_en) if person else None
    write_file(out, pack_file_bytes(pack_document(pack, lang), pack.read, ending, lang, by))
    return job.print_answer({"file": str(out)}, str(out))
