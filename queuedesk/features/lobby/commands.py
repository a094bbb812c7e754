"""The commands about suggested moves."""

from __future__ import annotations

from datetime import datetime

from queuedesk.cli.command_table import CommandList, code, number
from queuedesk.cli.job import Document, Job
from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.setup.rows import Setup
from queuedesk.features.lobby import verbs
from queuedesk.features.lobby.rules.move_search import MeanInterval
from queuedesk.features.lobby.words import (
    move_effect,
    move_message,
    move_title,
    past_words,
    real_words,
    refused_words,
    risk_words,
    turned_down_words,
)
from queuedesk.i18n import _
from queuedesk.i18n.moments import date_short, time_hm


def add(commands: CommandList) -> None:
    """Add the group `moves`."""
    moves = commands.add_group("moves")
    moves.add("list", _("show what would help now, and what threatens"), _list, reads=ReadScope.WORK)
    taking = moves.add("take", _("carry one of them out"), _take)
    taking.add_argument("move", type=code, metavar="N|KEY", help=_("its number in the list, or its code"))
    declining = moves.add("decline", _("turn one down for a quarter of an hour"), _decline)
    declining.add_argument("move", type=code, metavar="N|KEY", help=_("its number in the list, or its code"))
    past = moves.add("past", _("show what moves did"), _past, reads=ReadScope.WORK)
    past.add_argument("--days", type=number, default=60, metavar="N", help=_("so many days back; 60 if not given"))


def _list(job: Job) -> int:
    setup, found, threats = verbs.moves_now(job.desk(), job.now())
    moves = [
        verbs.move_document(one)
        | {
            "outlook": None if one.outlook is None else verbs.outlook_document(one.outlook),
            "proof": verbs.proof_document(one.proof),
            "title": move_title(setup, one),
            "message": move_effect(setup, one),
        }
        for one in found.moves
    ]
    tried = [
        verbs.refused_document(one) | {"title": move_title(setup, one.move), "message": refused_words(setup, one)}
        for one in found.refused
    ]
    risks = [verbs.risk_document(one) | {"message": risk_words(setup, one)} for one in threats]
    ahead = None if found.ahead is None else verbs.ahead_document(found.ahead)
    lines = [f"{n}  {row['title']}  ({row['key']})\n   {row['message']}" for n, row in enumerate(moves, 1)]
    if tried and not moves:
        lines.append(_("No move helps now. Tried, and why not:"))
        lines += ["   " + _("{move}: {why}", context="tried", move=row["title"], why=row["message"]) for row in tried]
    lines += [row["message"] for row in risks]
    document = {"moves": moves, "tried": tried, "ahead": ahead, "risks": risks}
    return job.answer(document, "\n".join(lines) or _("Nothing to move: no one will wait too long."))


def _take(job: Job) -> int:
    document = verbs.take(job.desk(), job.ask(), _key(job), say=move_message)
    return job.answer(document, _made_text(job, document))


def _decline(job: Job) -> int:
    document = verbs.decline(job.desk(), job.ask(), _key(job))
    return job.answer(document, _made_text(job, document))


def _key(job: Job) -> str:
    """Return the key of a move that was named by its number in the list of now, or by itself. Raises RuleError
    "unknown_move" (move)."""
    named = str(job.args.move)
    if not named.isdecimal():
        return named
    moves = verbs.moves_now(job.desk(), job.now())[1].moves
    if not 1 <= int(named) <= len(moves):
        raise RuleError("unknown_move", move=named)
    return moves[int(named) - 1].key


def _past(job: Job) -> int:
    document = verbs.past_moves(job.desk(), job.now(), days=job.args.days)
    setup = job.setup()
    lines = [
        past_words(row["kind"], MeanInterval(row["n"], row["mean"], row["low"], row["high"]))
        for row in document["kinds"]
    ]
    if (without := document["turned_down"]) is not None:
        over = MeanInterval(without["n"], without["mean"], without["low"], without["high"])
        lines.append(turned_down_words(over))
    lines += [_past_text(setup, row) for row in document["moves"]]
    return job.answer(document, "\n".join(lines) or _("No moves were taken."))


def _past_text(setup: Setup, row: Document) -> str:
    at = datetime.fromisoformat(row["time"])
    done = _("not done") if row["taken"] and row["happened"] is None else ""
    real = row["real"] or {}
    what = done or real_words(real.get("minutes_saved"), real.get("n", 0))
    if not row["taken"]:
        what = _("turned down; {what}", what=what)
    return "  ".join((date_short(at.date()), time_hm(at), move_title(setup, verbs.move_of(row)), what))


def _made_text(job: Job, document: Document) -> str:
    title = move_title(job.setup(), verbs.move_of(document))
    return _("{move}: done", move=title) if document["taken"] else _("{move}: not now", move=title)
