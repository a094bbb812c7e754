"""The commands about contingency cards: set them up, open one, tick its steps, end it, print the note on it."""

from __future__ import annotations

from datetime import datetime

from queuedesk.cli.command_table import CommandList, parse_code, parse_date, parse_path, parse_whole_number
from queuedesk.cli.job import CommandJob, Document, handler_for_function
from queuedesk.cli.setup import add_row_commands
from queuedesk.core.network.roles import ReadScope
from queuedesk.features.cards.words import step_role_text
from queuedesk.i18n import _, name_in_language, time_hm

VERBS = "features.cards.verbs"


def register_commands(commands: CommandList) -> None:
    """Add card."""
    group = commands.add_group("card")
    add_row_commands(group, "cards")
    group.add_command(
        "list", _("show the cards, and those opened on a day"), _list_cards, reads=ReadScope.WORK
    ).add_argument("--date", dest="day", type=parse_date, metavar="D", help=_("today if not given"))
    group.add_command(
        "start", _("open one"), handler_for_function(f"{VERBS}:open_card", _opened_card_text)
    ).add_argument("card", type=parse_code, metavar="CODE")
    for name, text in (("tick", _("say that a step is done")), ("untick", _("take that back"))):
        parser = group.add_command(name, text, handler_for_function(f"{VERBS}:{name}_step", _opened_card_text))
        parser.add_argument("seq", type=parse_whole_number, metavar="N")
        parser.add_argument("step", type=parse_whole_number, metavar="STEP")
    ending = group.add_command(
        "end", _("end one that is open"), handler_for_function(f"{VERBS}:end_card", _opened_card_text)
    )
    ending.add_argument("seq", type=parse_whole_number, metavar="N")
    ending.add_argument("--note", default="", metavar="TEXT", help=_("what happened"))
    noting = group.add_command("note", _("write one that was opened as a page"), _write_card_note, reads=ReadScope.WORK)
    noting.add_argument("seq", type=parse_whole_number, metavar="N")
    noting.add_argument("--out", type=parse_path, required=True, metavar="F.pdf", help=_("to this file"))


def _list_cards(job: CommandJob) -> int:
    from queuedesk.core.setup.sentences import card_step_rows
    from queuedesk.features.cards import verbs

    cards = [
        {"code": card.code, "name": card.name, "name_en": card.name_en, "steps": card_step_rows(card.steps)}
        for card in job.setup().cards.values()
    ]
    opened = verbs.card_runs_of_day(job.desk(), job.args.day, job.now())
    lines = [f"{card['code']}  {name_in_language(str(card['name']), str(card['name_en']))}" for card in cards]
    return job.print_answer(
        {"cards": cards, "opened": opened}, "\n".join([*lines, *map(_opened_card_text, opened)]) or _("None.")
    )


def _write_card_note(job: CommandJob) -> int:
    from queuedesk.features.cards import papers
    from queuedesk.i18n import current_language

    file = papers.write_card_note_pdf(job.desk(), job.args.seq, job.args.out, lang=current_language(), now=job.now())
    return job.print_answer({"file": str(file)}, str(file))


def _opened_card_text(document: Document) -> str:
    """Return an opened card as lines: the card, then each step with who ticked it."""

    def clock_or_blank(text: str | None) -> str:
        return time_hm(datetime.fromisoformat(text)) if text else ""

    name = name_in_language(document["name"], document["name_en"])
    head = [str(document["seq"]), name, _("opened at {time}", time=clock_or_blank(document["started"]))]
    if document["ended"]:
        head.append(_("ended at {time}", time=clock_or_blank(document["ended"])))
    if document["note"]:
        head.append(document["note"])
    lines = ["  ".join(head)]
    for step in document["steps"]:
        done = _("{time} {staff}", time=clock_or_blank(step["done"]), staff=step["by"]) if step["done"] else "—"
        words = name_in_language(step["text"], step["text_en"])
        lines.append("  ".join(part for part in (f"  {step['n']}", done, step_role_text(step["role"]), words) if part))
    return "\n".join(lines)
