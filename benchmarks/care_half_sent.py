"""Forty requests that never end, against the site by itself and behind nginx as `deploy/nginx.conf` has it.

Run as `python benchmarks/care_half_sent.py`. nginx is taken from the path; where there is none, Debian's package is
fetched with `apt-get download` and unpacked into a passing folder, nothing is installed. The half-sent requests stay
open while others ask for the sign-in page ten times; the exit code is 1 when one of these is not answered, or takes
more than two seconds.
"""

from __future__ import annotations

import http.client
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from care.services import served  # noqa: E402

NAME = "pbm.example.org"
HALF_SENT, ASKED, LIMIT_S = 40, 10, 2.0
_HEAD = f"POST /account/login/ HTTP/1.1\r\nHost: {NAME}\r\n".encode()
#: In the middle of the head, of a header's value, of the body, of the first word.
_HALVES = (_HEAD, _HEAD + b"X-Slow: ", _HEAD + b"Content-Length: 1000\r\n\r\nlogin=", b"POS")
Opened = Callable[[], socket.socket]


def nginx_program(folder: Path) -> Path:
    """nginx of this machine, else Debian's unpacked into the folder."""
    there = shutil.which("nginx")
    if there:
        return Path(there)
    subprocess.run(["apt-get", "download", "nginx", "nginx-common"], cwd=folder, check=True, capture_output=True)
    for package in folder.glob("*.deb"):
        subprocess.run(["dpkg", "-x", str(package), str(folder / "root")], check=True)
    return folder / "root" / "usr" / "sbin" / "nginx"


def configuration(folder: Path, site_port: int, http_port: int, https_port: int) -> Path:
    """`deploy/nginx.conf` with ports, certificate and log of this run, inside what Debian's nginx.conf has around."""
    text = (HERE.parent / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for ours, passing in (
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{site_port};"),
        ("listen 80;", f"listen 127.0.0.1:{http_port};"),
        ("listen [::]:80;", ""),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{https_port} ssl http2;"),
        ("listen [::]:443 ssl http2;", ""),
        (f"/etc/letsencrypt/live/{NAME}/fullchain.pem", str(folder / "certificate.pem")),
        (f"/etc/letsencrypt/live/{NAME}/privkey.pem", str(folder / "key.pem")),
        ("/var/log/nginx/openpbm.log", str(folder / "error.log")),
    ):
        assert ours in text, ours
        text = text.replace(ours, passing)
    (folder / "site.conf").write_text(text, encoding="utf-8")
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    main.write_text(
        f"worker_processes 1;\ndaemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log crit;\n"
        f"events {{ worker_connections 768; }}\nhttp {{\n{places}include {folder}/site.conf;\n}}\n",
        encoding="utf-8",
    )
    return main


@contextmanager
def in_front(folder: Path, site_port: int) -> Iterator[Opened]:
    """nginx before the site; gives what opens a connection to it."""
    certificate = [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
        "-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem"),
    ]  # fmt: skip
    subprocess.run(certificate, check=True, capture_output=True)
    http_port, https_port = _free_port(), _free_port()
    main = configuration(folder, site_port, http_port, https_port)
    words = [str(nginx_program(folder)), "-c", str(main), "-p", str(folder), "-e", str(folder / "error.log")]
    process = subprocess.Popen(words)
    trust = ssl.create_default_context(cafile=str(folder / "certificate.pem"))
    trust.check_hostname = False

    def opened() -> socket.socket:
        plain = socket.create_connection(("127.0.0.1", https_port), timeout=15)
        return trust.wrap_socket(plain, server_hostname=NAME)

    try:
        _until(opened)
        yield opened
    finally:
        process.terminate()
        process.wait(10)


def _until(opened: Opened) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with suppress(OSError):
            opened().close()
            return
        time.sleep(0.1)
    raise SystemExit("nginx does not come up")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def slowest(opened: Opened) -> float:
    """The longest of ten askings while forty half-sent requests are open [s]."""
    halves = []
    for number in range(HALF_SENT):
        halves.append(opened())
        halves[-1].sendall(_HALVES[number % len(_HALVES)])
    times = [_ask(opened) for _ in range(ASKED)]
    for half in halves:
        half.close()
    return max(times)


def _ask(opened: Opened) -> float:
    began = time.monotonic()
    asked = http.client.HTTPConnection(NAME)
    asked.sock = opened()
    asked.request("GET", "/account/login/", headers={"X-Forwarded-Proto": "https"})
    answer = asked.getresponse()
    assert answer.status == 200, answer.status
    answer.read()
    asked.close()
    return time.monotonic() - began


def main() -> int:
    """Both ways."""
    extra = ("--behind-https", "--allowed-host", NAME)
    times = {}
    with tempfile.TemporaryDirectory(prefix="openpbm-half-") as name:
        folder = Path(name)
        with served(folder / "data", extra=extra) as site:
            times["by itself"] = slowest(lambda: socket.create_connection(("127.0.0.1", site.port), timeout=15))
            with in_front(folder, site.port) as opened:
                times["behind nginx"] = slowest(opened)
    for how, seconds in times.items():
        print(f"{how}: with {HALF_SENT} half-sent requests the slowest of {ASKED} pages took {seconds:.2f} s")
    return 0 if max(times.values()) <= LIMIT_S else 1


if __name__ == "__main__":
    sys.exit(main())
