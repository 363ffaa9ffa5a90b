"""What getaddrinfo cannot ask, asked of the same name servers: the C library's `res_query`.

It reads the machine's own configuration (resolv.conf) and sends the question by itself, so no
address of a name server has to be known here. Thread-safe where the C library is (glibc, musl).
"""

from __future__ import annotations

import ctypes
import ctypes.util
import errno
import struct

from myco_vpn.dnswire import SRV, Bad, Failed, Found, NoSuchName, Service, Truncated, read

_INTERNET = 1
_LONGEST = 65_535


def services(name: str) -> tuple[Service, ...]:
    """The services of that name. Raises OSError: there are none, or nobody answers."""
    packet = _query(name, SRV)
    (number,) = struct.unpack_from("!H", packet)
    match read(packet, number, name, SRV):
        case Found(services=found):
            return found
        case NoSuchName():
            return ()
        case Truncated() | Failed() | Bad():
            raise OSError(errno.EPROTO, "no answer to what was asked")


def _query(name: str, kind: int) -> bytes:
    answer = ctypes.create_string_buffer(_LONGEST)
    length = _function()(name.encode("ascii"), _INTERNET, kind, answer, _LONGEST)
    if not 2 <= length <= _LONGEST:
        raise OSError(errno.ENOENT, "no such name, or no name server answers")
    return answer.raw[:length]


def _function() -> ctypes._NamedFuncPointer:
    """From the C library itself, or from its neighbour where it is older."""
    for library in (None, ctypes.util.find_library("resolv")):
        loaded = ctypes.CDLL(library)
        for name in ("res_query", "__res_query"):
            if hasattr(loaded, name):
                found: ctypes._NamedFuncPointer = getattr(loaded, name)
                found.argtypes = [
                    ctypes.c_char_p, ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_int,
                ]  # fmt: skip
                found.restype = ctypes.c_int
                return found
    raise OSError(errno.ENOSYS, "this system cannot ask for services")
