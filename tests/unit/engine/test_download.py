"""Downloads against a real server that behaves as servers do, and worse."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cnngui.cancel import Cancel
from cnngui.engine.events import Download
from cnngui.engine.weights.download import UnreachableError, download, home, there

CONTENT = bytes(range(256)) * 5000
DIGITS = hashlib.sha256(CONTENT).hexdigest()[:8]


class Server(ThreadingHTTPServer):
    """Serves CONTENT; `ranges`: it can begin in the middle; `cuts`: after so many bytes it hangs up, once for
    each; `lie`: what it adds to the length it tells; `wrong`: other bytes, so many times."""

    daemon_threads = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.ranges, self.lie, self.wrong, self.status = True, 0, 0, 200
        self.cuts: list[int] = []
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/models/net-{DIGITS}.pth"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        asked = self.headers.get("Range", "")
        server.asked.append(asked)
        start = int(asked[6:-1]) if asked and server.ranges else 0
        if server.status != 200:
            self.send_error(server.status)
            return
        if start >= len(CONTENT):
            self.send_error(416)
            return
        body = CONTENT[start:]
        if server.wrong:
            server.wrong -= 1
            body = bytes(len(body))
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body) + server.lie))
        self.end_headers()
        if server.cuts:
            body = body[: server.cuts.pop(0)]
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def fetched(url: str, cancel: Cancel | None = None) -> Path:
    *_, path = download(url, cancel or Cancel(), wait=0.0)
    assert isinstance(path, Path)
    return path


def test_a_file_comes_whole_with_progress_and_only_once(server: Server) -> None:
    assert there(server.url) is None
    *events, path = download(server.url, Cancel())
    assert isinstance(path, Path)
    assert path.read_bytes() == CONTENT
    last = events[-1]
    assert isinstance(last, Download)
    assert (last.name, last.done, last.total) == (f"net-{DIGITS}.pth", len(CONTENT), len(CONTENT))
    assert fetched(server.url) == path == there(server.url)
    assert len(server.asked) == 1
    assert {file.name for file in home().iterdir()} <= {path.name, f"net-{DIGITS}.lock"}


def test_what_was_cut_off_goes_on_where_it_was(server: Server) -> None:
    server.cuts = [300_000, 300_000]
    assert fetched(server.url).read_bytes() == CONTENT
    assert server.asked == ["", "bytes=300000-", "bytes=600000-"]


def test_a_server_without_ranges_begins_anew(server: Server) -> None:
    server.ranges, server.cuts = False, [300_000]
    assert fetched(server.url).read_bytes() == CONTENT
    assert server.asked == ["", "bytes=300000-"]


@pytest.mark.parametrize("lie", [5, 100_000])
def test_a_length_that_is_too_long_does_no_harm(server: Server, lie: int) -> None:
    server.lie = lie
    assert fetched(server.url).read_bytes() == CONTENT


def test_a_length_that_is_too_short_ends_in_a_sentence(server: Server) -> None:
    server.lie, server.ranges = -1000, False
    with pytest.raises(UnreachableError, match=r"what the server sends is not the file it should be"):
        fetched(server.url)
    assert there(server.url) is None


def test_wrong_bytes_are_thrown_away(server: Server) -> None:
    server.wrong = 2
    assert fetched(server.url).read_bytes() == CONTENT
    assert len(server.asked) == 3
    other = server.url.replace(DIGITS, "00000000")
    with pytest.raises(UnreachableError, match="not the file it should be"):
        fetched(other)
    assert not list(home().glob("*.part"))


def test_what_is_left_of_another_attempt_is_used_if_it_is_good(server: Server) -> None:
    home().mkdir(parents=True)
    part = home() / f"net-{DIGITS}.part"
    part.write_bytes(CONTENT[:700_000])
    assert fetched(server.url).read_bytes() == CONTENT
    (home() / f"net-{DIGITS}.pth").unlink()
    part.write_bytes(bytes(700_000))
    assert fetched(server.url).read_bytes() == CONTENT
    assert server.asked == ["bytes=700000-", "bytes=700000-", ""]


def test_no_server_is_said_in_a_sentence(server: Server) -> None:
    server.status = 503
    with pytest.raises(UnreachableError, match="the server answers 503"):
        fetched(server.url)
    nobody = "http://127.0.0.1:9/net-00000000.pth"
    with pytest.raises(UnreachableError, match="no connection"):
        fetched(nobody)


def test_a_stop_keeps_what_has_come(server: Server) -> None:
    cancel = Cancel()
    seen = []
    for item in download(server.url, cancel):
        seen.append(item)
        cancel.stop()
    assert not any(isinstance(item, Path) for item in seen)
    assert (home() / f"net-{DIGITS}.part").stat().st_size > 0
    assert fetched(server.url).read_bytes() == CONTENT
