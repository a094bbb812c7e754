"""What customers arrange from home: a time, booked, moved or cancelled; and how far the back office is with a case.

Codes and contacts are in bodies of requests alone, never in an address."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from urllib.parse import parse_qs

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.network.roles import CUSTOMER
from queuedesk.core.queue.appointment import Appointment, AppointmentState, hall_time_text
from queuedesk.core.setup.rows import Service, Setup
from queuedesk.core.setup.time_of_day import clock_text
from queuedesk.features.web import verbs
from queuedesk.features.web.rules import PHONE, BookingSlot, bookable_dates
from queuedesk.features.web.server.public import other_languages
from queuedesk.features.web.server.site import LANG_TAGS, WebPagesSharedContext, sentence_for_customers
from queuedesk.i18n import date_for_hall, date_for_staff, list_text, name_in_language
from queuedesk.i18n.catalogue import tr

HOUR_S, MOST_AN_HOUR = 3600.0, 5
"""So many times an address may book without a contact."""
MOST_ADDRESSES = 10_000
ICS_LINE = 73
ALREADY_TRIED = 429


class OfferedService(Struct, frozen=True):
    code: str
    letter: str
    name: str
    about: str


class OfferedSlot(Struct, frozen=True):
    value: str
    text: str
    is_free: bool


class BookedTime(Struct, frozen=True):
    """An appointment as its customer sees it. `come_by` is until when the place is kept."""

    number: int
    service: str
    day: str
    time: str
    come_by: str
    bring: str
    is_open: bool


class BookingWebPages:
    """The pages of booking; all forms work without scripts."""

    def __init__(self, site: WebPagesSharedContext) -> None:
        self._site = site
        self._booked: OrderedDict[str, list[float]] = OrderedDict()
        self._enquiries: tuple[date | None, set[int]] = (None, set())

    @property
    def _setup(self) -> Setup:
        return self._site.hall.setup

    # -- choosing --
    async def new_booking_page(self, request: Request) -> Response:
        if not self._setup.has_feature("appointments"):
            return self._site.not_found_response(request)
        lang, service = self._site.language_of_request(request), request.query_params.get("service", "")
        offered = [one for one in self._setup.services.values() if not one.message]
        if not service and len(offered) == 1:
            service = offered[0].code
        if service not in {one.code for one in offered}:
            rows = [_offered_service(one, lang) for one in offered]
            return self._render(request, lang, "services", services=rows)
        return await self._times_page(request, lang, service, request.query_params.get("date", ""))

    async def _times_page(
        self, request: Request, lang: str, service: str, wanted: str, *, code: str = "", refusal: str = ""
    ) -> Response:
        """Return the times of a date; `code` is that of an appointment which is to be moved."""
        hall, setup = self._site.hall, self._setup
        now, known = hall.now(), bookable_dates(setup, hall.now())
        day = next((one for one in known if one.isoformat() == wanted), None)
        first = day or await hall.run(verbs.first_day_with_room, hall.desk, service, now)
        slots: list[BookingSlot] = []
        if first is not None:
            slots = await hall.run(verbs.slots_of_day, hall.desk, service, first, now)
        spec = setup.services[service]
        days = setup.setting_as_int("contact_days")
        return self._render(
            request,
            lang,
            "times",
            status=200 if not refusal else 409,
            service=_offered_service(spec, lang),
            bring=_papers_to_bring(spec, lang),
            day="" if first is None else date_for_hall(first, lang),
            date="" if first is None else first.isoformat(),
            slots=[OfferedSlot(slot.at.isoformat(), clock_text(slot.minute), slot.is_free) for slot in slots],
            days=[(one.isoformat(), date_for_staff(one, lang)) for one in known if one != first],
            code=code,
            refusal=refusal,
            contact_days=days,
            grace=setup.setting_as_int("appointment_grace_minutes"),
        )

    # -- acting --
    async def handle_booking_form(self, request: Request) -> Response:
        if not self._setup.has_feature("appointments"):
            return self._site.not_found_response(request)
        lang, given = self._site.language_of_request(request), await _read_form(request)
        acts = {
            "book": self._book_appointment,
            "show": self._show_appointment,
            "cancel": self._cancel_appointment,
            "choose": self._choose_new_time,
            "move": self._move_booking,
        }
        act = acts.get(given.get("do", ""))
        if act is None:
            raise HTTPException(400)
        try:
            return await act(request, lang, given)
        except RuleError as refusal:
            if refusal.code == "web_code_unknown":
                wait_s = self._site.wrong_tokens.count_try_and_wait_s(
                    self._site.client_address(request.scope), asyncio.get_running_loop().time()
                )
                if wait_s > 0:
                    raise HTTPException(ALREADY_TRIED, headers={"retry-after": str(int(wait_s) + 1)}) from None
            told = sentence_for_customers(refusal, lang)
            if given.get("do") in ("book", "move") and given.get("service") in self._setup.services:
                code = given.get("code", "") if given["do"] == "move" else ""
                return await self._times_page(
                    request, lang, given["service"], given.get("date", ""), code=code, refusal=told
                )
            return self._render(request, lang, "code", status=409, refusal=told)
        except OutsideError as trouble:
            return self._render(request, lang, "code", status=503, refusal=sentence_for_customers(trouble, lang))

    async def own_booking_page(self, request: Request) -> Response:
        if not self._setup.has_feature("appointments"):
            return self._site.not_found_response(request)
        return self._render(request, self._site.language_of_request(request), "code", refusal="")

    async def _book_appointment(self, request: Request, lang: str, given: Mapping[str, str]) -> Response:
        hall, contact = self._site.hall, given.get("contact", "").strip()
        if not contact and self._note_and_tell_if_too_many_bookings(self._site.client_address(request.scope)):
            raise RuleError("web_contact_needed")
        known_by = await hall.run(verbs.contact_digest, hall.desk, contact)
        done = await hall.run(
            verbs.book_time,
            hall.desk,
            hall.ask(CUSTOMER),
            given.get("service", ""),
            _form_moment(given),
            contact=contact,
            known_by=known_by,
        )
        return await self._booked_time_page(request, lang, done["code"], is_new=True)

    async def _show_appointment(self, request: Request, lang: str, given: Mapping[str, str]) -> Response:
        return await self._booked_time_page(request, lang, given.get("code", ""))

    async def _booked_time_page(self, request: Request, lang: str, code: str, *, is_new: bool = False) -> Response:
        hall = self._site.hall
        one = await hall.run(verbs.booked_appointment, hall.desk, code)
        told = _booked_appointment_texts(self._setup, one, hall.now(), lang)
        return self._render(request, lang, "mine", booked=told, code=_grouped_code(code), is_new=is_new)

    async def _cancel_appointment(self, request: Request, lang: str, given: Mapping[str, str]) -> Response:
        hall = self._site.hall
        reason = tr(_hall_language(self._setup), "Cancelled by the customer", context="web")
        await hall.run(verbs.cancel_booked_time, hall.desk, hall.ask(CUSTOMER), given.get("code", ""), reason=reason)
        return self._render(request, lang, "cancelled")

    async def _choose_new_time(self, request: Request, lang: str, given: Mapping[str, str]) -> Response:
        hall, code = self._site.hall, given.get("code", "")
        one = await hall.run(verbs.booked_appointment, hall.desk, code)
        return await self._times_page(request, lang, one.service, given.get("date", ""), code=_grouped_code(code))

    async def _move_booking(self, request: Request, lang: str, given: Mapping[str, str]) -> Response:
        hall, code = self._site.hall, given.get("code", "")
        reason = tr(_hall_language(self._setup), "Moved by the customer", context="web")
        await hall.run(verbs.move_booked_time, hall.desk, hall.ask(CUSTOMER), code, _form_moment(given), reason=reason)
        return await self._booked_time_page(request, lang, code, is_new=True)

    async def calendar_file_response(self, request: Request) -> Response:
        """Return an appointment as a file for a calendar."""
        if not self._setup.has_feature("appointments"):
            return self._site.not_found_response(request)
        hall, lang, given = self._site.hall, self._site.language_of_request(request), await _read_form(request)
        try:
            one = await hall.run(verbs.booked_appointment, hall.desk, given.get("code", ""))
        except QueueDeskError:
            return self._site.unknown_token_response(request)
        return Response(
            calendar_file(self._setup, one, hall.now(), _grouped_code(given.get("code", "")), lang),
            media_type="text/calendar",
            headers={"content-disposition": f'attachment; filename="appointment-{one.seq}.ics"'},
        )

    def _note_and_tell_if_too_many_bookings(self, address: str) -> bool:
        """Note a booking without a contact, and return whether this address has made too many."""
        now_s = asyncio.get_running_loop().time()
        recent = [at for at in self._booked.pop(address, []) if now_s - at < HOUR_S]
        is_enough = len(recent) >= MOST_AN_HOUR
        self._booked[address] = recent if is_enough else [*recent, now_s]
        if len(self._booked) > MOST_ADDRESSES:
            self._booked.popitem(last=False)
        return is_enough

    # -- how far a case is --
    async def case_progress_page(self, request: Request) -> Response:
        hall, lang = self._site.hall, self._site.language_of_request(request)
        if not await hall.run(verbs.has_progress, hall.desk):
            return self._site.not_found_response(request)
        if request.method != "POST":
            return self._render(request, lang, "reference", refusal="", found=None)
        reference = (await _read_form(request)).get("reference", "")
        tries, address, now_s = (
            self._site.wrong_tokens,
            self._site.client_address(request.scope),
            asyncio.get_running_loop().time(),
        )
        if (wait_s := tries.blocked_s(address, now_s)) > 0:  # References are short: a right one must not tell itself.
            raise HTTPException(ALREADY_TRIED, headers={"retry-after": str(int(wait_s) + 1)})
        try:
            found = await hall.run(verbs.case_progress_document, hall.desk, reference, lang)
        except RuleError as refusal:
            tries.count_try_and_wait_s(address, now_s)
            told = sentence_for_customers(refusal, lang)
            return self._render(request, lang, "reference", status=404, refusal=told, found=None)
        await self._record_case_enquiry_once(address, found["reference"])
        return self._render(request, lang, "reference", refusal="", found=found)

    async def _record_case_enquiry_once(self, address: str, reference: str) -> None:
        """Count a visit saved, once a day for an address and a case."""
        hall = self._site.hall
        if self._enquiries[0] != hall.day:
            self._enquiries = (hall.day, set())
        asked = hash((address, reference))
        if asked in self._enquiries[1] or len(self._enquiries[1]) >= MOST_ADDRESSES:
            return
        self._enquiries[1].add(asked)
        with suppress(QueueDeskError):  # the answer matters more
            await hall.run(verbs.record_case_enquiry, hall.desk, hall.ask(CUSTOMER), PHONE)

    def _render(self, request: Request, lang: str, step: str, *, status: int = 200, **values: object) -> Response:
        hall = self._setup.hall
        page = self._site.render(
            request,
            "booking.html",
            lang,
            status=status,
            step=step,
            hall_name=name_in_language(hall.name, hall.name_en, lang),
            languages=other_languages(self._setup, lang),
            **values,
        )
        # With no-referrer a browser would hide from its own forms where they come from; these addresses hold no secret.
        page.headers["referrer-policy"] = "same-origin"
        return page


async def _read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form. Raises HTTPException for what is none."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    try:
        fields = parse_qs((await request.body()).decode(), max_num_fields=20)
    except ValueError:
        raise HTTPException(400) from None
    return {name: values[0] for name, values in fields.items()}


def _form_moment(given: Mapping[str, str]) -> datetime:
    """Return the time that a form names. Raises RuleError "web_no_such_time"."""
    try:
        at = datetime.fromisoformat(given.get("at", ""))
    except ValueError:
        raise RuleError("web_no_such_time") from None
    if at.tzinfo is None:
        raise RuleError("web_no_such_time")
    return at.astimezone(UTC)


def _hall_language(setup: Setup) -> str:
    from queuedesk.core.setup.rows import field_and_choice_languages

    return next((one for one in field_and_choice_languages(setup) if one in LANG_TAGS), "en")


def _offered_service(service: Service, lang: str) -> OfferedService:
    name = name_in_language(service.name, service.name_en, lang)
    about = ""
    if service.handling_target:
        about = tr(lang, "about {n} minutes", n=service.handling_target, context="web")
    return OfferedService(service.code, service.prefix, name, about)


def _papers_to_bring(service: Service, lang: str) -> str:
    names = [name_in_language(paper.name, paper.name_en, lang) for paper in service.papers]
    return tr(lang, "bring {papers}", papers=list_text(names, lang), context="web") if names else ""


def _booked_appointment_texts(setup: Setup, one: Appointment, now: datetime, lang: str) -> BookedTime:
    service = setup.services.get(one.service)
    until = one.reserved_until(setup)
    return BookedTime(
        number=one.seq,
        service=name_in_language(service.name, service.name_en, lang) if service else one.service,
        day=date_for_hall(setup.to_hall_time(one.at).date(), lang),
        time=hall_time_text(setup, one.at),
        come_by=hall_time_text(setup, until),
        bring=_papers_to_bring(service, lang) if service else "",
        is_open=one.state is AppointmentState.BOOKED and now <= until,
    )


def _grouped_code(code: str) -> str:
    """Return a code as people read and type it: "K7QW9-M3TXY"."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    half = verbs.CODE_LENGTH // 2
    return f"{plain[:half]}-{plain[half:]}"


