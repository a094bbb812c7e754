"""This PC's side of joining: proves the code, pins the certificate, keeps its credential."""

from __future__ import annotations

import json
import os
import secrets
import socket
import ssl
from collections.abc import Mapping
from typing import Any, BinaryIO, cast
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from queuedesk.app.hosting import credentials
from queuedesk.app.hosting.gate import JOIN, fingerprint
from queuedesk.app.hosting.join_service import line, read_line, spoken
from queuedesk.app.hosting.server import HostNote
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.network.sharing import (
    MOST_CODES,
    VERSION,
    derive_key,
    format_address,
    is_proof,
    pc_name,
    proof,
    read_address,
    read_code,
)
from queuedesk.desk import looking, network
from queuedesk.desk.change import Desk
from queuedesk.files.writing import write_own
from queuedesk.store.engine.database import Database
from queuedesk.store.engine.migrate import REVISION

REACH_S = 5.0
ANSWER_S = 15.0
POSTGRES_PORT = 5432
_LONGEST = 64 * 1024


class JoinResult(Struct, frozen=True, kw_only=True):
    """What this PC is once it has joined: `name` is what the manager sees, `db` the hall's address without a password,
    `host` the main PC's address."""

    hall: str
    hall_name: str
    hall_name_en: str
    name: str
    kind: str
    db: str
    host: str


def join(address: str, code: str, *, name: str | None = None) -> JoinResult:
    """Join the hall whose main PC is at `address`; `name` is what the hall calls this PC, by default its system's name.
    A refusal leaves this PC as it was. Raises RuleError "bad_address", "not_a_code", "main_pc", "bad_code" (left),
    "code_spent"; OutsideError "host_unreachable", "not_a_host", "host_not_proven" (address), "cannot_write", and as
    Database.open does; a difference between the two programs' versions is found before the code is used."""
    host, port = read_address(address)
    meant = read_code(code)
    where = format_address(host, port)
    own_name = pc_name(name or socket.gethostname())
    _must_not_share()
    _must_be_writable()
    answer, der = _negotiate(host, port, meant, own_name)
    pem, pinned = ssl.DER_cert_to_PEM_cert(der), credentials.pinned_file(fingerprint(der))
    if answer["server"]:
        place, _, options = answer["server"].partition("?")
        host, port = read_address(place, POSTGRES_PORT)
    else:
        options = credentials.pinning(pinned)
    role, password, database = answer["role"], answer["password"], answer["database"]
    there = pinned.exists()
    write_own(pinned, pem.encode())
    try:
        tried = credentials.address(role, host, port, database, options=options, password=password)
        Database.open(tried).dispose()
    except QueueDeskError:
        if not there:
            pinned.unlink(missing_ok=True)
        raise
    db = credentials.address(role, host, port, database, options=options)
    credentials.keep_password(role, host, port, database, password)
    credentials.choose_hall(db, answer["hall"])
    return JoinResult(
        hall=answer["hall"],
        hall_name=answer["hall_name"],
        hall_name_en=answer.get("hall_name_en", ""),
        name=answer["pc"],
        kind=answer["kind"],
        db=db,
        host=where,
    )


def rejoin(address: str) -> JoinResult:
    """Find the main PC of the joined hall at a new address; it must show the same certificate. A refusal leaves this PC
    as it was. Raises RuleError "bad_address", "main_pc", "code_needed" on a PC that joined no hall, "unknown_hall";
    OutsideError "cannot_write", "cannot_read", and as Database.open does."""
    host, port = read_address(address)
    _must_not_share()
    own = config.load()
    known = urlsplit(own.db)
    role, database = known.username or "", unquote(known.path[1:])
    password = credentials.kept_password(role, known.hostname or "", known.port or 0, database) if own.db else None
    if password is None:
        raise RuleError("code_needed")
    db = Database.open(credentials.address(role, host, port, database, options=known.query, password=password))
    try:
        desk = Desk(db, looking.hall_by_code(db, own.hall or None))
        hall, pc = looking.setup_of(desk).hall, network.own_pc(desk)
    finally:
        db.dispose()
    if pc is None:  # a server's owner has joined nothing
        raise RuleError("code_needed")
    place = credentials.address(role, host, port, database, options=known.query)
    credentials.keep_password(role, host, port, database, password)
    credentials.choose_hall(place, hall.code)
    if (host, port) != (known.hostname, known.port):
        credentials.forget_password(own.db)
    where = format_address(host, port)
    return JoinResult(
        hall=hall.code,
        hall_name=hall.name,
        hall_name_en=hall.name_en,
        name=pc.name,
        kind=str(pc.kind),
        db=place,
        host=where,
    )


