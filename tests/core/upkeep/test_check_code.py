"""The check code: what it says, how people type it, and which slips are noticed."""

import pytest

from queuedesk.core import upkeep
from queuedesk.core.errors import RuleError

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
