"""Real nginx and Caddy before a server of ours, set up by the very text of the README."""

from __future__ import annotations

import os
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.conftest import PROJECT, ServerProcess, free_port, wait_until

NAME = "digits.example.org"
START_S = 15
STOP_S = 10
NGINX = """
user root;  # whoever starts it: the folder is theirs
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
    """The example's site: its ports on this machine, its authority, and where its logs are."""

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
        """A browser on this address of the machine, which keeps its cookies."""
        transport = httpx.HTTPTransport(verify=self.trust, local_address=address)
        return httpx.Client(base_url=self.url, transport=transport, trust_env=False)

    def answers(self) -> bool:
        try:
            with self.browse() as browser:
                return browser.get("/healthz").is_success
        except (httpx.TransportError, OSError):  # no port, or no authority's file, yet
            return False


@contextmanager
def nginx(server: ServerProcess, folder: Path) -> Iterator[Site]:
    site = Site(free_port(), free_port(), folder / "certificate.pem", folder)
    key = folder / "key.pem"
    make_certificate(site.authority, key)
    example = replace(
        read_example("nginx"),
        {
            "listen 80;": f"listen {site.http_port};",
            "listen 443 ": f"listen {site.https_port} ",
            "$server_name;": f"$server_name:{site.https_port};",
            "$server_name$": f"$server_name:{site.https_port}$",
            "127.0.0.1:5000": f"127.0.0.1:{server.port}",
            "/etc/ssl/digits/fullchain.pem": str(site.authority),
            "/etc/ssl/digits/privkey.pem": str(key),
            "/var/log/nginx/digits.log": str(folder / "access.log"),
        },
    )
    file = folder / "nginx.conf"
    file.write_text(NGINX.format(folder=folder, example=example))
    with running([program("nginx"), "-e", "stderr", "-c", str(file)], site):
        yield site


@contextmanager
def caddy(server: ServerProcess, folder: Path) -> Iterator[Site]:
    """Caddy signs by an authority of its own here, since nobody else would for this name."""
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


PROXIES = {"nginx": nginx, "caddy": caddy}


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
    readme = (PROJECT / "README.md").read_text()
    [example] = re.findall(rf"^```{language}\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    return str(example)


def replace(text: str, replacements: dict[str, str]) -> str:
    for old, new in replacements.items():
        assert old in text, f"The README's example has no {old!r}."
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
    """Its path; Debian keeps servers where only root looks for commands."""
    found = shutil.which(command, path=os.pathsep.join([os.environ["PATH"], "/usr/sbin"]))
    assert found, f"{command} is missing: scripts/test.py installs it, or says how."
    return found
