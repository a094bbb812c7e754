"""The commands about suggested moves."""

from __future__ import annotations

from datetime import datetime

from queuedesk.cli.command_table import CommandList, parse_code, parse_whole_number
from queuedesk.cli.job import CommandJob, Document
from queuedesk.core.errors import RuleError
from queuedesk.core.network.roles import ReadScope
from queuedesk.core.setup.rows import Setup
from queuedesk.features.lobby import verbs, words
from queuedesk.features.lobby.rules.move_search import MeanInterval
from queuedesk.i18n import _
from queuedesk.i18n.moments import date_short, time_hm


def register_commands(commands: CommandList) -> None:
    """Add the group `moves`."""
    moves = commands.add_group("moves")
    moves.add_command("list", _("show what would help now, and what threatens"), _list_moves, reads=ReadScope.WORK)
    taking = moves.add_command("take", _("carry one of them out"), _accept_move)
    taking.add_argument("move", type=parse_code, metavar="N|KEY", help=_("its number in the list, or its code"))
    declining = moves.add_command("decline", _("turn one down for a quarter of an hour"), _decline_move)
    declining.add_argument("move", type=parse_code, metavar="N|KEY", help=_("its number in the list, or its code"))
    past = moves.add_command("past", _("show what moves did"), _list_past_move_effects, reads=ReadScope.WORK)
    past.add_argument(
        "--days", type=parse_whole_number, default=60, metavar="N", help=_("so many days back; 60 if not given")
    )


def _list_moves(job: CommandJob) -> int:
    setup, found, threats = verbs.current_moves_and_risks(job.desk(), job.now())
    moves = [
        verbs.move_document(one)
        | {
            "outlook": None if one.outlook is None else verbs.move_forecast_document(one.outlook),
            "proof": verbs.move_evidence_document(one.proof),
            "title": words.move_title(setup, one),
            "message": words.move_effect_text(setup, one),
        }
        for one in found.moves
    ]
    tried = [
        verbs.refused_move_document(one)
        | {"title": words.move_title(setup, one.move), "message": words.refusal_reason_words(setup, one)}
        for one in found.refused
    ]
    risks = [verbs.risk_document(one) | {"message": words.risk_words(setup, one)} for one in threats]
    ahead = None if found.ahead is None else verbs.late_line_forecast_document(found.ahead)
    lines = [f"{n}  {row['title']}  ({row['key']})\n   {row['message']}" for n, row in enumerate(moves, 1)]
    if tried and not moves:
        lines.append(_("No move helps now. Tried, and why not:"))
        lines += ["   " + _("{move}: {why}", context="tried", move=row["title"], why=row["message"]) for row in tried]
    lines += [row["message"] for row in risks]
    document = {"moves": moves, "tried": tried, "ahead": ahead, "risks": risks}
    return job.print_answer(document, "\n".join(lines) or _("Nothing to move: no one will wait too long."))


def _accept_move(job: CommandJob) -> int:
    document = verbs.accept_move(
        job.desk(), job.new_change_ask(), _chosen_move_key(job), say=words.move_message_in_both_languages
    )
    return job.print_answer(document, _answered_move_text(job, document))


def _decline_move(job: CommandJob) -> int:
    document = verbs.decline_move(job.desk(), job.new_change_ask(), _chosen_move_key(job))
    return job.print_answer(document, _answered_move_text(job, document))


def _chosen_move_key(job: CommandJob) -> str:
    """Return the key of a move that was named by its number in the list of now, or by itself. Raises RuleError
    "unknown_move" (move)."""
    named = str(job.args.move)
    if not named.isdecimal():
        return named
    moves = verbs.current_moves_and_risks(job.desk(), job.now())[1].moves
    if not 1 <= int(named) <= len(moves):
        raise RuleError("unknown_move", move=named)
    return moves[int(named) - 1].key


def _list_past_move_effects(job: CommandJob) -> int:
    document = verbs.past_moves(job.desk(), job.now(), days=job.args.days)
    setup = job.setup()
    lines = [
        words.move_kind_mean_effect_words(row["kind"], MeanInterval(row["n"], row["mean"], row["low"], row["high"]))
        for row in document["kinds"]
    ]
    if (without := document["turned_down"]) is not None:
        over = MeanInterval(without["n"], without["mean"], without["low"], without["high"])
        lines.append(words.declined_moves_effect_words(over))
    lines += [_past_move_line(setup, row) for row in document["moves"]]
    return job.print_answer(document, "\n".join(lines) or _("No moves were taken."))


def _past_move_line(setup: Setup, row: Document) -> str:
    at = datetime.fromisoformat(row["time"])
    done = _("not done") if row["taken"] and row["happened"] is None else ""
    real = row["real"] or {}
    what = done or words.measured_effect_words(real.get("minutes_saved"), real.get("n", 0))
    if not row["taken"]:
        what = _("turned down; {what}", what=what)
    return "  ".join((date_short(at.date()), time_hm(at), words.move_title(setup, verbs.move_from_document(row)), what))


def _answered_move_text(job: CommandJob, document: Document) -> str:
    title = words.move_title(job.setup(), verbs.move_from_document(document))
    return _("{move}: done", move=title) if document["taken"] else _("{move}: not now", move=title)
