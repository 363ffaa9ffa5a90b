"""Fetching through a real door, judged at the server: what was asked, what was sent."""

from __future__ import annotations

import asyncio
import datetime
import gzip
import socket
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from support.door_rig import FarSide, Reader, Writer, close, door_rig, far_side

from myco_browser.services.door_fetcher import DoorFetcher
from myco_filters.lists.updates import Failed, Fetched, NotModified

AGENT = "Mozilla/5.0 (common)"
LIMIT = 100_000
BODY = bytes(range(256)) * 20_000  # several times what a stream keeps in memory
Result = Fetched | NotModified | Failed
Ask = Callable[[DoorFetcher], Awaitable[Result]]


def reply(status: str = "200 OK", body: bytes = b"", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def ask(url: str, etag: str = "", last_modified: str = "", limit: int = LIMIT) -> Ask:
    return lambda fetcher: fetcher.fetch(url, etag, last_modified, limit)


def scenario(*answers: bytes, wanted: Ask, deadline: float = 20.0) -> tuple[Result, FarSide]:
    """Fetch from a server that gives one of `answers` to each connection, in order."""
    waiting = list(answers)
    heads: list[bytes] = []

    async def serve(reader: Reader, writer: Writer) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(waiting.pop(0))
        await writer.drain()

    async def run() -> tuple[Result, FarSide]:
        async with far_side(serve) as server, door_rig(f"*.test 127.0.0.1:{server.port}") as rig:
            fetcher = DoorFetcher(
                rig.proxy, "lists", AGENT, plain_http=True, tls=no_tls(), deadline=deadline
            )
            result = await wanted(fetcher)
            server.requests.extend(heads)
            return result, server

    return asyncio.run(run())


def no_tls() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def test_a_list_is_fetched_and_nothing_more_is_said_than_needed() -> None:
    answer = reply(body=b"||ads.test^\n", ETag='"v1"', Last_Modified="yesterday")
    result, server = scenario(answer, wanted=ask("http://lists.test/a.txt?x=1"))
    assert result == Fetched(b"||ads.test^\n", '"v1"', "yesterday")
    lines = server.requests[0].decode().lower().split("\r\n")
    assert lines[0] == "get /a.txt?x=1 http/1.1"
    assert sorted(line.partition(":")[0] for line in lines[1:] if line) == [
        "accept",
        "accept-encoding",
        "connection",
        "host",
        "user-agent",
    ]
    assert f"user-agent: {AGENT}".lower() in lines


def test_what_is_unchanged_is_not_fetched_again() -> None:
    wanted = ask("http://lists.test/a", '"v1"', "yesterday")
    result, server = scenario(reply("304 Not Modified"), wanted=wanted)
    assert result == NotModified()
    assert b'If-None-Match: "v1"\r\nIf-Modified-Since: yesterday' in server.requests[0]


def test_the_door_counts_it_as_list_traffic() -> None:
    async def run() -> None:
        async with far_side() as server, door_rig(f"*.test 127.0.0.1:{server.port}") as rig:
            fetcher = DoorFetcher(rig.proxy, "lists", AGENT, plain_http=True, tls=no_tls())
            assert isinstance(await fetcher.fetch("http://lists.test/", "", "", LIMIT), Fetched)
            rows = await asyncio.to_thread(rig.link.counters)
            assert [(row.host, row.client) for row in rows] == [("lists.test", "lists")]

    asyncio.run(run())


def test_cookies_are_not_sent_back() -> None:
    first = reply("302 Found", Location="/b", Set_Cookie="id=canary; Path=/")
    result, server = scenario(first, reply(body=b"x"), wanted=ask("http://lists.test/a"))
    assert result == Fetched(b"x", "", "")
    assert b"canary" not in server.requests[1]


def test_packed_answers_are_unpacked_up_to_the_limit() -> None:
    packed = reply(body=gzip.compress(b"||ads.test^\n", mtime=0), Content_Encoding="gzip")
    result, _ = scenario(packed, wanted=ask("http://lists.test/"))
    assert result == Fetched(b"||ads.test^\n", "", "")


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (reply(body=b"x" * (LIMIT + 1)), "too large"),
        (
            reply(body=gzip.compress(b"x" * 50_000_000, mtime=0), Content_Encoding="gzip"),
            "too large",
        ),
        (
            reply(body=gzip.compress(b"x" * 500, mtime=0)[:-9], Content_Encoding="gzip"),
            "incomplete",
        ),
        (reply(body=b"not packed", Content_Encoding="gzip"), "malformed"),
        (reply(body=b"x", Content_Encoding="br"), "unasked"),
        (reply("404 Not Found", b"x"), "404"),
        (reply("500 Oops", b"x"), "500"),
        (reply("302 Found", Location="ftp://lists.test/"), "not https"),
        (reply("302 Found", Location="http://me@lists.test/"), "user name"),
        (reply("302 Found", Location="http://[::1"), "no valid address"),
        (reply("302 Found", Location="http://a..b/"), "not https"),
        (reply(body=b"x" * 10).replace(b"Length: 10", b"Length: 99"), "malformed"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000 + b"\r\n\r\n", "malformed"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", "malformed"),
        (b"not http at all\r\n\r\n", "malformed"),
        (b"", "malformed"),
    ],
)
def test_a_bad_answer_is_a_failure(answer: bytes, cause: str) -> None:
    result, _ = scenario(answer, wanted=ask("http://lists.test/"))
    assert isinstance(result, Failed)
    assert cause in result.cause


