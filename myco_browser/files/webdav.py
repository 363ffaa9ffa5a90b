"""A folder tree on a WebDAV server (RFC 4918): looking, reading, writing, moving, deleting.

What was changed meanwhile is never written over: every change names the state that it is meant
for (RFC 9110, 13.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from myco_browser.domain.addresses import WebAddress
from myco_browser.domain.files import Entry, FilesCause, Quota
from myco_browser.files.errors import FilesError, error_of
from myco_browser.files.http import Answer, Credentials, Line, Source
from myco_browser.files.multistatus import DAV, OWNCLOUD, Multistatus, Row
from myco_browser.files.paths import decoded, encoded, is_name
from myco_browser.system.dialled import Way

_ASKED = (
    b'<?xml version="1.0" encoding="utf-8"?>'
    b'<d:propfind xmlns:d="DAV:" xmlns:o="http://owncloud.org/ns"><d:prop>'
    b"<d:resourcetype/><d:getcontentlength/><d:getlastmodified/><d:getetag/><d:getcontenttype/>"
    b"<o:fileid/><o:size/></d:prop></d:propfind>"
)
_QUOTA = (
    b'<?xml version="1.0" encoding="utf-8"?><d:propfind xmlns:d="DAV:"><d:prop>'
    b"<d:quota-used-bytes/><d:quota-available-bytes/></d:prop></d:propfind>"
)
_XML = "application/xml; charset=utf-8"
_LONGEST_ETAG = 1024


class Content(NamedTuple):
    """The bytes of a file, from `offset` on; `size` is that of the whole, None if not told."""

    offset: int
    size: int | None
    etag: str
    pieces: Iterator[bytes]


class WebDav:
    """The files of one account, over one connection. For one thread; see `Line`."""

    def __init__(self, way: Way, root: WebAddress, credentials: Credentials) -> None:
        """`root` is the folder that the user sees as the outermost. Raises FilesError."""
        self.line = Line(way, root, credentials)
        self.root = root
        self._root = root.rest.partition("?")[0].partition("#")[0]
        self._origin = f"{root.scheme}://{root.authority}"
        usual = 443 if root.scheme == "https" else 80
        self._authority = root.host if root.port in (None, usual) else root.authority

    def check(self) -> None:
        """Whether there is such a folder for this user. Raises FilesError."""
        self._one("", folder=True)

    def list(self, folder: str) -> Iterator[Entry]:
        """What lies in a folder, as the server sends it. Raises FilesError."""
        for row in self._rows(folder, "1", _ASKED, folder=True):
            entry = self._entry(row)
            if entry is not None and entry.path != folder and entry.folder == folder:
                yield entry

    def find(self, path: str) -> Entry | None:
        """One file or folder; None when there is none. Raises FilesError."""
        try:
            return self._one(path)
        except FilesError as error:
            if error.cause is FilesCause.GONE:
                return None
            raise

    def quota(self) -> Quota:
        """Used and free room (RFC 4331). Raises FilesError."""
        for row in self._rows("", "0", _QUOTA, folder=True):
            return Quota(row.number("quota-used-bytes"), row.number("quota-available-bytes"))
        return Quota(None, None)

    def read(self, path: str, offset: int = 0, etag: str = "") -> Content:
        """The content of a file, from `offset` on if it is still that of `etag`.

        Otherwise, and where the server cannot begin in the middle, it begins at zero. Raises
        FilesError, also while the pieces are taken.
        """
        headers = {}
        if offset and etag and not etag.startswith("W/"):
            headers = {"Range": f"bytes={offset}-", "If-Range": etag}
        answer = self.line.ask("GET", self.target(path), headers)
        found = _etag(answer)
        if answer.status == 206 and headers:
            start, size = _content_range(answer.headers.get("content-range", ""))
            if start != offset:
                self.line.close()
                raise FilesError(FilesCause.BROKEN, "another part of the file was sent")
            return Content(offset, size, found, answer.body)
        if answer.status == 416 and headers:
            answer.drained()
            return self.read(path)
        self._expect(answer, (200,), "GET")
        length = answer.headers.get("content-length", "")
        return Content(0, int(length) if length.isdigit() else None, found, answer.body)

    def write(
        self, path: str, source: Source, length: int, *, over: str = "", kind: str = ""
    ) -> str:
        """Writes a file and gives its new etag, "" where the server does not tell it.

        `over` is the etag of what it is to replace; without it the name must be free. Raises
        FilesError: TAKEN or CHANGED when it is not as expected.
        """
        headers = {"If-Match": over} if over else {"If-None-Match": "*"}
        if kind:
            headers["Content-Type"] = kind
        answer = self.line.ask("PUT", self.target(path), headers, source, length)
        if answer.status == 412 and not over:
            answer.drained()
            raise FilesError(FilesCause.TAKEN, "PUT")
        self._expect(answer, (200, 201, 204), "PUT")
        return _etag(answer)

    def make_folder(self, path: str) -> None:
        """Makes a folder. Raises FilesError; TAKEN when the name is not free."""
        answer = self.line.ask("MKCOL", self.target(path, folder=True))
        if answer.status in (400, 405):
            answer.drained()
            # Apache says 400 where a file has the name.
            if answer.status == 405 or self.find(path) is not None:
                raise FilesError(FilesCause.TAKEN, "MKCOL")
            raise error_of(answer.status, "MKCOL")
        self._expect(answer, (201,), "MKCOL")

    def move(self, path: str, to: str, *, folder: bool = False, etag: str = "") -> None:
        """Moves or renames; never over something else. Raises FilesError."""
        self._transfer("MOVE", path, to, folder=folder, etag=etag)

    def copy(self, path: str, to: str, *, folder: bool = False) -> None:
        """Copies; never over something else. Raises FilesError."""
        self._transfer("COPY", path, to, folder=folder, etag="")

    def delete(self, path: str, *, folder: bool = False, etag: str = "") -> None:
        """Deletes a file, or a folder with all that is in it. Raises FilesError."""
        headers = {"If-Match": etag} if etag and not folder else {}
        answer = self.line.ask("DELETE", self.target(path, folder=folder), headers)
        if answer.status == 207:
            answer.drained()
            raise FilesError(FilesCause.FORBIDDEN, "DELETE: not everything")
        self._expect(answer, (200, 204), "DELETE")

    def destination(self, path: str, *, folder: bool = False) -> str:
        """The whole address of a path below the root: Apache takes no other as a destination."""
        return f"{self._origin}{self.target(path, folder=folder)}"

    def exists_at(self, target: str) -> bool:
        """Whether there is a folder anywhere on the server. Raises FilesError."""
        answer = self.line.ask("PROPFIND", f"{target}/", {"Depth": "0"}, _ASKED)
        answer.drained()
        if answer.status not in (207, 404):
            raise error_of(answer.status, "PROPFIND")
        return answer.status == 207

    def sizes_at(self, target: str) -> dict[str, int]:
        """Names and sizes of the files in any folder of the server. Raises FilesError."""
        answer = self.line.ask("PROPFIND", f"{target}/", {"Depth": "1"}, _ASKED)
        self._expect(answer, (207,), "PROPFIND")
        reader, found = Multistatus(), {}
        rows = [row for piece in answer.body for row in reader.feed(piece)]
        for row in (*rows, *reader.finish()):
            size = row.number("getcontentlength")
            if size is not None and not row.is_collection:
                found[row.href.rstrip("/").rpartition("/")[2]] = size
        return found

    def _transfer(self, method: str, path: str, to: str, *, folder: bool, etag: str) -> None:
        headers = {"Destination": self.destination(to, folder=folder), "Overwrite": "F"}
        if etag and not folder:
            headers["If-Match"] = etag
        answer = self.line.ask(method, self.target(path, folder=folder), headers)
        if answer.status == 412 and not etag:
            answer.drained()
            raise FilesError(FilesCause.TAKEN, method)
        if answer.status == 207:
            answer.drained()
            raise FilesError(FilesCause.FORBIDDEN, f"{method}: not everything")
        self._expect(answer, (201, 204), method)

    def _one(self, path: str, *, folder: bool = False) -> Entry:
        for row in self._rows(path, "0", _ASKED, folder=folder):
            if (entry := self._entry(row)) is not None:
                return entry
        raise FilesError(FilesCause.GONE, "PROPFIND: nothing")

    def _rows(self, path: str, depth: str, asked: bytes, *, folder: bool) -> Iterator[Row]:
        headers = {"Depth": depth, "Content-Type": _XML}
        answer = self.line.ask("PROPFIND", self.target(path, folder=folder), headers, asked)
        self._expect(answer, (207,), "PROPFIND")
        reader = Multistatus()
        for piece in answer.body:
            yield from reader.feed(piece)
        yield from reader.finish()

    def _entry(self, row: Row) -> Entry | None:
        if not 200 <= row.status < 300:
            return None
        path = decoded(self._root, row.href, self._authority)
        if path is None:
            return None
        size = row.number("getcontentlength")
        if row.is_collection:
            size = row.number("size", OWNCLOUD)
        return Entry(
            path,
            row.is_collection,
            size,
            row.date("getlastmodified"),
            _checked_etag(row.properties.get((DAV, "getetag"), "")),
            row.properties.get((DAV, "getcontenttype"), "").strip()[:127],
            row.properties.get((OWNCLOUD, "fileid"), "").strip()[:64],
        )

    def target(self, path: str, *, folder: bool = False) -> str:
        """The path of an address for a path below the root. Raises FilesError."""
        if any(not is_name(part) for part in path.split("/") if part):
            raise FilesError(FilesCause.FORBIDDEN, "no such name can be")
        return encoded(self._root, path, folder=folder or not path)

    def _expect(self, answer: Answer, wanted: tuple[int, ...], what: str) -> None:
        if answer.status in wanted:
            if answer.status != 207 and what != "GET":
                answer.drained()
            return
        self.line.close()  # whatever the body is, it is not read
        raise error_of(answer.status, what)


def _etag(answer: Answer) -> str:
    return _checked_etag(answer.headers.get("etag", ""))


def _checked_etag(text: str) -> str:
    found = text.strip()
    weak = "W/" if found.startswith("W/") else ""
    body = found.removeprefix("W/")
    # wsgidav leaves out the quotes in its lists, but not in its answers.
    word = body[1:-1] if len(body) > 1 and body[0] == body[-1] == '"' else body
    good = word and len(word) <= _LONGEST_ETAG and word.isascii() and word.isprintable()
    return f'{weak}"{word}"' if good and '"' not in word else ""


def _content_range(value: str) -> tuple[int, int | None]:
    # "bytes 200-999/1000" (RFC 9110, 14.4)
    unit, _, rest = value.partition(" ")
    span, _, size = rest.partition("/")
    start = span.partition("-")[0]
    if unit != "bytes" or not start.isdigit():
        raise FilesError(FilesCause.BROKEN, "which part of the file was sent is not told")
    return int(start), int(size) if size.isdigit() else None
