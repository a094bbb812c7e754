"""Which backups stay and when the next is due, and the check code: what it says and which slips are noticed."""

from datetime import datetime, time, timedelta

import pytest

from queuedesk.core import upkeep
from queuedesk.core.errors import RuleError
from queuedesk.core.upkeep import BackupCopy, BackupStatus, is_backup_due, superseded_copies
from tests.hall import SHANGHAI


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def copies(first: str, n: int, step: timedelta = timedelta(days=1)) -> list[BackupCopy]:
    """Return `n` copies, each named by its moment."""
    made = [moment(first) + i * step for i in range(n)]
    return [BackupCopy(one.isoformat(), one) for one in made]


def kept(all_of_them: list[BackupCopy], now: str) -> list[str]:
    gone = superseded_copies(all_of_them, moment(now))
    return [f"{c.made:%Y-%m-%d}" for c in all_of_them if c not in gone]


def test_a_year_of_days_becomes_seven_days_five_weeks_and_twelve_months():
    year = copies("2025-11-21T18:00", 366)
    left = kept(year, "2026-11-21T19:00")
    assert left[-7:] == [f"2026-11-{day}" for day in range(15, 22)]
    assert {"2026-10-25", "2026-11-01", "2026-11-08", "2026-11-15", "2026-11-21"} <= set(left), "Sundays, and today"
    assert {f"2026-{month:02}" for month in range(1, 12)} | {"2025-12"} == {day[:7] for day in left}
    assert len(left) == 7 + 3 + 11, "the other two weeks and the twelfth month are among the days"


def test_of_a_day_its_newest_stays_and_the_last_three_always():
    day = copies("2026-11-20T08:00", 9, timedelta(hours=1))
    assert [c.made.hour for c in day if c not in superseded_copies(day, moment("2026-11-21T00:00"))] == [14, 15, 16]


@pytest.mark.parametrize("now", ["2027-11-21T18:00", "2100-01-01T00:00", "2026-11-21T18:00", "2025-01-01T00:00"])
def test_no_clock_takes_the_last_proven_ones(now: str):
    week = copies("2026-11-15T18:00", 7)
    assert superseded_copies(week, moment(now)) == []


def test_copies_of_a_clock_that_was_ahead_and_a_year_away_push_out_nothing():
    good = copies("2026-11-10T18:00", 7)
    ahead = copies("2031-01-01T18:00", 20)
    assert superseded_copies([*good, *ahead], moment("2026-11-17T18:00")) == []
    old, new = copies("2025-06-01T18:00", 7), copies("2026-11-21T18:00", 1)
    assert kept([*old, *new], "2026-11-21T19:00") == [f"2025-06-0{n}" for n in range(1, 8)] + ["2026-11-21"]


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, "2026-11-21T09:00", True),
        ("2026-11-20T18:00", "2026-11-21T17:59", False),
        ("2026-11-20T18:00", "2026-11-21T18:00", True),
        ("2026-11-21T18:00", "2026-11-22T09:00", False),
        ("2026-11-20T09:00", "2026-11-21T08:00", True),  # the PC was off last evening
        ("2026-11-19T18:05", "2026-11-21T08:00", True),
        ("2100-01-01T00:00", "2026-11-21T09:00", True),  # made by a wrong clock
        ("2026-11-21T18:00", "2026-11-21T17:00", False),  # the clock was put back by an hour
    ],
)
def test_one_is_due_once_a_day_after_closing(last: str | None, now: str, due: bool):
    assert is_backup_due(moment(last) if last else None, moment(now), time(17, 30)) is due


def test_a_hall_that_closes_at_midnight_has_its_backup_the_same_day_and_a_good_one_is_old_after_two():
    assert is_backup_due(moment("2026-11-21T23:29"), moment("2026-11-21T23:30"), time(23, 59))
    assert not is_backup_due(moment("2026-11-21T23:30"), moment("2026-11-22T12:00"), time(23, 59))
    note = BackupStatus(proven=moment("2026-11-19T18:00"))
    assert not note.is_old(moment("2026-11-21T18:00"))
    assert note.is_old(moment("2026-11-21T18:01"))
    assert BackupStatus().is_old(moment("2026-11-21T18:01"))


