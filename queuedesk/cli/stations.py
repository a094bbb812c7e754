"""The stations by name: what a command line asks of one, handed to whoever opens it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from queuedesk.cli.command_table import (
    CommandList,
    parse_code,
    parse_nonempty_text,
    parse_pixel_size,
    parse_time_or_datetime,
)
from queuedesk.cli.job import CommandJob
from queuedesk.core.talk.screen import HALL_SCREENS, LAYOUTS, station_name
from queuedesk.i18n import _

KEPT = "QUEUEDESK_KEPT"
"""In the environment of a station that is kept: it says on its standard output that it lives, and when it was ended on
purpose. Its value is why the process before it died, "" for the first one."""
WITH_PAGES = ("home", "guide", "kiosk", "counter", "rating", "manager")


class StationRequest(Struct, frozen=True, kw_only=True):
    """What a command line asks of a station. What it does not name is None: the station then follows this PC's own
    choices. `db` is a path or a server's address, `screenshot` a path, `size` is width and height in logical px, `at`
    the aware time at which the station's clock stands."""

    name: str
    db: str | None = None
    hall: str | None = None
    lang: str | None = None
    window: str | None = None
    zone: str | None = None
    screenshot: str | None = None
    size: tuple[int, int] | None = None
    at: datetime | None = None
    staff: str | None = None
    json: bool = False
    layout: str | None = None
    screen: str | None = None
    kept: bool = False
    pages: tuple[str, ...] = ()

    @property
    def station_log_name(self) -> str:
        return station_name(self.name, window=self.window, zone=self.zone, screen=self.screen)

    def command_line_words(self) -> list[str]:
        """Return the command line that asks for the same without a watchdog."""
        said: dict[str, object | None] = {"--db": self.db, "--hall": self.hall, "--lang": self.lang, "--as": self.staff}
        own: dict[str, object | None] = {
            "--window": self.window,
            "--zone": self.zone,
            "--layout": self.layout,
            "--screen": self.screen,
            "--screenshot": self.screenshot,
            "--size": f"{self.size[0]}x{self.size[1]}" if self.size else None,
            "--at": self.at.isoformat() if self.at else None,
            "--page": ",".join(self.pages) or None,
        }
        words = [part for name, value in said.items() if value is not None for part in (name, str(value))]
        words += ["--json"] if self.json else []
        return [*words, self.name, *(p for name, value in own.items() if value is not None for p in (name, str(value)))]


def register_commands(commands: CommandList) -> None:
    for name in commands.command_names:
        parser = commands.add_command(name, _open_station)
        if name in ("counter", "plate", "line", "rating"):
            parser.add_argument(
                "--window", type=parse_code, metavar="W", required=name == "plate", help=_("its window")
            )
        if name in ("display", "line"):
            parser.add_argument("--zone", type=parse_nonempty_text, metavar="Z", help=_("its part of the hall"))
        if name == "display":
            parser.add_argument("--layout", choices=LAYOUTS, help=_("what it shows, and how"))
        if name in HALL_SCREENS:
            parser.add_argument(
                "--screen", type=parse_code, metavar="N", help=_("number or name of the screen that it fills")
            )
            parser.add_argument("--kept", action="store_true", help=_("start it again whenever it ends by itself"))
        parser.add_argument(
            "--screenshot", type=parse_nonempty_text, metavar="FILE", help=_("draw, save a picture, leave")
        )
        if name in WITH_PAGES:
            parser.add_argument(
                "--page",
                type=parse_nonempty_text,
                metavar="PAGE",
                help=_("which of its pages the picture shows, with commas"),
            )
        parser.add_argument("--size", type=parse_pixel_size, metavar="WxH", help=_("size of its window"))
        parser.add_argument("--at", type=parse_time_or_datetime, metavar="TIME", help=_("what its clock says"))


def _open_station(job: CommandJob) -> int:
    job.require_own_process()
    args = job.args
    request = StationRequest(
        name=args.command,
        db=str(job.hall_file_or_address()) if job.stated_database_address() else None,
        hall=getattr(args, "hall", None),
        lang=getattr(args, "lang", None),
        window=getattr(args, "window", None),
        zone=getattr(args, "zone", None),
        screenshot=args.screenshot,
        size=args.size,
        at=job.hall_datetime(args.at) if args.at is not None else None,
        staff=job.acting_staff,
        json=job.is_json_wanted,
        layout=getattr(args, "layout", None),
        screen=getattr(args, "screen", None),
        kept=getattr(args, "kept", False),
        pages=tuple(filter(None, (getattr(args, "page", None) or "").split(","))),
    )
    return job.openers[args.command](request)
