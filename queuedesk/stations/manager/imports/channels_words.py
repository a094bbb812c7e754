"""The words of the page of other channels: its rows, the hall's share by month, what is said of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from queuedesk.core.charts.chart import Point
from queuedesk.core.imports.channel import ChannelTotal, Key, Ledger, Share
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, listing, n_
from queuedesk.i18n.figures import channel_words as words
from queuedesk.i18n.names import service_name
from queuedesk.sim.imports import ChannelTable
from queuedesk.stations.widgets.charts.share_picture import ShareColumn

UNKNOWN = "–"
MOST_MONTHS = 13


def preview_cell(total: ChannelTotal, known: Mapping[Key, ChannelTotal]) -> str:
    """Return what stands in the log in place of a total of the file."""
    there = known.get(total.key)
    if there is None:
        return _("new", context="channel total")
    if there == total:
        return _("the same", context="channel total")
    return f"{there.n:,}" if there.n != total.n else _("another amount", context="channel total")


def total_title(setup: Setup, total: ChannelTotal) -> str:
    """Return what a total is of, as a title."""
    where = words.reporter_text(total.reporter)
    return " · ".join([where, words.period_words(total.first, total.last), service_name(setup, total.service)])


def preview_texts(table: ChannelTable, known: Mapping[Key, ChannelTotal]) -> tuple[str, str, int]:
    """Return what a file would bring, what more is to be known of it, and how many of its totals are new or differ."""
    fresh = sum(known.get(one.key) != one for one in table.totals)
    changed = sum(one.key in known and known[one.key] != one for one in table.totals)
    totals = n_("{n} total", "{n} totals", len(table.totals))
    file = table.path.name
    text = _("{file}: {totals}, all as they stand here already", file=file, totals=totals)
    if fresh:
        told = [n_("{n} new", "{n} new", fresh - changed), n_("{n} different", "{n} different", changed)]
        text = _("{file}: {totals}, {news}", file=file, totals=totals, news=listing(told if changed else told[:1]))
    sites = len({one.reporter for one in table.totals})
    more = [n_("from {n} place", "from {n} places", sites)]
    if table.sums:
        more.append(
            n_("{n} line sums up others and stays out", "{n} lines sum up others and stay out", len(table.sums))
        )
    more.append(_("nothing is put in yet"))
    return text, " · ".join(more), fresh


def in_order(totals: Iterable[ChannelTotal]) -> list[ChannelTotal]:
    """Return totals by channel, site, date and service; numbers in a site's name count as such."""
    return sorted(totals, key=lambda one: (one.channel, _natural(one.site), one.first, one.service))


def _natural(text: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", text)]


def months_of(totals: Iterable[ChannelTotal]) -> list[date]:
    """Return the months of which somebody reported, the latest first."""
    return sorted({one.first.replace(day=1) for one in totals}, reverse=True)


def services_of(setup: Setup, shares: Iterable[Share]) -> list[str]:
    """Return the services of the ledger in the set-up's order, then those that it no longer has."""
    seen = {one.service for one in shares}
    return [code for code in setup.services if code in seen] + sorted(seen - set(setup.services))


def share_columns(shares: Sequence[Share], service: str) -> list[ShareColumn]:
    """Return a service's last months, each with the hall's share; one that not everybody reported is marked."""
    own = [one for one in shares if one.service == service][-MOST_MONTHS:]
    return [
        ShareColumn(
            label=f"{one.month:%Y-%m}" if n == 0 or one.month.month == 1 else str(one.month.month),
            share=one.share,
            text=percent(one.share),
            is_short=bool(one.missing),
            point=Point(_told(one)),
        )
        for n, one in enumerate(own)
    ]


def _told(one: Share) -> tuple[str, ...]:
    lines = [
        words.month_words(one.month),
        _("the hall's share: {share}", share=percent(one.share)),
        _("in the hall {hall}, elsewhere {elsewhere}", hall=f"{one.hall:,}", elsewhere=f"{one.elsewhere:,}"),
    ]
    if not one.is_counted:
        lines.append(_("the hall finished no ticket in this month"))
    if one.missing:
        lines.append(_("not all reported: {missing}", missing=words.reporters_text(one.missing)))
    return tuple(lines)


def warnings(setup: Setup, ledger: Ledger, month: date) -> list[str]:
    """Return what has to be known of a month."""
    short = [one for one in ledger.shares if one.month == month and one.missing]
    twice = [code for code, of in ledger.twice if of == month]
    return [
        *(words.missing_text(month, service_name(setup, one.service), one.missing) for one in short),
        *(words.twice_text(month, code) for code in twice),
    ]


def percent(share: float | None) -> str:
    return UNKNOWN if share is None else f"{100 * share:.1f} %"


def money(cents: int | None) -> str:
    return UNKNOWN if cents is None else f"{cents / 100:,.2f}"
