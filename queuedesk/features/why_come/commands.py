"""The commands about what people come for: where else they could have gone, and what they are to be offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queuedesk.cli.command_table import Listed
from queuedesk.cli.job import Job
from queuedesk.cli.parser import code, day
from queuedesk.core.network.roles import Read
from queuedesk.core.talk.remarks import CHANNELS
from queuedesk.i18n import _, n_

if TYPE_CHECKING:
    from queuedesk.core.figures.where_else import Advice
    from queuedesk.core.setup.rows import Setup


def add(commands: Listed) -> None:
    """Add the group `items`."""
    group = commands.add_group("items")
    advising = group.add(
        "advice", _("where else they could have gone, and what that would save"), _advice, reads=Read.FIGURES
    )
    advising.add_argument("--from", dest="first", type=day, required=True, metavar="D", help=_("from this date on"))
    advising.add_argument("--to", dest="last", type=day, required=True, metavar="D", help=_("up to this date"))
    offering = group.add("offer", _("offer another way to who comes for a service"), _offer)
    offering.add_argument("service", type=code, metavar="SERVICE")
    offering.add_argument("to", type=code, metavar="|".join(CHANNELS))
    offering.add_argument("--no-more", action="store_true", help=_("offer it no more"))


def _advice(job: Job) -> int:
    from queuedesk.core.figures.where_else import document_of
    from queuedesk.desk.figures.drilldown import where_else
    from queuedesk.features.why_come.words import all_text

    found = where_else(job.desk(), job.args.first, job.args.last, job.now())
    setup = job.setup()
    lines = [line for one in found.items for line in _lines(one, setup, found.days)]
    return job.answer(document_of(found), "\n".join([*lines, all_text(found)]))


def _lines(one: Advice, setup: Setup, days: int) -> list[str]:
    from queuedesk.features.why_come.words import again_text, item_title, verdict_text, ways_text

    visits = n_("{n} visit", "{n} visits", one.visits)
    minutes = n_("{n} minute at windows", "{n} minutes at windows", round(one.minutes))
    head = "  ".join((item_title(setup, one.name), visits, minutes, again_text(one)))
    return [head, f"    {ways_text(one)}  {verdict_text(one, days)}"]


def _offer(job: Job) -> int:
    from queuedesk.desk.setup.setting_up import put_offer
    from queuedesk.i18n.talk.talk_words import elsewhere_text

    document = put_offer(job.desk(), job.ask(), job.args.service, job.args.to, wanted=not job.args.no_more)
    offered = elsewhere_text(tuple(document["elsewhere"])) or _("nothing is offered")
    return job.answer(document, f"{document['service']}  {offered}")
