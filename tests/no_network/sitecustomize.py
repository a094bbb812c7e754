"""Read by every Python that starts with this folder on its path: no socket of a network opens, and no name is found."""

import errno
import os
import socket
from typing import Any

_NETWORKS = (-1, socket.AF_INET, socket.AF_INET6)
_open = socket.socket.__init__


def _refuse(self: socket.socket, family: int = -1, type: int = -1, proto: int = -1, fileno: Any = None) -> None:
    if fileno is None and family in _NETWORKS:
        raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))
    _open(self, family, type, proto, fileno)


def _find_nothing(*_asked: object, **_more: object) -> Any:
    raise socket.gaierror(socket.EAI_NONAME, "no network")


socket.socket.__init__ = _refuse  # type: ignore[method-assign]
socket.getaddrinfo = socket.gethostbyname = _find_nothing