# -- the check code ----------------------------------------------------------------------------------------------------
FIRST, HASH = "3f" * 32, "9ae1" * 16
CODE = upkeep.LogEndAnchor(log=FIRST, seq=4812, hash=HASH).code


def test_a_code_is_the_number_and_six_groups_and_is_read_back() -> None:
    seq, *groups = CODE.split("-")
    assert seq == "4812"
    assert [len(group) for group in groups] == [4] * 6
    assert not set("".join(groups)) & set("ILOU")
    claim = upkeep.parse_check_code(CODE)
    assert claim.seq == 4812
    assert claim.is_about_log(FIRST) and claim.matches_hash(HASH)
    assert not claim.is_about_log(HASH) and not claim.matches_hash(FIRST)


def test_it_is_read_however_people_type_it() -> None:
    typed = [CODE.lower(), *(CODE.replace("-", sign) for sign in " －·"), f"  {CODE.replace('-', ' – ')} "]
    typed += ["".join(chr(ord(sign) + 0xFEE0) for sign in CODE), CODE.replace("0", "O").replace("1", "l")]
    for text in typed:
        assert upkeep.has_form_of_check_code(text) and upkeep.parse_check_code(text) == upkeep.parse_check_code(CODE), (
            text
        )


def slips() -> list[str]:
    """Return the code with each one sign wrong, in all ways, and each two neighbours changed in place."""
    found = []
    for i, sign in enumerate(CODE):
        others = "0123456789" if i < 4 else upkeep.LETTERS if sign != "-" else ""
        found += [CODE[:i] + other + CODE[i + 1 :] for other in others if other != sign]
    bare = CODE.replace("-", "")
    for i in range(len(bare) - 1):
        if bare[i] != bare[i + 1]:
            swapped = bare[:i] + bare[i + 1] + bare[i] + bare[i + 2 :]
            found.append(f"{swapped[:4]}-{swapped[4:]}")
    return found


def test_every_single_slip_is_noticed() -> None:
    tried = slips()
    assert len(tried) > 780
    for slip in tried:
        with pytest.raises(RuleError, match="code_mistyped"):
            upkeep.parse_check_code(slip)


@pytest.mark.parametrize("typed", ["", "4812", "-", CODE[:-1], CODE + "X", "9" * 30 + CODE[4:], "½-" * 20])
def test_what_is_no_code_is_said_to_be_mistyped(typed: str) -> None:
    with pytest.raises(RuleError, match="code_mistyped"):
        upkeep.parse_check_code(typed)


@pytest.mark.parametrize("name", ["2026-11-19-day-H1.pdf", "/tmp/4812-K7QM-7F3A", "report", "H1", "C:\\2026-11-19-day"])
def test_a_file_s_name_is_no_code(name: str) -> None:
    assert not upkeep.has_form_of_check_code(name)


def test_what_a_text_claims_by_codes_and_hashes() -> None:
    text = f"… {CODE} …\nSHA-256 of the last: {HASH}\nfoot {CODE} page"
    claim = upkeep.SheetClaim(seq=4812, log=CODE[5:9], start=upkeep.parse_check_code(CODE).start, whole=HASH)
    assert upkeep.claims_in_printed_text(text) == [claim]
    assert upkeep.claims_in_printed_text(f"SHA-256 of the last: {HASH}") == [upkeep.SheetClaim(seq=None, whole=HASH)]
    other = upkeep.LogEndAnchor(log=HASH, seq=7, hash=FIRST)
    found = {(claim.seq, claim.whole) for claim in upkeep.claims_in_printed_text(f"{HASH} {CODE} {other.code} {FIRST}")}
    assert found == {(4812, HASH), (7, FIRST)}


def test_what_looks_like_a_code_is_none_and_what_is_no_hash_fits_no_code() -> None:
    changed = CODE[:-1] + ("A" if CODE[-1] != "A" else "B")
    like = ["", "0755-8888-6666", changed, f"x{CODE}", f"{CODE}-AAAA", "a" * 65, "2026-1119-0930-1030-1130-1230-1330"]
    assert [upkeep.claims_in_printed_text(text) for text in like] == [[]] * len(like)
    assert not upkeep.parse_check_code(CODE).matches_hash("x") and not upkeep.parse_check_code(CODE).is_about_log("")
