"""How a customer can be reached: what counts as a phone number or an address, and how it is shown in part."""

from __future__ import annotations

import re
from datetime import date, timedelta

from queuedesk.core.errors import RuleError

KEPT_DAYS = 90
"""So many days after a case was closed its contact is deleted."""
LONGEST_CONTACT = 80
NO_END = date(2999, 12, 31)
"""Until when a number of somebody who works here is kept: until it is taken away, or the person is."""
_PHONE = re.compile(r"\+?[0-9](?:[ -]?[0-9]){5,14}")
_DIGITS = re.compile(r"[0-9](?:[ -]?[0-9]){6}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")


def checked(text: str) -> str:
    """Return a contact without blanks around it. Raises RuleError "bad_contact" for what nobody can be reached by."""
    contact = " ".join(text.split())
    if len(contact) > LONGEST_CONTACT or not (_PHONE.fullmatch(contact) or _MAIL.fullmatch(contact)):
        raise RuleError("bad_contact")
    return contact


def is_in(words: str) -> bool:
    """Whether some words hold a phone number, or as many digits as one has, or an address; dates are none."""
    return bool(_MAIL.search(words) or _DIGITS.search(_DATE.sub("", words)))


def is_number(contact: str) -> bool:
    """Whether a contact is a telephone number."""
    return _PHONE.fullmatch(contact.strip()) is not None


def for_gateway(number: str) -> str:
    """Return a number as digits alone, 00 in place of the plus: what begins with a plus a spreadsheet takes for a
    sum."""
    return ("00" if number.strip().startswith("+") else "") + re.sub(r"[^0-9]", "", number)


def masked(contact: str) -> str:
    """Return a contact by which who knows it knows it again, and nobody else reaches anybody."""
    name, at, place = contact.partition("@")
    if at:
        return f"{name[:1]}••••@{place}"
    digits = re.sub(r"[^0-9]", "", contact)
    ends = 4 if len(digits) > 8 else 2
    return f"{digits[: ends - 1]} •••• {digits[-ends:]}"


def until(answer_due: date) -> date:
    """Return the last day of a contact that is given now: the customer allows it for the case and a while after."""
    return answer_due + timedelta(days=KEPT_DAYS)


def until_when_closed(day: date, allowed: date) -> date:
    """Return the last day of the contact of a case that is closed on `day`."""
    return min(allowed, day + timedelta(days=KEPT_DAYS))
