"""A directory: Debian's slapd as a process of its own, with a certificate of its own; and a hall that asks it."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from queuedesk.features.directory import verbs
from tests.bounded import PATIENCE_S, until
from tests.hall import ADMIN, Hall, hall_of, simple_hall, simple_setup
from tests.networks import free_port, listens

PEOPLE = "ou=people,dc=example,dc=com"
FORM = "uid={name}," + PEOPLE
FILTER = "(&(sAMAccountName={name})(memberOf=cn=hall,dc=example,dc=com))"
PASSWORD, ROOT = "Richtig 对 12", "root of a test"
SPECIAL = 'o"b,c+d*(e)=#'
"""An account with the signs that mean something in names and filters."""

_CONF = """include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
attributetype ( 1.2.840.113556.1.4.221 NAME 'sAMAccountName' EQUALITY caseIgnoreMatch
  SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.2.102 NAME 'memberOf' EQUALITY distinguishedNameMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )
objectclass ( 1.2.840.113556.1.5.9 NAME 'adUser' SUP top AUXILIARY MAY ( sAMAccountName $ memberOf ) )
pidfile {folder}/pid
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCertificateFile {folder}/own.pem
TLSCertificateKeyFile {folder}/own.key
database mdb
suffix "dc=example,dc=com"
rootdn "cn=root,dc=example,dc=com"
rootpw "{root}"
directory {folder}/data
access to attrs=userPassword by anonymous auth by * none
access to * by users read by * none
"""
_TOP = f"""dn: dc=example,dc=com
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: {PEOPLE}
objectClass: organizationalUnit
ou: people
"""


def person(uid: str, *, dn_uid: str | None = None, listed: bool = True) -> str:
    member = "memberOf: cn=hall,dc=example,dc=com\n" if listed else ""
    return (
        f"dn: uid={dn_uid or uid},{PEOPLE}\nobjectClass: inetOrgPerson\nobjectClass: adUser\nuid: {uid}\ncn: {uid}\n"
        f"sn: {uid}\nsAMAccountName: {uid}\n{member}userPassword: {PASSWORD}\n"
    )


def make_certificate(folder: Path, name: str = "own") -> str:
    """Make a certificate for 127.0.0.1 with its key, and return its PEM text."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=30))
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = made.add_extension(address, critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    text = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    folder.joinpath(f"{name}.pem").write_text(text, encoding="ascii")
    private = serialization.PrivateFormat.PKCS8
    folder.joinpath(f"{name}.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption())
    )
    return text


@dataclass
class Slapd:
    """A directory that listens at this PC, with TLS from the beginning (`ldaps`) and without (`ldap`)."""

    folder: Path
    certificate: str
    ldap: str
    ldaps: str
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        line = ["slapd", "-f", str(self.folder / "slapd.conf"), "-h", f"{self.ldap}/ {self.ldaps}/", "-d", "0"]
        with (self.folder / "words").open("ab") as words:
            self.process = subprocess.Popen(_found(line), stdout=words, stderr=words)
        ports = [int(address.rpartition(":")[2]) for address in (self.ldap, self.ldaps)]
        until(lambda: self.process.poll() is not None or all(map(listens, ports)), "the directory listens")
        assert self.process.poll() is None, (self.folder / "words").read_text()

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(PATIENCE_S)
            self.process = None

    def change(self, ldif: str) -> None:
        """Change entries as the directory's own admin."""
        line = ["ldapmodify", "-x", "-H", self.ldap, "-D", "cn=root,dc=example,dc=com", "-w", ROOT]
        subprocess.run(line, input=ldif.encode(), check=True, capture_output=True, timeout=PATIENCE_S)


def _found(line: list[str]) -> list[str]:
    return [shutil.which(line[0], path="/usr/sbin:/usr/bin:/sbin:/bin") or line[0], *line[1:]]


@pytest.fixture
def slapd(tmp_path: Path) -> Iterator[Slapd]:
    folder = tmp_path / "slapd"
    (folder / "data").mkdir(parents=True)
    certificate = make_certificate(folder)
    (folder / "slapd.conf").write_text(_CONF.format(folder=folder, root=ROOT), encoding="utf-8")
    special = "".join(f"\\{ord(sign):02x}" if sign in '",+=#' else sign for sign in SPECIAL)
    entries = [_TOP, person("chen"), person("wang"), person("guest", listed=False), person(SPECIAL, dn_uid=special)]
    (folder / "entries").write_text("\n".join(entries), encoding="utf-8")
    line = ["slapadd", "-f", str(folder / "slapd.conf"), "-l", str(folder / "entries")]
    done = subprocess.run(_found(line), capture_output=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr
    ports = [f"127.0.0.1:{free_port()}" for _ in range(2)]
    server = Slapd(folder, certificate, f"ldap://{ports[0]}", f"ldaps://{ports[1]}")
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(autouse=True)
def own_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of this PC's settings, one of the test's own."""
    for name in ("XDG_CONFIG_HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "config"))
    return tmp_path / "config" / "queuedesk"


def directory_hall(folder: Path) -> Hall:
    """Make a hall that uses a directory, whose admin has a PIN."""
    made = simple_hall(folder, hall={**simple_setup()["hall"], "features": ["directory"]})
    made.do("set-pin", "AD", "1234")
    return made


@pytest.fixture
def hall(tmp_path: Path, request: pytest.FixtureRequest) -> Hall:
    return hall_of(request, tmp_path, directory_hall)


def ask_by_tls(hall: Hall, server: Slapd, **more: str | int) -> None:
    """Let the hall ask a directory, and its people have accounts there."""
    found = {"certificate": server.certificate, **more}
    verbs.set_ldap_directory(hall.desk, hall.ask(ADMIN), server.ldaps, FORM, **found)
    for code, account in (("M1", "chen"), ("C1", "wang"), ("G1", "guest")):
        verbs.set_account(hall.desk, hall.ask(ADMIN), code, account)
