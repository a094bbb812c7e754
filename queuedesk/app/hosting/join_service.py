"""The main PC's side of joining, in lines of JSON: checks the proof, issues a credential. The PC proves first, so that
a listener gets nothing to try codes on."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from queuedesk.app.hosting.server import DATABASE
from queuedesk.core.errors import QueueDeskError
from queuedesk.core.network.sharing import VERSION, is_valid_join_proof, join_proof_hex
from queuedesk.desk import network
from queuedesk.desk.network import JoinedPcCredential
from queuedesk.files.reading import parse_json_safely
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.migrate import REVISION


class JoinService:
    """Lets PCs join the halls of `db`, which is opened as the server's owner; one for a gate, whose certificate has the
    `fingerprint`. `database` is its name on the server. `server` is where PCs reach that server if not through the
    gate: an address as in postgresql://…, but without scheme, user, password and database, such as
    "db.example:5432?sslmode=require"."""

    def __init__(
        self,
        db: Database,
        fingerprint: str,
        clock: Callable[[], datetime],
        *,
        database: str = DATABASE,
        server: str | None = None,
    ) -> None:
        self.db, self._fingerprint, self._clock = db, fingerprint, clock
        self._where = {"database": database, "server": server}

    async def __call__(self, said: asyncio.StreamReader, say: Callable[[bytes], None]) -> None:
        """Talk with one PC; one that does not speak this protocol gets no answer."""
        try:
            await self._run_join_exchange(said, say)
        except _ProtocolError:
            return
        except QueueDeskError as refusal:
            say(message_as_json_line({"error": refusal.code, "left": refusal.details.get("left")}))

    async def _run_join_exchange(self, said: asyncio.StreamReader, say: Callable[[bytes], None]) -> None:
        hers = _required_text_field(await _receive_message(said), "nonce")
        nonce = secrets.token_hex(16)
        offered = await asyncio.to_thread(network.latest_join_codes, self.db)
        codes = [[id, salt.hex()] for id, salt in offered]
        say(message_as_json_line({"version": VERSION, "revision": int(REVISION), "nonce": nonce, "codes": codes}))
        asked = await _receive_message(said)
        name, proofs = _required_text_field(asked, "name"), asked.get("proofs")
        if not isinstance(proofs, dict):
            raise _ProtocolError
        common = (self._fingerprint, hers, nonce, name)
        keys: dict[str, bytes] = {}

        def has_valid_join_proof(id: str, key: bytes) -> bool:
            keys[id] = key
            return is_valid_join_proof(proofs.get(id), key, *join_proof_parts(*common, id), joins=True)

        let_in = await asyncio.to_thread(network.join_with_code, self.db, has_valid_join_proof, name, self._clock())
        answer = self._join_answer_json(let_in)
        shown = join_proof_hex(keys[let_in.code], *join_proof_parts(*common, let_in.code, answer), joins=False)
        say(message_as_json_line({"code": let_in.code, "answer": answer, "proof": shown}))

    def _join_answer_json(self, let_in: JoinedPcCredential) -> str:
        return json.dumps(
            {
                **self._where,
                "role": let_in.role,
                "password": let_in.password,
                "pc": let_in.name,
                "kind": str(let_in.kind),
                "hall": let_in.hall,
                "hall_name": let_in.hall_name,
                "hall_name_en": let_in.hall_name_en,
            }
        )


def message_as_json_line(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document).encode() + b"\n"


def parse_json_line(said: bytes) -> dict[str, Any]:
    """Return the message of a line. Raises ValueError for a line that is no message or is incomplete."""
    if not said.endswith(b"\n"):
        raise ValueError(said[:20])
    document = parse_json_safely(said)
    if not isinstance(document, dict):
        raise ValueError(document)
    return document


def join_proof_parts(*parts: str) -> list[bytes]:
    """Return what proofs are computed from: certificate, both nonces, PC's name, code's id, and last the answer."""
    return [part.encode() for part in parts]


class _ProtocolError(Exception):
    """Whoever that is, it does not speak this protocol."""


async def _receive_message(said: asyncio.StreamReader) -> dict[str, Any]:
    try:
        return parse_json_line(await said.readline())
    except ValueError as error:
        raise _ProtocolError from error


def _required_text_field(document: Mapping[str, Any], key: str) -> str:
    found = document.get(key)
    if not isinstance(found, str):
        raise _ProtocolError
    return found
