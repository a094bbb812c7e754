"""Where else people could have gone, counted again from the printed log alone. Imports nothing of the program."""

from datetime import datetime
from typing import Any

from tests.reports.recompute import Recount, handling_s_of_leg_ended_by
from tests.reports.recompute_why import share
from tests.reports.relived import Event

KINDS = {"self_service": "machine", "online": "phone"}
ORDER = ("machine", "partner", "phone")
Row = dict[str, Any]


def _is_open(place: Row, came: datetime) -> bool:
    hours = place.get("hours")
    if not hours:
        return True
    clock = f"{came:%H:%M}"
    for span in hours:
        first, _, last = str(span.get("days", "1-7")).partition("-")
        if int(first) <= came.isoweekday() <= int(last or first) and span["from"] <= clock < span["to"]:
            return True
    return False


def _way(places: list[Row], service: str, item: str | None, came: datetime, *, noted: bool) -> str:
    """Return the first way with an open place, else why there is none."""
    fits = [one for one in places if service in one["takes"] or (item and f"{service}/{item}" in one["takes"])]
    for way in ORDER:
        if any(KINDS.get(one["kind"], "partner") == way and _is_open(one, came) for one in fits):
            return way
    return "closed" if fits else "no_place" if noted else "unknown"


def directory(log: list[Event], day: str) -> list[Row]:
    """Return the places of a date's end; of one before there was any, those of the first date with some."""
    told: dict[str, list[Row]] = {}
    places: list[Row] = []
    for event in log:
        data = event["data"]
        if event["kind"] != "set-up":
            continue
        if "setup" in data:
            places = data["setup"].get("partners", [])
        elif data["part"] == "partners" and data["op"] == "add":
            places = [*places, data["row"]]
        elif data["part"] == "partners":
            places = [{**one, **data["row"]} if one["code"] == data["code"] else one for one in places]
        told[data["date"]] = places
    first = next(date for date, had in told.items() if had)
    return told[max(date for date in told if date <= max(day, first))]


def where_else_advice(log: list[Event], days: list[str], now: datetime) -> dict[Any, Row]:
    """Return what `items advice` answers of each item, by service and item, without saving and verdict."""
    visits: dict[Any, list[tuple[str, float, bool]]] = {}
    for day in days:
        known, places = Recount(log, day, now), directory(log, day)
        known_items = {row["code"]: row.get("items") for row in known.setup["services"]}
        asked = {e["ticket"]: e for e in log if e["kind"] in ("issue", "serve") and e["data"]["date"] == day}
        for label, ticket in known.tickets.items():
            if ticket["state"] == "void":
                continue
            first = asked[label]
            service, item = first["service"], first["data"].get("item")
            took = sum(handling_s_of_leg_ended_by(ticket["legs"]))
            came = datetime.fromisoformat(first["time"]).astimezone(known.zone)
            again = bool(first["data"].get("return_of")) or bool(first["data"].get("repeat"))
            noted = item is not None or not known_items.get(service)
            way = _way(places, service, item, came, noted=noted)
            visits.setdefault((service, item), []).append((way, took / 60, again))
    offers: dict[Any, list[tuple[str, bool]]] = {}
    for event in log:
        if event["kind"] == "offer" and event["data"]["date"] in days:
            name = (event["service"], event["data"].get("item"))
            offers.setdefault(name, []).append((KINDS.get(event["data"]["to"], "partner"), event["data"]["accepted"]))
    return {name: _row(visits.get(name, []), offers.get(name, [])) for name in {*visits, *offers}}


def _row(visits: list[tuple[str, float, bool]], offers: list[tuple[str, bool]]) -> Row:
    ways = {}
    for way in ORDER:
        own, said = [one for one in visits if one[0] == way], [taken for to, taken in offers if to == way]
        if own or said:
            spent = round(sum(one[1] for one in own), 2)
            ways[way] = {"visits": len(own), "minutes": spent, "offers": share(sum(said), len(said))}
    here = {why: sum(one[0] == why for one in visits) for why in ("no_place", "closed")}
    return {
        "visits": len(visits),
        "minutes": round(sum(one[1] for one in visits), 2),
        "again": share(sum(one[2] for one in visits), len(visits)),
        "ways": ways,
        "here": {why: n for why, n in here.items() if n},
        "unknown": sum(one[0] == "unknown" for one in visits),
    }