def calendar_file(setup: Setup, one: Appointment, now: datetime, code: str, lang: str) -> str:
    """Return an appointment as iCalendar (RFC 5545)."""
    told, hall = _booked_appointment_texts(setup, one, now, lang), setup.hall
    name = name_in_language(hall.name, hall.name_en, lang)
    about = tr(
        lang,
        "Code {code}. Come by {time}, then the place goes to the next.",
        code=code,
        time=told.come_by,
        context="web",
    )
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//QueueDesk//appointments//EN",
        "BEGIN:VEVENT",
        f"UID:appointment-{one.seq}-{hall.code}@queuedesk",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART:{one.at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTEND:{one.reserved_until(setup).astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{_escaped_ics_text(f'{told.service} · {name}')}",
        f"LOCATION:{_escaped_ics_text(name)}",
        f"DESCRIPTION:{_escaped_ics_text(about)}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded_ics_line(line)}\r\n" for line in lines)


def _escaped_ics_text(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r", "").replace("\n", "\\n")


def _folded_ics_line(line: str) -> str:
    """Return a line in pieces of at most 75 bytes, as the format wants them."""
    pieces, piece = [], ""
    for letter in line:
        if len((piece + letter).encode()) > ICS_LINE:
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\r\n ".join([*pieces, piece])


def routes(site: WebPagesSharedContext) -> Sequence[BaseRoute]:
    pages = BookingWebPages(site)
    return [
        Route("/book", pages.new_booking_page),
        Route("/book", pages.handle_booking_form, methods=["POST"]),
        Route("/book/mine", pages.own_booking_page),
        Route("/book/calendar", pages.calendar_file_response, methods=["POST"]),
        Route("/progress", pages.case_progress_page, methods=["GET", "POST"]),
    ]
