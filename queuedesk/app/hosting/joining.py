"""This PC's side of joining: proves the code, pins the certificate, keeps its credential."""

from __future__ import annotations

import json
import os
import secrets
import socket
import ssl
from collections.abc import Mapping
from typing import Any, BinaryIO, cast
from urllib.parse import quote

from msgspec import convert
from msgspec.structs import replace

from queuedesk.app.hosting import credentials
from queuedesk.app.hosting.gate import JOIN, certificate_sha256_hex
from queuedesk.app.hosting.join_service import join_proof_parts, message_as_json_line, parse_json_line
from queuedesk.app.hosting.server import SharingProcessNote
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError, QueueDeskError, RuleError
from queuedesk.core.imports import half_width_text
from queuedesk.core.network.sharing import (
    MOST_CODES,
    PORT,
    VERSION,
    JoinResult,
    derive_join_key,
    format_address,
    is_valid_join_proof,
    join_proof_hex,
    normalized_pc_name,
    parse_host_and_port,
    parse_join_code,
)
from queuedesk.desk import looking, network
from queuedesk.desk.change import Desk
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
    meant = parse_join_code(code)
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
    credentials.store_database_password(db, password)
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
    credentials.store_database_password(place, password)
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
