"""The page for everybody: the hall, and who waits."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from queuedesk.core.queue.ticket import State
from queuedesk.features.web.server.site import Site
from queuedesk.i18n import name_in_language


def routes(site: Site) -> Sequence[BaseRoute]:
    async def page(request: Request) -> Response:
        lang = site.language(request)
        hall = site.hall
        waiting = sum(ticket.state is State.WAITING for ticket in hall.state.tickets.values())
        return site.render(
            request,
            "public.html",
            lang,
            hall_name=name_in_language(hall.setup.hall.name, hall.setup.hall.name_en, lang),
            waiting=waiting,
        )

    return [Route("/", page)]
