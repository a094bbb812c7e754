"""Both sides of joining a hall: this PC proves the code, pins the certificate and keeps its credential; the main PC
checks the proof, in lines of JSON, and issues a credential. The PC proves first, so that a listener gets nothing to
try codes on."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import socket
import ssl
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, BinaryIO, cast
from urllib.parse import quote

from msgspec import convert
from msgspec.structs import replace

from queuedesk.app.hosting import credentials
from queuedesk.app.hosting.gate import JOIN, certificate_sha256_hex
from queuedesk.app.hosting.server import DATABASE, SharingProcessNote
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.imports import half_width_text
from queuedesk.core.network.sharing import (
    MOST_CODES,
    PORT,
    VERSION,
    JoinResult,
    checked_join_code_text,
    derive_join_key,
    format_address,
    is_valid_join_proof,
    join_proof_hex,
    normalized_pc_name,
    parse_host_and_port,
)
from queuedesk.desk import looking, network
from queuedesk.desk.change import Desk
from queuedesk.desk.network import JoinedPcCredential
from queuedesk.files.reading import parse_json_safely
from queuedesk.files.writing import write_private_file
from queuedesk.store.engine.address import PORT as POSTGRES_PORT
from queuedesk.store.engine.address import ServerAddress, has_main_pc_certificate, parse_server_address
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.migrate import REVISION

REACH_S = 5.0
ANSWER_S = 15.0
_LONGEST = 64 * 1024


def join_hall(address: str, code: str, *, name: str | None = None) -> JoinResult:
    """Join the hall whose main PC is at `address`; `name` is what the hall calls this PC, by default its system's name.
    A refusal leaves this PC as it was. Raises RuleError "bad_address", "not_a_code", "main_pc", "bad_code" (left),
    "code_spent"; OutsideError "host_unreachable", "not_a_host", "host_not_proven" (address), "cannot_write", and as
    Database.open does; a difference between the two programs' versions is found before the code is used."""
    host, port = parse_host_and_port(address)
    meant = checked_join_code_text(code)
    where = format_address(host, port)
    own_name = normalized_pc_name(name or socket.gethostname())
    _require_not_main_pc()
    _require_writable_config()
    answer, der = _request_join_from_host(host, port, meant, own_name)
    role, password, database = answer["role"], answer["password"], answer["database"]
    pem, pinned = ssl.DER_cert_to_PEM_cert(der), credentials.pinned_certificate_path(certificate_sha256_hex(der))
    if answer["server"]:
        place, _, options = answer["server"].partition("?")
        db = parse_server_address(f"postgresql://{role}@{place}/{quote(database, safe='')}?{options}")
    else:
        options = credentials.libpq_certificate_options(pinned)
        db = ServerAddress(hosts=((host, port),), database=database, role=role, options=options)
    there = pinned.exists()
    write_private_file(pinned, pem.encode())
    try:
        Database.open(db.url(password)).dispose()
    except QueueDeskError:
        if not there:
            pinned.unlink(missing_ok=True)
        raise
    credentials.write_database_password_to_file(db, password)
    credentials.switch_to_hall(db.url(), answer["hall"])
    return convert({"hall_name_en": "", **answer, "name": answer["pc"], "db": db.url(), "host": where}, JoinResult)


def rejoin_hall_at_new_address(address: str) -> JoinResult:
    """Find the main PC of the joined hall at a new address; it must show the same certificate. Of a server that the
    hall already had, several hosts may be named, with commas between. A refusal leaves this PC as it was. Raises
    RuleError "bad_address", "main_pc", "code_needed" on a PC that joined no hall, "unknown_hall"; OutsideError
    "cannot_write", "cannot_read", and as Database.open does."""
    own = config.load_config()
    port = POSTGRES_PORT if own.db and not has_main_pc_certificate(own.db) else PORT
    hosts = tuple(parse_host_and_port(one, port) for one in half_width_text(address).split(","))
    _require_not_main_pc()
    if not own.db or (password := credentials.stored_database_password(known := parse_server_address(own.db))) is None:
        raise RuleError("code_needed")
    place = replace(known, hosts=hosts)
    with Database.open(place.url(password)) as db:
        desk = Desk(db, looking.hall_id_by_code(db, own.hall or None))
        hall, pc = looking.setup_of_hall(desk).hall, network.own_pc(desk)
    if pc is None:  # a server's owner has joined nothing
        raise RuleError("code_needed")
    credentials.write_database_password_to_file(place, password)
    credentials.switch_to_hall(place.url(), hall.code)
    credentials.delete_database_password(known, but_of=place)
    return JoinResult(
        hall=hall.code,
        hall_name=hall.name,
        hall_name_en=hall.name_en,
        name=pc.name,
        kind=str(pc.kind),
        db=place.url(),
        host=", ".join(format_address(*host) for host in hosts),
    )