def leave() -> str:
    """Leave the shared hall; return the address it had, "" for none. Raises RuleError "main_pc", OutsideError
    "cannot_write"."""
    _must_not_share()
    return credentials.forget_hall()


def _must_not_share() -> None:
    """Raises RuleError "main_pc" on the main PC, whose own stations would lose the hall that it shares."""
    if HostNote().is_taken():
        raise RuleError("main_pc")


def _must_be_writable() -> None:
    """Check first whether this PC can store what it will get. Raises OutsideError "cannot_write"."""
    trial = config.config_file().with_name(f".joining.{os.getpid()}")
    write_own(trial, b"")
    trial.unlink(missing_ok=True)


def _negotiate(host: str, port: int, code: str, name: str) -> tuple[dict[str, Any], bytes]:
    """Return what the main PC says to one that knows the code, and its certificate in DER form."""
    place = format_address(host, port)
    try:
        plain = socket.create_connection((host, port), timeout=REACH_S)
    except OSError as error:
        raise OutsideError("host_unreachable", address=place) from error
    with plain:
        try:
            with _tls_context().wrap_socket(plain) as encrypted:
                der = encrypted.getpeercert(binary_form=True)
                if encrypted.selected_alpn_protocol() != JOIN or der is None:
                    raise OutsideError("not_a_host", address=place)
                encrypted.settimeout(ANSWER_S)
                with encrypted.makefile("rwb") as both:
                    return _prove_code(cast(BinaryIO, both), place, fingerprint(der), code, name), der
        except (ssl.SSLError, ValueError, KeyError, TypeError) as error:
            raise OutsideError("not_a_host", address=place) from error
        except OSError as error:
            raise OutsideError("host_unreachable", address=place) from error


def _tls_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Whose certificate it is, the proofs show; there is no authority in a hall that could.
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.set_alpn_protocols([JOIN])
    return context


def _prove_code(both: BinaryIO, place: str, seen: str, code: str, name: str) -> dict[str, Any]:
    """Prove that this PC knows the code to whoever showed the certificate `seen`, and have that proven; return the
    answer. Raises RuleError "bad_code", "code_spent", OutsideError "host_not_proven", "host_unreachable",
    "database_newer", "database_older"; ValueError and the like for what is not our protocol."""
    nonce = secrets.token_hex(16)
    _send_document(both, version=VERSION, nonce=nonce)
    offer = _receive_document(both, place)
    if (version := int(offer["revision"])) != int(REVISION):
        raise OutsideError(
            "database_newer" if version > int(REVISION) else "database_older", version=version, path=place
        )
    common = (seen, nonce, str(offer["nonce"]), name)
    keys = {str(id): derive_key(code, bytes.fromhex(salt)) for id, salt in offer["codes"][:MOST_CODES]}
    _send_document(
        both, name=name, proofs={id: proof(key, *spoken(*common, id), joins=True) for id, key in keys.items()}
    )
    said = _receive_document(both, place)
    id, answer = str(said["code"]), str(said["answer"])
    if id not in keys or not is_proof(said["proof"], keys[id], *spoken(*common, id, answer), joins=False):
        raise OutsideError("host_not_proven", address=place)
    return dict(json.loads(answer))


def _send_document(both: BinaryIO, **document: Any) -> None:
    both.write(line(document))
    both.flush()


def _receive_document(both: BinaryIO, place: str) -> Mapping[str, Any]:
    said = both.readline(_LONGEST)
    if not said:
        raise OutsideError("host_unreachable", address=place)
    document = read_line(said)
    refused = document.get("error")
    if refused == "bad_code":
        raise RuleError("bad_code", left=int(document["left"]))
    if refused == "code_spent":
        raise RuleError("code_spent")
    if refused is not None:
        raise OutsideError("host_unreachable", address=place)
    return document
