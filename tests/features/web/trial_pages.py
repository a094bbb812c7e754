"""A program for tests: pages that do what a page may do, served by the web pages' own server."""

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from queuedesk.core.errors import OutsideError
from queuedesk.core.features import list_in_features_package, set_installed_features
from queuedesk.core.log.event import Event
from queuedesk.desk import looking
from queuedesk.features.web.server import main as server
from queuedesk.features.web.server.main import serve_web_pages
from queuedesk.features.web.server.site import WebPagesSharedContext, WebSettings
from queuedesk.features.web.server.streams import EventStream, server_sent_event_text
from queuedesk.store.engine.database import Database

TOKEN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
TEXT_KB = 2


def routes(site: WebPagesSharedContext) -> Sequence[BaseRoute]:
    def now_text() -> str:
        return server_sent_event_text(str(site.hall.last_seq) + " " * TEXT_KB * 1024)

    def lacks(_events: list[Event]) -> None:
        for topic in site.hub.topics():
            if topic == "lacking":
                site.hub.tell_soon(topic, lambda: str({}["text"]))
                raise KeyError(TOKEN)

    def tell(events: list[Event]) -> None:
        called = {str(event.ticket) for event in events if event.kind == "call"}
        for topic in site.hub.topics():
            if topic in called:
                site.hub.tell(topic, server_sent_event_text(f"called {site.hall.last_seq}"))
            elif topic != "lacking":
                site.hub.tell_soon(topic, now_text)

    async def state(_request: Request) -> Response:
        hall = site.hall
        try:
            asked = (await hall.run(looking.events_after, hall.desk, 0))[-1].seq
        except OutsideError:
            asked = None
        return JSONResponse(
            {
                "seq": hall.last_seq,
                "current": hall.is_current,
                "day": hall.day.isoformat(),
                "tickets": len(hall.state.tickets),
                "asked": asked,
                "streams": len(site.hub),
                "qt": "PySide6" in sys.modules,
                "faults": [site.fault, site.faults],
            }
        )

    async def visit(request: Request) -> Response:
        token = request.path_params["token"]
        ticket = site.ticket_of_token(token)
        if ticket is None and token != TOKEN:
            return site.unknown_token_response(request)
        return PlainTextResponse(ticket.label if ticket is not None else "yours")

    async def fails(request: Request) -> Response:
        raise LookupError(request.path_params["token"])

    async def body(request: Request) -> Response:
        return PlainTextResponse(str(len(await request.body())))

    async def client(request: Request) -> Response:
        return PlainTextResponse(site.client_address(request.scope))

    async def stream(request: Request) -> Response | EventStream:
        topic = request.path_params["topic"]
        owner = request.query_params.get("owner")
        return EventStream(site.hub, topic, now_text(), owner=owner)

    site.hall.add_change_listener(lacks)
    site.hall.add_change_listener(tell)
    return [
        Route("/state", state),
        Route("/T/{token}", visit),
        Route("/fails/{token}", fails),
        Route("/body", body, methods=["POST"]),
        Route("/client", client),
        Route("/stream/{topic}", stream),
    ]


def main() -> None:
    """Serve as `queuedesk web` does; understands what these tests say, and cuts off as soon as they say."""
    server.HEADER_S = float(os.environ.get("HEADER_S", server.HEADER_S))
    server.KEEP_ALIVE_S = int(os.environ.get("KEEP_ALIVE_S", server.KEEP_ALIVE_S))
    words = dict(zip(sys.argv[1::1], sys.argv[2::1], strict=False))
    set_installed_features(list_in_features_package("FEATURES"))
    host, _colon, port = words["--listen"].rpartition(":")
    desk, _setup = looking.desk_and_setup_of_hall(Database.open(words["--db"]), None, of_several=False)
    settings = WebSettings(host=host, port=int(port), names=("hall.test",), proxy=words.get("--proxy", ""))
    serve_web_pages(
        desk,
        lambda: datetime.now(UTC),
        settings,
        station="web",
        told=lambda address: print(f'{{"listening": "{address}"}}', flush=True),
        pages=[routes],
    )


if __name__ == "__main__":
    main()