def leave_shared_hall() -> str:
    """Leave the shared hall; return the address it had, "" for none. Raises RuleError "main_pc", OutsideError
    "cannot_write"."""
    _require_not_main_pc()
    return credentials.disconnect_shared_hall()


def _require_not_main_pc() -> None:
    """Raises RuleError "main_pc" on the main PC, whose own stations would lose the hall that it shares."""
    if SharingProcessNote().is_some_process_sharing():
        raise RuleError("main_pc")


def _require_writable_config() -> None:
    """Check first whether this PC can store what it will get. Raises OutsideError "cannot_write"."""
    trial = config.config_file().with_name(f".joining.{os.getpid()}")
    write_private_file(trial, b"")
    trial.unlink(missing_ok=True)


def _request_join_from_host(host: str, port: int, code: str, name: str) -> tuple[dict[str, Any], bytes]:
    """Return what the main PC says to one that knows the code, and its certificate in DER form."""
    place = format_address(host, port)
    try:
        plain = socket.create_connection((host, port), timeout=REACH_S)
    except OSError as error:
        raise OutsideError("host_unreachable", address=place) from error
    with plain:
        try:
            with _unverified_tls_context().wrap_socket(plain) as encrypted:
                der = encrypted.getpeercert(binary_form=True)
                if encrypted.selected_alpn_protocol() != JOIN or der is None:
                    raise OutsideError("not_a_host", address=place)
                encrypted.settimeout(ANSWER_S)
                with encrypted.makefile("rwb") as both:
                    return _exchange_join_code_proofs(
                        cast(BinaryIO, both), place, certificate_sha256_hex(der), code, name
                    ), der
        except (ssl.SSLError, ValueError, KeyError, TypeError) as error:
            raise OutsideError("not_a_host", address=place) from error
        except OSError as error:
            raise OutsideError("host_unreachable", address=place) from error


def _unverified_tls_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Whose certificate it is, the proofs show; there is no authority in a hall that could.
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.set_alpn_protocols([JOIN])
    return context


def _exchange_join_code_proofs(both: BinaryIO, place: str, seen: str, code: str, name: str) -> dict[str, Any]:
    """Prove that this PC knows the code to whoever showed the certificate `seen`, and have that proven; return the
    answer. Raises RuleError "bad_code", "code_spent", OutsideError "host_not_proven", "host_unreachable",
    "database_newer", "database_older"; ValueError and the like for what is not our protocol."""
    nonce = secrets.token_hex(16)
    _send_json_line(both, version=VERSION, nonce=nonce)
    offer = _receive_json_line(both, place)
    if (version := int(offer["revision"])) != int(REVISION):
        raise OutsideError(
            "database_newer" if version > int(REVISION) else "database_older", version=version, path=place
        )
    common = (seen, nonce, str(offer["nonce"]), name)
    keys = {str(id): derive_join_key(code, bytes.fromhex(salt)) for id, salt in offer["codes"][:MOST_CODES]}
    _send_json_line(
        both,
        name=name,
        proofs={id: join_proof_hex(key, *join_proof_parts(*common, id), joins=True) for id, key in keys.items()},
    )
    said = _receive_json_line(both, place)
    id, answer = str(said["code"]), str(said["answer"])
    if id not in keys or not is_valid_join_proof(
        said["proof"], keys[id], *join_proof_parts(*common, id, answer), joins=False
    ):
        raise OutsideError("host_not_proven", address=place)
    return dict(json.loads(answer))


def _send_json_line(both: BinaryIO, **document: Any) -> None:
    both.write(message_as_json_line(document))
    both.flush()


def _receive_json_line(both: BinaryIO, place: str) -> Mapping[str, Any]:
    said = both.readline(_LONGEST)
    if not said:
        raise OutsideError("host_unreachable", address=place)
    document = parse_json_line(said)
    refused = document.get("error")
    if refused == "bad_code":
        raise RuleError("bad_code", left=int(document["left"]))
    if refused == "code_spent":
        raise RuleError("code_spent")
    if refused is not None:
        raise OutsideError("host_unreachable", address=place)
    return document


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
        offered = await asyncio.to_thread(network.latest_join_code_ids_and_salts, self.db)
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

        let_in = await asyncio.to_thread(
            network.create_credential_for_known_code, self.db, has_valid_join_proof, name, self._clock()
        )
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
