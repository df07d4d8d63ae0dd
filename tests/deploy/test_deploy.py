"""The containers: what compose starts, from what, and with which limits."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from typing import Any

import pytest
import yaml

from tests.servers import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DASHBOARD = json.loads((DEPLOY / "grafana" / "dashboards" / "suyuan.json").read_text(encoding="utf-8"))
ONE_SHOT = {"topics", "seal"}
WRITES_ITS_ROOT = {"kafka", "neo4j"}
WATCHED = {
    "suyuan_lag", "suyuan_batch_size", "suyuan_stage_seconds", "suyuan_refused_total",
    "suyuan_alerts_total", "suyuan_store_seconds", "suyuan_records_total",
}  # fmt: skip
EXPRESSIONS = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


def client() -> list[str] | None:
    """The compose that is installed here, as a plugin of docker or by itself."""
    if shutil.which("docker"):
        asked = subprocess.run(("docker", "compose", "version"), capture_output=True, check=False)
        if asked.returncode == 0:
            return ["docker", "compose"]
    return ["docker-compose"] if shutil.which("docker-compose") else None


def locked(package: str) -> str:
    """A version from Maven's descriptions of the local servers."""
    poms = "".join(pom.read_text(encoding="utf-8") for pom in (DEPLOY / "local").glob("*/pom.xml"))
    (version,) = re.findall(
        rf"<artifactId>{re.escape(package)}</artifactId>\s*<version>([0-9]+[.][^<]+)", poms
    )
    return version


def test_compose_itself_finds_nothing_wrong():
    compose = client()
    if compose is None:
        pytest.skip("there is no docker compose here; what the file says is tested below")
    done = subprocess.run(
        (*compose, "-f", "compose.yaml", "config", "-q"),
        cwd=DEPLOY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_is_pinned_bounded_and_nobody_special(name: str):
    service = SERVICES[name]
    assert re.search(r":v?\d+\.\d+\.\d+(-[a-z]+)?$", service["image"])
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}
    assert service["user"].partition(":")[0] not in {"", "0", "root"}
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("read_only", False) != (name in WRITES_ITS_ROOT)
    assert ("healthcheck" in service) != (name in ONE_SHOT)
    assert service["restart"] == ("on-failure" if name in ONE_SHOT else "unless-stopped")
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_what_a_service_refers_to_is_there(name: str):
    service = SERVICES[name]
    assert set(service["networks"]) <= set(COMPOSE["networks"])
    assert set(service.get("secrets", ())) <= set(COMPOSE["secrets"])
    for other, how in service.get("depends_on", {}).items():
        wanted = "service_completed_successfully" if other in ONE_SHOT else "service_healthy"
        assert how == {"condition": wanted}
        assert other in SERVICES
    for volume in service.get("volumes", ()):
        source = volume.partition(":")[0]
        assert source in COMPOSE["volumes"] or (DEPLOY / source).exists()


def test_no_password_stands_in_the_file():
    values = {
        key: value for service in SERVICES.values() for key, value in service.get("environment", {}).items()
    }
    secret = {key for key in values if re.search("PASSWORD|AUTH|SECRET", key)}
    assert secret
    assert {values[key].rpartition("/")[0] for key in secret} == {"/run/secrets"}


def test_the_containers_have_the_versions_of_the_local_servers_and_of_this_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{locked('kafka_2.13')}"
    assert SERVICES["neo4j"]["image"] == f"neo4j:{locked('neo4j')}-community"
    assert SERVICES["intake"]["image"] == f"suyuan:{project}"


def test_the_poms_have_no_namespace_so_that_no_host_is_named():
    poms = list((DEPLOY / "local").glob("*/pom.xml"))
    assert {pom.parent.name for pom in poms} == {"kafka", "neo4j"}
    assert [pom for pom in poms if "xmlns" in pom.read_text(encoding="utf-8")] == []


def test_the_image_is_made_of_pinned_parts_and_runs_as_nobody_special():
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert re.fullmatch(r"python:3\.11\.\d+-slim-[a-z]+", bases[0])
    (page,) = set(bases[1:]) - {"base"}
    assert re.fullmatch(r"node:22\.\d+\.\d+-[a-z]+-slim", page)
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == [SERVICES["intake"]["user"]]
    installs = [line for line in lines if "pip install" in line]
    assert [
        line for line in installs if "--require-hashes" not in line and "--no-deps /wheels" not in line
    ] == []


def test_what_the_image_copies_is_let_through_to_the_builder():
    kept = {
        line[1:]
        for line in (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    hatch = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]
    wheel = hatch["build"]["targets"]["wheel"]
    assert {*wheel["packages"], *wheel["force-include"], "pyproject.toml", "README.md", "LICENSE"} <= kept
    assert {path for path in kept if not (ROOT / path).exists()} == set()


def test_prometheus_asks_every_worker_at_its_port():
    (job,) = yaml.safe_load((DEPLOY / "prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    (found,) = job["dns_sd_configs"]
    workers = {name for name, service in SERVICES.items() if service.get("command", [""])[0] == "worker"}
    assert set(found["names"]) == workers
    ports = {SERVICES[name]["environment"]["SUYUAN_WORKER_PORT"] for name in workers}
    assert ports == {str(found["port"])}


def test_the_dashboard_asks_only_for_metrics_that_workers_have():
    metrics = pytest.importorskip("streams.kafka.metrics").Metrics("a worker")
    metrics.refused("schema")
    metrics.breach("460100-jd")
    names = set(re.findall(r"^# TYPE (\S+)", metrics.exposed().decode(), re.MULTILINE))
    asked = {name for each in EXPRESSIONS for name in re.findall(r"\b(?:suyuan|process)_[a-z_]+", each)}
    assert {name.removesuffix("_bucket") for name in asked} <= names


@pytest.mark.parametrize("metric", sorted(WATCHED))
def test_the_dashboard_shows_what_an_operator_watches(metric: str):
    assert [each for each in EXPRESSIONS if metric in each]


def test_grafana_is_given_the_dashboard_and_the_prometheus_it_asks():
    provisioning = DEPLOY / "grafana" / "provisioning"
    (source,) = yaml.safe_load((provisioning / "datasources" / "prometheus.yml").read_text())["datasources"]
    assert {panel["datasource"]["uid"] for panel in DASHBOARD["panels"]} == {source["uid"]}
    (provider,) = yaml.safe_load((provisioning / "dashboards" / "suyuan.yml").read_text())["providers"]
    assert f"./grafana/dashboards:{provider['options']['path']}:ro" in SERVICES["grafana"]["volumes"]
