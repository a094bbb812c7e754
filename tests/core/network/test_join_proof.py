"""Proofs of a join code: good for what was said, by whom, and with which certificate; for nothing else."""

import pytest

from queuedesk.core.network.sharing import is_proof, key_of, proof

KEY, OTHER = b"k" * 32, b"o" * 32
SAID = (b"certificate", b"nonce", b"nonce of the other", b"Window 3")


def test_one_code_and_salt_give_one_key():
    key = key_of("7KMX2PRD", b"salt")

    assert key == key_of("7KMX2PRD", b"salt") and len(key) == 32
    assert len({key, key_of("7KMX2PRE", b"salt"), key_of("7KMX2PRD", b"pepper")}) == 3


@pytest.mark.parametrize("joins", [True, False])
def test_a_proof_holds_for_its_own_words(joins):
    assert is_proof(proof(KEY, *SAID, joins=joins), KEY, *SAID, joins=joins)


@pytest.mark.parametrize(
    ("key", "said", "joins"),
    [
        (OTHER, SAID, True),  # another code
        (KEY, (b"another's certificate", *SAID[1:]), True),  # somebody in between
        (KEY, (SAID[0], b"older", *SAID[2:]), True),  # overheard another day
        (KEY, SAID, False),  # said back to whom it came from
        (KEY, SAID[:-1], True),
        (KEY, (*SAID[:2], b"nonce of the otherWindow 3"), True),  # the same letters, cut elsewhere
        (KEY, (SAID[1], SAID[0], *SAID[2:]), True),
    ],
)
def test_a_proof_holds_for_nothing_else(key, said, joins):
    assert not is_proof(proof(KEY, *SAID, joins=True), key, *said, joins=joins)


@pytest.mark.parametrize("given", [None, "", 7, [], "ß" * 64, "0" * 64])
def test_what_is_no_proof_is_none(given):
    assert not is_proof(given, KEY, *SAID, joins=True)