def test_redirects_end() -> None:
    again = reply("302 Found", Location="/again")
    result, server = scenario(*[again] * 10, wanted=ask("http://lists.test/"))
    assert result == Failed("too many redirects")
    assert server.connections == 5


@pytest.mark.parametrize("url", ["http://lists.test/", "file:///etc/passwd", "lists.test", ""])
def test_only_https_is_fetched(url: str) -> None:
    async def run() -> None:
        async with far_side() as server, door_rig(f"*.test 127.0.0.1:{server.port}") as rig:
            fetcher = DoorFetcher(rig.proxy, "lists", AGENT, tls=no_tls())
            assert isinstance(await fetcher.fetch(url, "", "", LIMIT), Failed)
            assert server.connections == 0

    asyncio.run(run())


def test_a_name_that_the_door_cannot_reach_is_a_failure() -> None:
    result, server = scenario(wanted=ask("http://127.0.0.1:9/"))
    assert isinstance(result, Failed)
    assert server.connections == 0


def test_an_answer_that_never_comes_is_a_failure() -> None:
    async def run() -> None:
        released = asyncio.Event()

        async def hang(reader: Reader, writer: Writer) -> None:
            await reader.readuntil(b"\r\n\r\n")
            await released.wait()

        async with far_side(hang) as server, door_rig(f"*.test 127.0.0.1:{server.port}") as rig:
            fetcher = DoorFetcher(
                rig.proxy, "lists", AGENT, plain_http=True, tls=no_tls(), deadline=0.5
            )
            result = await fetcher.fetch("http://lists.test/", "", "", LIMIT)
            released.set()
            assert result == Failed("the server took too long")

    asyncio.run(run())


@pytest.mark.parametrize("answer", [b"", b"\x05\xff", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_proxy_that_talks_nonsense_is_a_failure(answer: bytes) -> None:
    async def run() -> None:
        async def talk(reader: Reader, writer: Writer) -> None:
            await reader.read(3)
            writer.write(answer)
            await writer.drain()

        async with far_side(talk) as proxy:
            fetcher = DoorFetcher(
                ("127.0.0.1", proxy.port), "lists", AGENT, plain_http=True, tls=no_tls()
            )
            result = await fetcher.fetch("http://lists.test/", "", "", LIMIT)
            assert isinstance(result, Failed)

    asyncio.run(run())


def test_no_proxy_is_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        address = unused.getsockname()
    fetcher = DoorFetcher(address, "lists", AGENT, plain_http=True, tls=no_tls())
    assert isinstance(asyncio.run(fetcher.fetch("http://lists.test/", "", "", LIMIT)), Failed)


def make_certificate(folder: Path, name: str) -> Path:
    """A self-signed certificate for `name`, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


async def fetch_with_tls(path: Path, url: str, tls: ssl.SSLContext | None) -> Result:
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(path)

    async def answer(reader: Reader, writer: Writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(reply(body=BODY))
        await writer.drain()
        await close(writer)

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=server_side)
    port = server.sockets[0].getsockname()[1]
    async with server, door_rig(f"*.test 127.0.0.1:{port}") as rig:
        return await DoorFetcher(rig.proxy, "lists", AGENT, tls=tls).fetch(url, "", "", len(BODY))


def test_certificates_are_checked(tmp_path: Path) -> None:
    path = make_certificate(tmp_path, "lists.test")
    trusting = ssl.create_default_context(cafile=str(path))
    good = asyncio.run(fetch_with_tls(path, "https://lists.test/", trusting))
    assert good == Fetched(BODY, "", "")
    wrong_name = asyncio.run(fetch_with_tls(path, "https://other.test/", trusting))
    assert isinstance(wrong_name, Failed)
    unknown = asyncio.run(fetch_with_tls(path, "https://lists.test/", None))
    assert isinstance(unknown, Failed)
    assert "CERTIFICATE_VERIFY_FAILED" in unknown.cause
