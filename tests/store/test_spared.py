"""What SQLAlchemy imports and a hall on this PC never uses is not loaded with it, and is there when it is used."""

import subprocess
import sys
from pathlib import Path

from queuedesk.store.spared import without_docstrings

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


def test_docstrings_are_left_out_and_nothing_else():
    source = '''
class Kept:
    """Long,
    and of no use."""
    text = """Two
lines"""
    def method(self):
        """Also long,
        and of no use."""
        return [f"""{n}
more""" for n in "ab"], (lambda: """in a
lambda""")(), """a text
that is used"""
class Bare:
    text = """first,
but no docstring"""
def short():
    """One line."""
    return "One line."
def text():
    return """no
docstring"""
'''
    spaces = []
    for code in (compile(source, "x", "exec"), without_docstrings(compile(source, "x", "exec"))):
        spaces.append({})
        exec(code, spaces[-1])
    (before, after), told = spaces, []
    for one in spaces:
        told.append(
            (
                one["Kept"]().method(),
                one["Kept"].text,
                one["Bare"].text,
                one["Bare"].__doc__,
                one["short"](),
                one["text"](),
            )
        )

    assert told[0] == told[1]
    assert "no use" in before["Kept"].__doc__ and "no use" in before["Kept"].method.__doc__
    assert (after["Kept"].__doc__, after["Kept"].method.__doc__, after["short"].__doc__) == (None, None, "One line.")


def test_a_station_loads_sqlalchemy_without_its_docstrings():
    told = """
from queuedesk.store.spared import spare_docstrings
spare_docstrings()
import sqlalchemy
from sqlalchemy import engine
print(sqlalchemy.select.__doc__, engine.Engine.__doc__, len(sqlalchemy.create_engine("sqlite://").connect().execute(sqlalchemy.text("SELECT 1")).all()))
try:
    sqlalchemy.create_engine("nothing://")
except sqlalchemy.exc.NoSuchModuleError as error:
    print(type(sqlalchemy.__loader__).__name__)
"""
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, encoding="utf-8")

    assert (done.stdout, done.stderr) == ("None None 1\n_WithoutDocstrings\n", "")
