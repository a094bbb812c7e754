"""A shared hall's certificate: made once, its key for nobody else, good for twenty years and for PCs whose clocks are
wrong."""

import ssl
import stat
import sys
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from queuedesk.app.hosting.gate import certificate, fingerprint
from queuedesk.core.errors import OutsideError

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def test_it_is_made_once(tmp_path):
    first = certificate(tmp_path / "postgres", NOW)
    print_ = first.fingerprint

    again = certificate(tmp_path / "postgres", NOW + timedelta(days=400))

    assert (again, again.fingerprint) == (first, print_)
    assert print_ == fingerprint(ssl.PEM_cert_to_DER_cert(first.file.read_text())) and len(print_) == 64


def test_two_halls_have_two(tmp_path):
    assert certificate(tmp_path / "a", NOW).fingerprint != certificate(tmp_path / "b", NOW).fingerprint


def test_one_without_its_key_is_made_anew(tmp_path):
    old = certificate(tmp_path, NOW)
    print_ = old.fingerprint
    old.key_file.unlink()

    assert certificate(tmp_path, NOW).fingerprint != print_


@pytest.mark.parametrize("spoiled", ["certificate.pem", "certificate.key"])
def test_a_damaged_one_is_not_made_anew_behind_everybodys_back(tmp_path, spoiled):
    made = certificate(tmp_path, NOW)
    tmp_path.joinpath(spoiled).write_text("half a fi")

    with pytest.raises(OutsideError) as refused:
        certificate(tmp_path, NOW)

    assert (refused.value.code, refused.value.details) == ("cannot_read", {"path": str(made.file)})


def test_it_is_valid_for_twenty_years_and_on_a_pc_whose_clock_lost_its_battery(tmp_path):
    made = certificate(tmp_path, NOW)

    found = x509.load_pem_x509_certificate(made.file.read_bytes())

    assert found.not_valid_before_utc < datetime(2001, 1, 1, tzinfo=UTC)
    assert found.not_valid_after_utc > datetime(2046, 1, 1, tzinfo=UTC)


def test_nobody_else_reads_its_key(tmp_path):
    made = certificate(tmp_path, NOW)

    assert sys.platform == "win32" or stat.S_IMODE(made.key_file.stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(OutsideError) as refused:
        certificate(tmp_path / "file", NOW)

    assert (refused.value.code, refused.value.details) == ("cannot_write", {"path": str(tmp_path / "file")})


def test_it_speaks_the_newest_tls_only(tmp_path):
    assert certificate(tmp_path, NOW).server_context("x").minimum_version is ssl.TLSVersion.TLSv1_3
