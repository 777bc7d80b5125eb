"""Refuses every connection that leaves this machine, as a network does that is not there.

`tests/conftest.py` imports it, and puts its folder on PYTHONPATH: Python imports a module of this name by itself when
it starts, so the programs that tests start are held to it too. An audit hook cannot be taken out again. The one
exception is the Neo4j server that whoever runs the tests has named for them (NEO4J_URI).
"""

from __future__ import annotations

import os
import sys
from typing import Any

WHY = "tests speak with this machine alone"
_CONNECTING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_NAMING = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})


def _here(host: object) -> bool:
    import ipaddress  # here, so that programs that open no line start as fast as ever
    import socket

    if isinstance(host, bytes | bytearray):
        host = host.decode("ascii", "replace")
    if not isinstance(host, str) or host in {"", "localhost", "localhost.localdomain", socket.gethostname()}:
        return True
    if host in os.environ.get("NEO4J_URI", ""):
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _hook(event: str, handed: tuple[Any, ...]) -> None:
    if event in _CONNECTING:
        line, address = handed[0], handed[1]
        inet = line.family.name in {"AF_INET", "AF_INET6"}
        if inet and address is not None and not _here(address[0]):
            raise ConnectionRefusedError(f"{WHY}, not with {address[0]}")
    elif event in _NAMING and not _here(handed[0]):
        import socket

        raise socket.gaierror(socket.EAI_NONAME, f"{WHY}, not with {handed[0]}")


sys.addaudithook(_hook)
