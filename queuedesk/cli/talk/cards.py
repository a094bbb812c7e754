"""The commands about contingency cards: open one, tick its steps, end it, print the note on it."""

from __future__ import annotations

from datetime import datetime

from queuedesk.cli.job import Document, Job
from queuedesk.cli.parser import Commands, code, day, number, path
from queuedesk.core.network.people import Read
from queuedesk.i18n import _, named, time_hm
from queuedesk.i18n.talk.card_words import role_of_step


def add(group: Commands) -> None:
    """Add what is done with cards to the group of the part."""
    group.add("list", _("show the cards, and those opened on a day"), _list, reads=Read.WORK).add_argument(
        "--date", dest="day", type=day, metavar="D", help=_("today if not given")
    )
    group.add("start", _("open one"), _start).add_argument("card", type=code, metavar="CODE")
    for name, text, run in (("tick", _("say that a step is done"), _tick), ("untick", _("take that back"), _untick)):
        parser = group.add(name, text, run)
        parser.add_argument("seq", type=number, metavar="N")
        parser.add_argument("step", type=number, metavar="STEP")
    ending = group.add("end", _("end one that is open"), _end)
    ending.add_argument("seq", type=number, metavar="N")
    ending.add_argument("--note", default="", metavar="TEXT", help=_("what happened"))
    noting = group.add("note", _("write one that was opened as a page"), _note, reads=Read.WORK)
    noting.add_argument("seq", type=number, metavar="N")
    noting.add_argument("--out", type=path, required=True, metavar="F.pdf", help=_("to this file"))


def _list(job: Job) -> int:
    from queuedesk.core.setup.cards import step_rows
    from queuedesk.desk.talk import carding

    cards = [
        {"code": card.code, "name": card.name, "name_en": card.name_en, "steps": step_rows(card.steps)}
        for card in job.setup().cards.values()
    ]
    opened = carding.runs_of(job.desk(), job.args.day, job.now())
    lines = [f"{card['code']}  {named(str(card['name']), str(card['name_en']))}" for card in cards]
    return job.answer({"cards": cards, "opened": opened}, "\n".join([*lines, *map(_text, opened)]) or _("None."))


def _start(job: Job) -> int:
    from queuedesk.desk.talk import carding

    return _answer(job, carding.start(job.desk(), job.ask(), job.args.card))


def _tick(job: Job) -> int:
    from queuedesk.desk.talk import carding

    return _answer(job, carding.tick(job.desk(), job.ask(), job.args.seq, job.args.step))


def _untick(job: Job) -> int:
    from queuedesk.desk.talk import carding

    return _answer(job, carding.untick(job.desk(), job.ask(), job.args.seq, job.args.step))


def _end(job: Job) -> int:
    from queuedesk.desk.talk import carding

    return _answer(job, carding.end(job.desk(), job.ask(), job.args.seq, note=job.args.note))


def _note(job: Job) -> int:
    from queuedesk.i18n import current
    from queuedesk.reports.papers import card_note

    file = card_note.write(job.desk(), job.args.seq, job.args.out, lang=current(), now=job.now())
    return job.answer({"file": str(file)}, str(file))


def _answer(job: Job, document: Document) -> int:
    return job.answer(document, _text(document))


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
