"""The commands about contingency cards: set them up, open one, tick its steps, end it, print the note on it."""

from __future__ import annotations

from datetime import datetime

from queuedesk.cli.command_table import CommandList, code, day, number, path
from queuedesk.cli.job import Document, Job, calls
from queuedesk.cli.setup import add_rows
from queuedesk.core.network.roles import ReadScope
from queuedesk.features.cards.words import role_of_step
from queuedesk.i18n import _, named, time_hm

VERBS = "features.cards.verbs"


def add(commands: CommandList) -> None:
    """Add card."""
    group = commands.add_group("card")
    add_rows(group, "cards")
    group.add("list", _("show the cards, and those opened on a day"), _list, reads=ReadScope.WORK).add_argument(
        "--date", dest="day", type=day, metavar="D", help=_("today if not given")
    )
    group.add("start", _("open one"), calls(f"{VERBS}:start", _text)).add_argument("card", type=code, metavar="CODE")
    for name, text in (("tick", _("say that a step is done")), ("untick", _("take that back"))):
        parser = group.add(name, text, calls(f"{VERBS}:{name}", _text))
        parser.add_argument("seq", type=number, metavar="N")
        parser.add_argument("step", type=number, metavar="STEP")
    ending = group.add("end", _("end one that is open"), calls(f"{VERBS}:end", _text))
    ending.add_argument("seq", type=number, metavar="N")
    ending.add_argument("--note", default="", metavar="TEXT", help=_("what happened"))
    noting = group.add("note", _("write one that was opened as a page"), _note, reads=ReadScope.WORK)
    noting.add_argument("seq", type=number, metavar="N")
    noting.add_argument("--out", type=path, required=True, metavar="F.pdf", help=_("to this file"))


def _list(job: Job) -> int:
    from queuedesk.core.setup.cards import step_rows
    from queuedesk.features.cards import verbs

    cards = [
        {"code": card.code, "name": card.name, "name_en": card.name_en, "steps": step_rows(card.steps)}
        for card in job.setup().cards.values()
    ]
    opened = verbs.runs_of(job.desk(), job.args.day, job.now())
    lines = [f"{card['code']}  {named(str(card['name']), str(card['name_en']))}" for card in cards]
    return job.answer({"cards": cards, "opened": opened}, "\n".join([*lines, *map(_text, opened)]) or _("None."))


def _note(job: Job) -> int:
    from queuedesk.features.cards import papers
    from queuedesk.i18n import current

    file = papers.write(job.desk(), job.args.seq, job.args.out, lang=current(), now=job.now())
    return job.answer({"file": str(file)}, str(file))


def _text(document: Document) -> str:
    """Return an opened card as lines: the card, then each step with who ticked it."""

    def clock(text: str | None) -> str:
        return time_hm(datetime.fromisoformat(text)) if text else ""

    name = named(document["name"], document["name_en"])
    head = [str(document["seq"]), name, _("opened at {time}", time=clock(document["started"]))]
    if document["ended"]:
        head.append(_("ended at {time}", time=clock(document["ended"])))
    if document["note"]:
        head.append(document["note"])
    lines = ["  ".join(head)]
    for step in document["steps"]:
        done = _("{time} {staff}", time=clock(step["done"]), staff=step["by"]) if step["done"] else "—"
        words = named(step["text"], step["text_en"])
        lines.append("  ".join(part for part in (f"  {step['n']}", done, role_of_step(step["role"]), words) if part))
    return "\n".join(lines)
