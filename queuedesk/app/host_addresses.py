"""Where a hall is shared: the addresses by which other PCs reach this one."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from queuedesk.core.joining import PORT, shown_address

EVERYWHERE = ("0.0.0.0", PORT)


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
