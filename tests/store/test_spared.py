"""What SQLAlchemy imports and a hall on this PC never uses is not loaded with it, and is there when it is used."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_what_is_spared_is_loaded_by_its_first_use():
    told = """
import sys, threading
from queuedesk.desk import looking
print([name for name in ("ssl", "email", "concurrent.futures", "asyncio.events") if name in sys.modules])

from sqlalchemy.util import concurrency
errors, at_once = [], threading.Barrier(4)
def fails():
    at_once.wait()
    errors.append(concurrency.is_exit_exception(ValueError()))
threads = [threading.Thread(target=fails) for _ in range(4)]
[one.start() for one in threads]
[one.join() for one in threads]
import asyncio.events, importlib.metadata
print(errors, asyncio.run(asyncio.sleep(0, "awake")), importlib.metadata.version("sqlalchemy")[0])
"""
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, encoding="utf-8")

    assert (done.stdout, done.stderr) == ("[]\n[False, False, False, False] awake 2\n", "")


def test_a_station_digests_as_openssl_does_and_loads_it_with_its_first_pin():
    told = """
import sys
from queuedesk.app.station.launch import load_hall
load_hall()
import hashlib, hmac
own = [hashlib.sha256(b"A001").hexdigest(), hmac.digest(b"key", b"A001", hashlib.sha256).hex()]
print("_hashlib" in sys.modules)
derived = [hashlib.scrypt(b"2468", salt=b"salt", n=16, r=8, p=1).hex() for _ in range(2)]
import _hashlib
print(own == [_hashlib.openssl_sha256(b"A001").hexdigest(), _hashlib.hmac_digest(b"key", b"A001", "sha256").hex()])
print(derived == [_hashlib.scrypt(b"2468", salt=b"salt", n=16, r=8, p=1).hex()] * 2, hashlib.scrypt is _hashlib.scrypt)
"""
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, encoding="utf-8")

    assert (done.stdout, done.stderr) == ("False\nTrue\nTrue True\n", "")
