"""The files of server/deploy: they parse, and name what exists."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path, PurePath
from typing import Any

import kubernetes_validate
import pytest
import yaml

from server.settings import Settings
from tests.conftest import PROJECT
from tests.image import CONTAINERFILE, IGNORED, instructions, is_ignored, make_tree
from tests.wire.proxies import COMPOSED, read_example, replace

DEPLOY = PROJECT / "server" / "deploy"
FILES = [file for file in sorted(DEPLOY.rglob("*")) if file.is_file()]
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
UNITS = sorted(file for file in (DEPLOY / "systemd").iterdir() if file.is_file())
SETTINGS = {f"DIGITS_{field.name.upper()}" for field in fields(Settings)}
PORT = Settings().port
PINNED = re.compile(r"[\w./-]+:\d[\w.-]*")
STICKY = "traefik.ingress.kubernetes.io/service.sticky.cookie"
MAX_EXPOSURE = 12  # of 100, as systemd-analyze counts it
LISTENED = {"listen 80;": "listen 8080;", "listen 443 ": "listen 8443 "}
MOVED = {"http://127.0.0.1:5000": "http://digits", "/var/log/nginx/digits.log": "/dev/stdout"}

Tree = dict[str, Any]


def compose() -> Tree:
    parsed: Tree = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())
    return parsed


def without_indents(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines())


def services() -> list[Tree]:
    return list(compose()["services"].values())


def manifest(name: str) -> Tree:
    parsed: Tree = yaml.safe_load((DEPLOY / "kubernetes" / f"{name}.yaml").read_text())
    return parsed


def pod() -> Tree:
    spec: Tree = manifest("deployment")["spec"]["template"]["spec"]
    return spec


def instruction(name: str) -> str:
    """Return what follows the only instruction of this name in the last stage."""
    [words] = [words for words in instructions() if words[0] == name]
    return " ".join(words[1:])


@pytest.fixture
def units(tmp_path: Path) -> list[str]:
    """The unit files, for a program that is in this checkout."""
    shutil.copytree(DEPLOY / "systemd", tmp_path, dirs_exist_ok=True)
    for file in filter(Path.is_file, tmp_path.rglob("*")):
        file.write_text(file.read_text().replace("/srv/live-digits", str(PROJECT)))
    return [str(tmp_path / unit.name) for unit in UNITS]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(DEPLOY)))
def test_files_name_settings_that_exist(file: Path) -> None:
    assert set(re.findall(r"\bDIGITS_[A-Z_]+\b", file.read_text())) <= SETTINGS


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(DEPLOY)))
def test_files_name_paths_that_exist(file: Path) -> None:
    named = re.findall(r"(?<![\w/.])(?:server|scripts)/[\w./-]*\w", file.read_text())
    assert [path for path in named if not (PROJECT / path).exists()] == []


# The image


def test_base_image_is_pinned() -> None:
    [base] = re.findall(r"^ARG PYTHON=(.+)$", CONTAINERFILE.read_text(), re.MULTILINE)
    assert PINNED.fullmatch(base)


def test_image_runs_without_root() -> None:
    assert int(instruction("USER").partition(":")[0]) > 0


def test_image_stops_by_the_signal_that_drains() -> None:
    assert instruction("STOPSIGNAL") == "SIGTERM"


def test_image_keeps_its_data_in_its_volume() -> None:
    assert f"DIGITS_DATA_DIR={instruction('VOLUME')}" in instruction("ENV").split()


def test_image_checks_the_port_that_it_opens() -> None:
    assert instruction("EXPOSE") == str(PORT)
    assert f"DIGITS_PORT={PORT}" in instruction("ENV").split()
    assert f"http://127.0.0.1:{PORT}/readyz" in instruction("HEALTHCHECK")


def test_image_has_only_what_serving_needs(tmp_path: Path) -> None:
    make_tree(tmp_path)
    files = [file.relative_to(tmp_path) for file in tmp_path.rglob("*") if file.is_file()]
    assert {file.parts[0] for file in files} == {"server", "web", "model"}
    assert {file.suffix for file in files if file.parts[0] == "server"} == {".py"}
    assert {file.parts[1] for file in files if file.parts[0] == "web"} == {"pages", "static"}
    models = [file for file in files if file.parts[0] == "model"]
    assert {file.suffix for file in models} == {".onnx", ".json"}
    cards = [file for file in models if file.suffix == ".json"]
    assert [card for card in cards if card.with_suffix(".onnx") not in models] == []


@pytest.mark.parametrize(
    "path", ["instance/secret_key", ".git/config", "tests/image.py", "web/node_modules/x/y.js"]
)
def test_build_does_not_see(path: str) -> None:
    assert is_ignored(PurePath(path))


def test_docker_and_podman_see_the_same() -> None:
    assert CONTAINERFILE.with_suffix(".dockerignore").read_text() == IGNORED.read_text()


# Compose


@pytest.mark.parametrize("service", services(), ids=compose()["services"])
def test_services_are_hardened(service: Tree) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("user", "10001") != "0"
    assert not service.keys() & {"cap_add", "privileged", "network_mode", "pid"}


def test_images_are_pinned() -> None:
    images = [service["image"] for service in services()]
    images += [container["image"] for container in pod()["containers"]]
    assert [image for image in images if not PINNED.fullmatch(image)] == []


def test_only_the_proxy_is_published() -> None:
    published = [name for name, each in compose()["services"].items() if "ports" in each]
    outside = [
        name for name, each in compose()["networks"].items() if not (each or {}).get("internal")
    ]
    joined = [name for name, each in compose()["services"].items() if "outside" in each["networks"]]
    assert (published, outside, joined) == (["proxy"], ["outside"], ["proxy"])


def test_services_and_healthchecks_wait_for_each_other() -> None:
    waited = {name for each in services() for name in each.get("depends_on", {})}
    assert waited == {"server", "database", "counts"}
    assert "healthcheck" in compose()["services"]["database"]


def test_compose_has_no_password() -> None:
    values = [value for each in services() for value in each.get("environment", {}).items()]
    secrets = [value for name, value in values if "PASSWORD" in name]
    assert len(secrets) == 2
    assert [secret for secret in secrets if not secret.startswith("${DATABASE_PASSWORD:?")] == []


def test_volumes_are_named() -> None:
    mounted = {
        volume.partition(":")[0] for each in services() for volume in each.get("volumes", ())
    }
    named = {name for name in mounted if not name.startswith((".", "$"))}
    assert named == set(compose()["volumes"])


def test_nginx_is_configured_as_in_the_example() -> None:
    example = replace(read_example("nginx"), LISTENED | MOVED)
    several = read_example("nginx-processes").replace("127.0.0.1:", "server:")
    composed = without_indents(COMPOSED.read_text())
    assert without_indents(example) in composed
    assert without_indents(several) in composed


def test_nginx_knows_each_process() -> None:
    processes = int(compose()["services"]["server"]["environment"]["DIGITS_PROCESSES"])
    ports = re.findall(r"server server:(\d+);", COMPOSED.read_text())
    assert [*map(int, ports)] == [PORT + number for number in range(1, processes + 1)]


# Kubernetes


@pytest.mark.parametrize("file", MANIFESTS, ids=lambda file: file.stem)
def test_manifests_follow_the_schema(file: Path) -> None:
    latest = kubernetes_validate.latest_version()
    kubernetes_validate.validate(yaml.safe_load(file.read_text()), latest, strict=True)


def test_pod_is_hardened() -> None:
    [container] = pod()["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod()["securityContext"]["runAsNonRoot"] is True
    assert pod()["automountServiceAccountToken"] is False


def test_pod_fits_the_image() -> None:
    [container] = pod()["containers"]
    context = pod()["securityContext"]
    assert f"{context['runAsUser']}:{context['runAsGroup']}" == instruction("USER")
    assert [port["containerPort"] for port in container["ports"]] == [PORT]
    assert container["volumeMounts"][0]["mountPath"] == instruction("VOLUME")


def test_probes_ask_pages_that_exist() -> None:
    [container] = pod()["containers"]
    asked = {name: each["httpGet"] for name, each in container.items() if name.endswith("Probe")}
    assert {name: each["path"] for name, each in asked.items()} == {
        "startupProbe": "/healthz",
        "livenessProbe": "/healthz",
        "readinessProbe": "/readyz",
    }
    assert {each["port"] for each in asked.values()} == {container["ports"][0]["name"]}


def test_manifests_lead_to_each_other() -> None:
    labels = manifest("deployment")["spec"]["template"]["metadata"]["labels"]
    service = manifest("service")
    assert service["spec"]["selector"] == labels
    assert manifest("network-policy")["spec"]["podSelector"]["matchLabels"] == labels
    [rule] = manifest("ingress")["spec"]["rules"]
    backend = rule["http"]["paths"][0]["backend"]["service"]
    assert backend == {"name": service["metadata"]["name"], "port": {"name": "http"}}


def test_pods_may_be_many() -> None:
    """What they share comes from the secret: nothing that counts is in a pod's own folder."""
    [container] = pod()["containers"]
    keys = {
        each["name"]: each["valueFrom"]["secretKeyRef"]["key"]
        for each in container["env"]
        if "valueFrom" in each
    }
    assert keys.keys() >= {"DIGITS_DATABASE_URL", "DIGITS_REDIS_URL", "DIGITS_SECRET_KEY"}
    made = (DEPLOY / "README.md").read_text()
    assert [key for key in keys.values() if key not in made] == []
    assert manifest("service")["metadata"]["annotations"][f"{STICKY}.name"] == "route"


# systemd


def test_units_are_valid(units: list[str]) -> None:
    command = ["systemd-analyze", "verify", "--man=no", *units]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["live-digits-server.service", "live-digits-backup.service"])
def test_units_are_hardened(units: list[str], name: str) -> None:
    [unit] = [unit for unit in units if unit.endswith(name)]
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={MAX_EXPOSURE}", unit]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_vps_page_starts_units_that_exist() -> None:
    named = set(re.findall(r"live-digits-\w+\.(?:service|timer)", (DEPLOY / "VPS.md").read_text()))
    assert named <= {unit.name for unit in UNITS}
