"""What the manifests name exists: pods, ports, secrets, variables."""

import re

import pytest
import yaml

from deploy.manifests import DEPLOY, Object
from deploy.tests.objects import OURS, containers, workloads

ROOT = DEPLOY.parent
# Set for a container by the image or by Kubernetes, not by an operator.
ELSEWHERE = {"POD_IP", "PUBLIC_HOST", "REDIS_PASSWORD"}


def test_every_selector_finds_its_pods(objects: list[Object]) -> None:
    labels = {name: template["metadata"]["labels"] for name, template in workloads(objects)}
    for one in objects:
        spec = one.get("spec", {})
        selector = spec.get("selector") if one["kind"] != "Job" else None
        wanted = (selector or {}).get("matchLabels", selector)
        if wanted:
            assert any(wanted.items() <= had.items() for had in labels.values()), one["metadata"]
    for name, template in workloads(objects):
        for spread in template["spec"].get("topologySpreadConstraints", []):
            assert spread["labelSelector"]["matchLabels"].items() <= labels[name].items()


def test_every_service_reaches_a_port_that_is_open(objects: list[Object]) -> None:
    templates = dict(workloads(objects))
    for one in objects:
        if one["kind"] == "Service":
            pods = templates[one["spec"]["selector"]["app"]]
            opened = {
                port["containerPort"]
                for container in containers(pods)
                for port in container.get("ports", [])
            }
            assert {port["targetPort"] for port in one["spec"]["ports"]} <= opened


@pytest.fixture(scope="module")
def secrets() -> dict[str, set[str]]:
    """The keys of each secret that an operator is told to make."""
    example = yaml.safe_load_all((DEPLOY / "secrets.example.yaml").read_text())
    return {one["metadata"]["name"]: set(one["stringData"]) for one in example}


@pytest.fixture(scope="module")
def sources(objects: list[Object], secrets: dict[str, set[str]]) -> dict[str, dict[str, set[str]]]:
    """The keys of everything that a container can take variables from."""
    maps = [one for one in objects if one["kind"] == "ConfigMap"]
    return {
        "configMapRef": {one["metadata"]["name"]: set(one["data"]) for one in maps},
        "secretRef": secrets,
    }


def variables(container: Object, sources: dict[str, dict[str, set[str]]]) -> list[str]:
    """The names of a container's variables, in the order in which Kubernetes resolves them."""
    taken = [
        name
        for source in container.get("envFrom", [])
        for kind, reference in source.items()
        for name in sorted(sources[kind][reference["name"]])
    ]
    return taken + [one["name"] for one in container.get("env", [])]


def test_every_reference_resolves(
    objects: list[Object], sources: dict[str, dict[str, set[str]]], secrets: dict[str, set[str]]
) -> None:
    for name, template in workloads(objects):
        for container in containers(template):
            assert variables(container, sources), name
            asked = [one["valueFrom"] for one in container.get("env", []) if "valueFrom" in one]
            for reference in (one["secretKeyRef"] for one in asked if "secretKeyRef" in one):
                assert reference["key"] in secrets[reference["name"]]


def test_the_application_has_all_that_production_requires(
    objects: list[Object], sources: dict[str, dict[str, set[str]]]
) -> None:
    for name, template in workloads(objects):
        for container in containers(template) if name in OURS else []:
            known = set(variables(container, sources))
            assert {"SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"} <= known


def test_every_secret_that_is_mounted_is_named_in_the_example(
    objects: list[Object], secrets: dict[str, set[str]]
) -> None:
    volumes = [
        volume
        for _, template in workloads(objects)
        for volume in template["spec"].get("volumes", [])
    ]
    mounted = {volume["secret"]["secretName"] for volume in volumes if "secret" in volume}

    assert "firebase-config" in mounted
    assert mounted <= secrets.keys()
    assert {"pinecone-config", "gemini-config", "database"} <= secrets.keys()


def test_variables_that_name_others_come_after_them(
    objects: list[Object], sources: dict[str, dict[str, set[str]]]
) -> None:
    for _, template in workloads(objects):
        for container in containers(template):
            known = variables(container, sources)
            texts = {one["name"]: one.get("value", "") for one in container.get("env", [])}
            for name, text in texts.items():
                assert set(re.findall(r"\$\((\w+)\)", text)) <= set(known[: known.index(name)])
            for argument in container.get("args", []):
                assert set(re.findall(r"\$\((\w+)\)", argument)) <= set(known)


def test_every_variable_is_one_of_ours(
    objects: list[Object], sources: dict[str, dict[str, set[str]]]
) -> None:
    known = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    used = {
        variable
        for name, template in workloads(objects)
        for container in (containers(template) if name in OURS else [])
        for variable in variables(container, sources)
    }
    assert used - ELSEWHERE <= known
