"""What the manifests promise, read from the rendered objects."""

import re

import yaml
from django.test import Client

from deploy.manifests import DEPLOY, OVERLAYS, Object, find_fault, has_kubectl, render, render_base
from deploy.tests.objects import OURS, containers, named, workloads

ROOT = DEPLOY.parent


def test_each_object_is_valid_kubernetes(objects: list[Object]) -> None:
    assert not [fault for one in objects if (fault := find_fault(one))]


def test_the_backend_is_the_one_of_the_design(objects: list[Object]) -> None:
    backend = named(objects, "Deployment", "learningaier-backend")
    [web] = backend["spec"]["template"]["spec"]["containers"]

    assert backend["spec"]["replicas"] == 2
    assert backend["spec"]["template"]["metadata"]["labels"]["app"] == "learningaier-backend"
    assert web["resources"] == {
        "requests": {"cpu": "500m", "memory": "512Mi"},
        "limits": {"cpu": "1000m", "memory": "1Gi"},
    }
    assert web["livenessProbe"]["httpGet"]["path"] == "/health"
    assert web["readinessProbe"]["httpGet"]["path"] == "/health/ready"
    assert "startupProbe" in web
    service = named(objects, "Service", "learningaier-backend")["spec"]
    has_ingress = any(one["kind"] == "Ingress" for one in objects)
    assert service["type"] == ("ClusterIP" if has_ingress else "LoadBalancer")
    assert [(port["port"], port["targetPort"]) for port in service["ports"]] == [(80, 8080)]
    account = named(objects, "ServiceAccount", "backend-sa")
    assert "iam.gke.io/gcp-service-account" in account["metadata"]["annotations"]


def test_the_backend_scales_from_two_to_five_and_calmly_back(objects: list[Object]) -> None:
    scaler = named(objects, "HorizontalPodAutoscaler", "learningaier-backend-hpa")["spec"]

    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (2, 5)
    assert scaler["scaleTargetRef"]["name"] == "learningaier-backend"
    targets = {
        metric["resource"]["name"]: metric["resource"]["target"]["averageUtilization"]
        for metric in scaler["metrics"]
    }
    assert targets == {"cpu": 70, "memory": 80}
    assert scaler["behavior"]["scaleDown"]["stabilizationWindowSeconds"] >= 300


def test_the_worker_answers_on_8000_and_scales(objects: list[Object]) -> None:
    service = named(objects, "Service", "document-worker")["spec"]

    assert [(port["port"], port["targetPort"]) for port in service["ports"]] == [(8000, 8000)]
    [config] = [one for one in objects if one["kind"] == "ConfigMap"]
    assert config["data"]["WORKER_PORT"] == "8000"
    scaler = named(objects, "HorizontalPodAutoscaler", "document-worker-hpa")
    assert scaler["spec"]["scaleTargetRef"]["name"] == "document-worker"


def test_redis_keeps_the_queue_and_may_evict_the_cache(objects: list[Object]) -> None:
    redis = named(objects, "StatefulSet", "redis")["spec"]
    [container] = redis["template"]["spec"]["containers"]
    options = dict(zip(container["args"][::2], container["args"][1::2], strict=True))

    assert options["--maxmemory-policy"] == "volatile-lru"
    assert options["--appendonly"] == "yes"
    assert options["--requirepass"] == "$(REDIS_PASSWORD)"
    assert redis["volumeClaimTemplates"]
    assert int(options["--maxmemory"].removesuffix("mb")) < int(
        container["resources"]["limits"]["memory"].removesuffix("Mi")
    )
    [port] = named(objects, "Service", "redis")["spec"]["ports"]
    assert port["port"] == 6379


def test_an_ingress_ends_tls_and_reaches_the_backend() -> None:
    ingress = yaml.safe_load((DEPLOY / "components/ingress/ingress.yaml").read_text())["spec"]
    [rule], [tls] = ingress["rules"], ingress["tls"]
    [path] = rule["http"]["paths"]
    backend = path["backend"]["service"]
    ports = named(render_base(), "Service", backend["name"])["spec"]["ports"]

    assert tls["hosts"] == [rule["host"]]
    assert backend["port"]["name"] in {port["name"] for port in ports}


def test_no_secret_stands_in_the_open(objects: list[Object]) -> None:
    assert not [one for one in objects if one["kind"] == "Secret"]
    for one in objects:
        if one["kind"] == "ConfigMap":
            assert not [name for name in one["data"] if re.search("KEY|PASSWORD|SECRET|URL", name)]


