"""The commands about the hall's ready sentences: what stations offer to send in one press."""

from __future__ import annotations

from queuedesk.cli.command_table import Listed
from queuedesk.cli.job import Document, Job, calls
from queuedesk.cli.parser import Parser, number, plain
from queuedesk.core.network.roles import Read
from queuedesk.core.setup.field_kinds import fields_of
from queuedesk.core.setup.sentences import LISTS, Sentences
from queuedesk.i18n import _, said


def add(commands: Listed) -> None:
    """Add the group."""
    group = commands.add_group("sentence")
    group.add("list", _("show all"), _list, reads=Read.HALL).add_argument(
        "kind", choices=LISTS, nargs="?", metavar="KIND"
    )
    adding = _of_kind(group.add("add", _("add one"), calls("setup.setting_up.add_sentence", _text, text_en="en")))
    _with_texts(adding)
    setting = _of_kind(
        group.add("set", _("change one"), calls("setup.setting_up.set_sentence", _text, number="n", text_en="en"))
    )
    setting.add_argument("n", type=number, metavar="N")
    _with_texts(setting)
    removing = _of_kind(
        group.add("remove", _("take one away"), calls("setup.setting_up.remove_sentence", _text, number="n"))
    )
    removing.add_argument("n", type=number, metavar="N")
    _of_kind(group.add("usual", _("go back to the usual ones"), calls("setup.setting_up.usual_sentences", _text)))


def _of_kind(parser: Parser) -> Parser:
    parser.add_argument("kind", choices=LISTS, metavar="KIND", help=", ".join(LISTS))
    return parser


def _with_texts(parser: Parser) -> None:
    parser.add_argument("text", type=plain, metavar="TEXT")
    parser.add_argument("--en", metavar="TEXT", help=_("the same in English"))


def _list(job: Job) -> int:
    from queuedesk.desk.setup import setting_up

    setup = job.setup()
    kinds = [job.args.kind] if job.args.kind else LISTS
    lists = [setting_up.sentence_list(setup, kind) for kind in kinds]
    return job.answer({"lists": lists}, "\n".join(map(_text, lists)))


def _text(document: Document) -> str:
    """Return a list as lines: what it is for, then each sentence by its number in both languages."""
    word = said(fields_of(Sentences)[document["kind"]].title)
    head = _("{list} (the usual ones)", list=word) if document["usual"] else word
    rows = enumerate(document["sentences"], start=1)
    lines = ("  ".join(part for part in (str(n), one["text"], one["text_en"]) if part) for n, one in rows)
    return "\n".join((head, *lines))
