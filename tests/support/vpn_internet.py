"""The internet of a lab: a web server that says from which address it was asked."""

from __future__ import annotations

import asyncio
import base64
import hashlib

_ADDRESSES = ("203.0.113.10", "2001:db8:2::10")
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_BLOCK = bytes(65536)
# Everything by which a page could go past a proxy, and what stays open while a tunnel is switched.
_PAGE = b"""<!doctype html><title>page</title>
<link rel="icon" href="/favicon.ico">
<link rel="dns-prefetch" href="//prefetch.example">
<link rel="preconnect" href="http://203.0.113.10:81">
<link rel="prefetch" href="/later">
<script>
addEventListener("load", () => {
  window.events = [];
  const note = text => events.push(text);
  const socket = new WebSocket("ws://" + location.host + "/socket");
  socket.onopen = () => note("open");
  socket.onclose = () => note("closed");
  fetch("/stream").then(async answer => {
    const reader = answer.body.getReader();
    try {
      for (;;) { const part = await reader.read(); if (part.done) break; note("part"); }
    } catch { }
    note("stream ended");
  });
  const servers = [{urls: "stun:203.0.113.10:3478"}, {urls: "stun:stun.example"}];
  const peer = new RTCPeerConnection({iceServers: servers});
  peer.createDataChannel("x");
  peer.createOffer().then(offer => peer.setLocalDescription(offer));
  try { new WebTransport("https://203.0.113.10:4433/x").ready.catch(() => 0); } catch { }
  new Image().src = "http://other.example/picture.png";
});
</script>"""


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers one request."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        await _answer(head, reader, writer)
        await writer.drain()
    except (OSError, asyncio.IncompleteReadError):
        return
    finally:
        writer.close()


async def _answer(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    path, peer = head.split(" ")[1], writer.get_extra_info("peername")[0].encode()
    if "upgrade: websocket" in head.lower():
        _accept_socket(head, writer)
        await reader.read()
    elif path.startswith("/stream"):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        while True:
            writer.write(peer + b"\n")
            await writer.drain()
            await asyncio.sleep(0.05)
    elif path.startswith("/slow/"):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n")
        writer.write(b"Content-Disposition: attachment; filename=big.dat\r\n")
        writer.write(b"Content-Length: %d\r\n\r\n" % int(path.split("/")[2]))
        while True:
            writer.write(_BLOCK)
            await writer.drain()
            await asyncio.sleep(0.02)
    elif path.startswith("/bytes/"):
        count = int(path.split("/")[2])
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % count)
        while count > 0:
            writer.write(_BLOCK[:count])
            await writer.drain()
            count -= len(_BLOCK)
    else:
        body = _PAGE if path.startswith("/page") else peer
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n")
        writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))


def _accept_socket(head: str, writer: asyncio.StreamWriter) -> None:
    """RFC 6455, section 4.2.2."""
    fields = dict(line.split(": ", 1) for line in head.splitlines()[1:] if ": " in line)
    mixed = hashlib.sha1((fields["Sec-WebSocket-Key"] + _GUID).encode()).digest()
    writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n")
    accept = base64.b64encode(mixed)
    writer.write(b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n")


async def main() -> None:
    """Serves until it is killed."""
    servers = [await asyncio.start_server(serve, host, 80, backlog=1024) for host in _ADDRESSES]
    print("ready", flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    asyncio.run(main())
