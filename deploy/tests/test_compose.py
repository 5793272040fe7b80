"""What compose.yaml promises: the whole service on one machine, as closed as in the cluster."""

import re
from typing import Any

import pytest
import yaml

from deploy.manifests import DEPLOY

SERVICES = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
EXAMPLE = (DEPLOY / "compose.env.example").read_text()
OURS = ["web", "worker", "scheduler", "migrate"]


@pytest.mark.parametrize("name", OURS)
def test_our_containers_write_nowhere_but_where_they_must(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"] == ["/tmp:exec"]  # libraries are unpacked there, and loaded
    assert service["volumes"] == ["uploads:/data"]
    assert service["environment"]["DATA_DIR"] == "/data"
    assert service["command"] == [name]


@pytest.mark.parametrize("name", ["web", "worker", "scheduler"])
def test_who_serves_waits_for_the_schema_and_is_asked_whether_it_lives(name: str) -> None:
    service = SERVICES[name]
    variable = "PORT" if name == "web" else "WORKER_PORT"

    assert service["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    asked = re.findall(r"localhost:(\d+)/health'", service["healthcheck"]["test"][-1])
    assert asked == [service["environment"][variable]]
    assert service["restart"] == "unless-stopped"


def test_only_the_web_is_open_and_only_to_this_machine() -> None:
    opened = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert opened == {"web": ["127.0.0.1:8080:8080"]}


def test_every_variable_is_in_the_example_and_secrets_are_empty_there() -> None:
    used = re.findall(r"\$\{(\w+):\?", (DEPLOY / "compose.yaml").read_text())
    known: dict[str, Any] = dict(re.findall(r"^(\w+)=(.*)$", EXAMPLE, re.M))

    assert set(used) <= known.keys()
    assert {"SECRET_KEY", "ALLOWED_HOSTS"} <= known.keys()
    assert not [name for name in known if re.search("PASSWORD|KEY", name) and known[name]]