def test_pods_keep_to_the_restricted_standard(objects: list[Object]) -> None:
    namespace = next(one for one in objects if one["kind"] == "Namespace")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    for name, template in workloads(objects):
        spec = template["spec"]
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["securityContext"]["runAsUser"] > 0, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & spec.keys(), name
        for container in containers(template):
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False, name
            assert context["readOnlyRootFilesystem"] is True, name
            assert context["capabilities"] == {"drop": ["ALL"]}, name
            assert container["resources"]["requests"].keys() == {"cpu", "memory"}, name
            assert container["resources"]["limits"].keys() == {"cpu", "memory"}, name
        for volume in spec.get("volumes", []):
            assert not {"hostPath", "nfs"} & volume.keys(), name


def test_probes_ask_what_the_application_serves(objects: list[Object], db: None) -> None:
    client = Client()
    for name, template in workloads(objects):
        for container in containers(template):
            for kind in ("startupProbe", "livenessProbe", "readinessProbe"):
                asked = container.get(kind, {}).get("httpGet")
                if asked:
                    ports = {port["name"] for port in container["ports"]}
                    assert asked["port"] in ports
                    assert client.get(asked["path"]).status_code == 200, (name, kind)
        annotations = template["metadata"].get("annotations", {})
        if path := annotations.get("prometheus.io/path"):
            assert client.get(path).status_code == 200
            opened = {
                str(port["containerPort"]) for port in template["spec"]["containers"][0]["ports"]
            }
            assert annotations["prometheus.io/port"] in opened


def test_a_pod_that_ends_has_time_to_drain(objects: list[Object]) -> None:
    source = (ROOT / "learningaier/gunicorn.py").read_text()
    drain = int(re.findall(r"^graceful_timeout = (\d+)", source, re.M)[0])
    backend = named(objects, "Deployment", "learningaier-backend")["spec"]
    spec = backend["template"]["spec"]
    [web] = spec["containers"]
    [_, seconds] = web["lifecycle"]["preStop"]["exec"]["command"]

    assert spec["terminationGracePeriodSeconds"] > drain + int(seconds)
    assert backend["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_new_pods_wait_for_the_schema(objects: list[Object]) -> None:
    job = named(objects, "Job", "migrate")
    [migrate] = job["spec"]["template"]["spec"]["containers"]
    assert migrate["args"] == ["migrate"]
    for name, template in workloads(objects):
        if name in OURS - {"migrate"}:
            [first] = template["spec"]["initContainers"]
            assert "migrate --check" in first["command"][-1]
            assert first["image"] == migrate["image"] == template["spec"]["containers"][0]["image"]


def test_traffic_is_denied_but_for_what_is_named(objects: list[Object]) -> None:
    policies = {
        one["metadata"]["name"]: one["spec"] for one in objects if one["kind"] == "NetworkPolicy"
    }
    assert policies["deny-all"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    opened = {
        port["port"]
        for spec in policies.values()
        for rule in spec.get("ingress", [])
        for port in rule["ports"]
    }
    assert opened == {8080, 8000, 6379}
    [expression] = policies["application-outwards"]["podSelector"]["matchExpressions"]
    assert set(expression["values"]) == OURS


def test_disruptions_leave_someone_to_answer(objects: list[Object]) -> None:
    budget = named(objects, "PodDisruptionBudget", "learningaier-backend")

    assert budget["spec"]["minAvailable"] >= 1


def test_the_same_image_runs_everywhere(objects: list[Object]) -> None:
    images = {
        container["image"]
        for name, template in workloads(objects)
        if name in OURS
        for container in containers(template)
    }
    assert len(images) == 1
    assert not images.pop().endswith(":latest")


def test_a_change_of_the_configuration_rolls_the_pods() -> None:
    if has_kubectl():
        maps = [one for name in OVERLAYS for one in render(name) if one["kind"] == "ConfigMap"]
        names = {one["metadata"]["name"] for one in maps}
        assert len(names) == len({"lab", "production"})
        assert all(re.fullmatch(r"learningaier-[a-z0-9]{10}", name) for name in names)
    base = yaml.safe_load((DEPLOY / "base/kustomization.yaml").read_text())
    assert base["configMapGenerator"]


def test_the_base_reads_without_kubectl_as_with_it() -> None:
    def specs(objects: list[Object]) -> dict[tuple[str, str], str]:
        plain = {
            (one["kind"], one["metadata"]["name"]): yaml.safe_dump(one.get("spec"))
            for one in objects
            if one["kind"] != "ConfigMap"
        }
        return {
            key: re.sub(r"image: .*|name: learningaier-\w{10}\b", "", text).replace(
                "name: learningaier\n", "\n"
            )
            for key, text in plain.items()
        }

    assert specs(render_base()) == specs(render("production"))
