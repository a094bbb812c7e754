"""The certificate of a shared hall: self-signed, and pinned by each PC when it joins."""

from __future__ import annotations

import hashlib
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from queuedesk.core.errors import OutsideError
from queuedesk.files.reading import read_own
from queuedesk.files.writing import write_own

CERTIFICATE, KEY = "certificate.pem", "certificate.key"
LASTS = timedelta(days=20 * 365)
# A PC whose clock lost its battery must still find its hall; what is pinned needs no beginning.
VALID_FROM = datetime(2000, 1, 1, tzinfo=UTC)


class Certificate(Struct, frozen=True):
    """A certificate and its key, as two files; only this user may read the key."""

    file: Path
    key_file: Path

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate's DER form, in hex. Raises OSError."""
        return fingerprint(ssl.PEM_cert_to_DER_cert(read_own(self.file).decode("ascii")))

    def check(self) -> None:
        """Raise OSError or ValueError unless certificate and key are whole and belong together."""
        self.server_context()
        ssl.PEM_cert_to_DER_cert(read_own(self.file).decode("ascii"))

    def server_context(self, *protocols: str) -> ssl.SSLContext:
        """Return a TLS 1.3 context for a server with this certificate that offers `protocols`. Raises OSError."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(self.file, self.key_file)
        context.num_tickets = 0  # nobody comes back by one
        if protocols:
            context.set_alpn_protocols(list(protocols))
        return context


def fingerprint(der: bytes) -> str:
    """Return a certificate's SHA-256 in hex."""
    return hashlib.sha256(der).hexdigest()


def certificate(folder: Path, now: datetime) -> Certificate:
    """Return the certificate in `folder`; make one if there is none yet.

    Raises OutsideError "server_missing" where the part that shares a hall is not installed, "cannot_write", and
    "cannot_read" for a damaged one: other PCs know it, so people have to decide whether those PCs join again.
    """
    kept = Certificate(folder / CERTIFICATE, folder / KEY)
    try:
        if not (kept.file.exists() and kept.key_file.exists()):
            pem, key = _made(now)
            folder.mkdir(parents=True, exist_ok=True)
            write_own(kept.key_file, key)  # first: a certificate without its key would never be made again
            write_own(kept.file, pem)
    except OSError as error:
        raise OutsideError("cannot_write", path=str(folder)) from error
    try:
        kept.check()
    except (OSError, ValueError) as error:
        raise OutsideError("cannot_read", path=str(kept.file)) from error
    return kept


def _made(now: datetime) -> tuple[bytes, bytes]:
    try:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.x509.oid import NameOID
    except ImportError as error:
        raise OutsideError("server_missing") from error
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "QueueDesk")])
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        **dict.fromkeys(
            (
                *("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
                *("crl_sign", "encipher_only", "decipher_only"),
            ),
            False,
        ),
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(VALID_FROM)
        .not_valid_after(now.astimezone(UTC) + LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made.public_bytes(serialization.Encoding.PEM), secret
