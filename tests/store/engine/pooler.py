"""PgBouncer of Debian before the tests' server: lends its connections for a session, or for each transaction."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from tests.bounded import PATIENCE_S, until
from tests.networks import free_port, listens

PROGRAM = shutil.which("pgbouncer", path=f"{os.defpath}:/usr/sbin") or "pgbouncer"
# Fewer than a hall's stations ask for, so that they get each other's.
CONNECTIONS = 4


@contextmanager
def pooler(url: str, folder: Path, mode: str) -> Iterator[str]:
    """Give the address of a database behind a pooler that works by `mode` ("session", "transaction")."""
    given = conninfo_to_dict(url)
    port = free_port()
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        f"""
[databases]
hall = host={given["host"]} port={given["port"]} dbname={given["dbname"]} user={given["user"]} password={given["password"]}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = {CONNECTIONS if mode == "transaction" else 100}
query_wait_timeout = 2
""",
        encoding="utf-8",
    )
    command = [PROGRAM, str(settings)]
    if os.geteuid() == 0:  # It refuses to work as root, and drops what root may after it has read its settings.
        command += ["--user", "nobody"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        try:
            until(lambda: listens(port) or process.poll() is not None)
            assert process.poll() is None, process.communicate()
            yield f"postgresql://{given['user']}@127.0.0.1:{port}/hall"
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE_S)
