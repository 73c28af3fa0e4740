"""Real nginx and Caddy before a server, as PROXIES.md and the compose file configure them."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import PROJECT, ServerProcess, free_port, wait_until

NAME = "digits.example.org"
DOCUMENT = PROJECT / "server" / "http" / "PROXIES.md"
COMPOSED = PROJECT / "server" / "deploy" / "compose" / "nginx.conf"
START_S = 15
STOP_S = 10
NGINX = """
user root;  # the workers must be able to write to the folder
daemon off;
error_log {folder}/error.log;
pid {folder}/nginx.pid;
events {{ worker_connections 768; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {example}
}}
"""
CADDY = """{{
    admin off
    http_port {http_port}
    https_port {https_port}
    local_certs
    skip_install_trust
"""


@dataclass(frozen=True)
class Site:
    """A proxied site: its ports on this machine, its certificate authority and its log folder."""

    http_port: int
    https_port: int
    authority: Path
    folder: Path

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.https_port}"

    @property
    def plain_url(self) -> str:
        return f"http://{NAME}:{self.http_port}"

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.authority)

    def browse(self, address: str = "127.0.0.1") -> httpx.Client:
        """Return an HTTP client with cookies that connects from this local address."""
        transport = httpx.HTTPTransport(verify=self.trust, local_address=address)
        return httpx.Client(base_url=self.url, transport=transport, trust_env=False)

    def answers(self) -> bool:
        try:
            with self.browse() as browser:
                return browser.get("/healthz").is_success
        except (httpx.TransportError, OSError):  # the port or the authority's file is not there yet
            return False


@contextmanager
def nginx(server: ServerProcess, folder: Path, several: Sequence[str] = ()) -> Iterator[Site]:
    """Run nginx with a self-signed certificate, before a server, or two processes at addresses."""
    site = Site(free_port(), free_port(), folder / "certificate.pem", folder)
    example = replace(
        read_example("nginx"),
        {
            "listen 80;": f"listen {site.http_port};",
            "listen 443 ": f"listen {site.https_port} ",
            "127.0.0.1:5000": f"127.0.0.1:{server.port}",
            "/var/log/nginx/digits.log": str(folder / "access.log"),
        },
    )
    if several:
        places = {f"127.0.0.1:500{number};": f"{at};" for number, at in enumerate(several, start=1)}
        address = {f"proxy_pass http://127.0.0.1:{server.port}": "proxy_pass http://digits"}
        example = replace(read_example("nginx-processes"), places) + replace(example, address)
    with running_nginx(NGINX.format(folder=folder, example=example), site):
        yield site


@contextmanager
def composed_nginx(server: ServerProcess, folder: Path) -> Iterator[Site]:
    """Run nginx with the configuration of the compose file and a self-signed certificate."""
    site = Site(free_port(), free_port(), folder / "certificate.pem", folder)
    configuration = replace(
        COMPOSED.read_text(),
        {
            "daemon off;": "daemon off; user root;",
            "/run/nginx/": f"{folder}/",
            "listen 8080;": f"listen {site.http_port};",
            "listen 8443 ": f"listen {site.https_port} ",
            "server:5001": f"127.0.0.1:{server.port}",
            "server:5002": f"127.0.0.1:{server.port}",
            "/dev/stdout": str(folder / "access.log"),
        },
    )
    with running_nginx(configuration, site):
        yield site


@contextmanager
def running_nginx(configuration: str, site: Site) -> Iterator[None]:
    key, file = site.folder / "key.pem", site.folder / "nginx.conf"
    make_certificate(site.authority, key)
    here = {
        "$server_name;": f"$server_name:{site.https_port};",
        "$server_name$": f"$server_name:{site.https_port}$",
        "/etc/ssl/digits/fullchain.pem": str(site.authority),
        "/etc/ssl/digits/privkey.pem": str(key),
    }
    file.write_text(replace(configuration, here))
    with running([program("nginx"), "-e", "stderr", "-c", str(file)], site):
        yield


@contextmanager
def caddy(server: ServerProcess, folder: Path) -> Iterator[Site]:
    """Run Caddy; it signs the certificate itself, since no public authority would."""
    authority = folder / "caddy/pki/authorities/local/root.crt"
    site = Site(free_port(), free_port(), authority, folder)
    options = CADDY.format(http_port=site.http_port, https_port=site.https_port)
    example = replace(
        read_example("caddy"),
        {
            f"{NAME}{{uri}}": f"{NAME}:{site.https_port}{{uri}}",
            "127.0.0.1:5000": f"127.0.0.1:{server.port}",
        },
    )
    file = folder / "Caddyfile"
    file.write_text(example.replace("{\n", options, 1))
    with running([program("caddy"), "run", "--config", str(file)], site):
        yield site


PROXIES = {"nginx": nginx, "composed_nginx": composed_nginx, "caddy": caddy}


@contextmanager
def resolved_here() -> Iterator[None]:
    """Resolve the host name of the examples to this machine."""
    resolve = socket.getaddrinfo

    def resolve_here(host: Any, *arguments: Any, **options: Any) -> Any:
        return resolve("127.0.0.1" if host == NAME else host, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", resolve_here)
        yield


@contextmanager
def running(command: list[str], site: Site) -> Iterator[None]:
    log = site.folder / "output.log"
    homes = {"XDG_DATA_HOME": str(site.folder), "XDG_CONFIG_HOME": str(site.folder)}
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=os.environ | homes, stdout=output, stderr=output)
    try:
        wait_until(site.answers, START_S, log.read_text)
        yield
    finally:
        process.terminate()
        process.wait(STOP_S)


def read_example(language: str) -> str:
    """Return the only code block of this language in PROXIES.md."""
    blocks = rf"^```{language}\n(.*?)^```$"
    [example] = re.findall(blocks, DOCUMENT.read_text(), re.MULTILINE | re.DOTALL)
    return str(example)


def replace(text: str, replacements: dict[str, str]) -> str:
    """Replace every key by its value; fail if the text does not contain it."""
    for old, new in replacements.items():
        assert old in text, f"The configuration does not contain {old!r}."
        text = text.replace(old, new)
    return text


def make_certificate(certificate: Path, key: Path) -> None:
    subprocess.run(
        [
            program("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
            "-addext", f"subjectAltName=DNS:{NAME}",
            "-addext", "keyUsage=critical,digitalSignature,keyCertSign",
            "-out", str(certificate), "-keyout", str(key),
        ],
        check=True, capture_output=True,
    )  # fmt: skip


def program(command: str) -> str:
    """Return the path of a command; Debian keeps servers in /usr/sbin, off most users' PATH."""
    found = shutil.which(command, path=os.pathsep.join([os.environ["PATH"], "/usr/sbin"]))
    assert found, f"{command} is not installed; scripts/test.py installs it or says how."
    return found
