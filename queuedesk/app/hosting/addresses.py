"""Where a hall is shared: the addresses by which other PCs reach this one."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from collections.abc import Sequence

from queuedesk.core.errors import OutsideError
from queuedesk.core.network.joining import PORT, shown_address

EVERYWHERE = ("0.0.0.0", PORT)


def must_be_free(wanted: Sequence[tuple[str, int]]) -> None:
    """Make sure that one could listen there. Raises OutsideError "address_taken", "address_unknown" (address)."""
    for host, port in wanted:
        try:
            for family, kind, protocol, _name, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
                with socket.socket(family, kind, protocol) as tried:
                    if (
                        os.name == "posix"
                    ):  # what closed a moment ago is no reason; elsewhere the same word would share the port
                        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    tried.bind(place)
        except OSError as error:
            code = "address_taken" if error.errno in (errno.EADDRINUSE, errno.EACCES) else "address_unknown"
            raise OutsideError(code, address=shown_address(host, port)) from error


def told_addresses(bound: Sequence[tuple[str, int]]) -> list[str]:
    """Return as ADDRESS:PORT by what other PCs reach sockets bound there; where one listens everywhere, every address of this PC."""
    found: list[str] = []
    for host, port in bound:
        own = own_addresses(6 if ":" in host else 4) if ipaddress.ip_address(host).is_unspecified else []
        found += [shown_address(each, port) for each in own or [host]]
    return list(dict.fromkeys(found))


def own_addresses(version: int) -> list[str]:
    """Return the addresses that this PC has in its networks now, in the order of its network cards."""
    from PySide6.QtNetwork import QNetworkInterface

    found = []
    for card in QNetworkInterface.allInterfaces():
        flags = card.flags()
        if flags & QNetworkInterface.InterfaceFlag.IsUp and not flags & QNetworkInterface.InterfaceFlag.IsLoopBack:
            for entry in card.addressEntries():
                address = ipaddress.ip_address(entry.ip().toString().partition("%")[0])
                if address.version == version and not address.is_link_local:
                    found.append(str(address))
    return found
