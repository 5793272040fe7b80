"""The part of `make check` that looks at the Kubernetes manifests, as each overlay renders them.

Their schemas are checked by kubernetes-validate, what they allow and forget by checkov, whose rules
that do not hold here stand in checkov.yaml. What they promise is tested in tests/test_manifests.py.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml

DEPLOY = Path(__file__).parent
OVERLAYS = ("lab", "production", "production-ingress")
KUBERNETES = "1.33"

Object = dict[str, Any]


def has_kubectl() -> bool:
    """Whether the overlays can be rendered."""
    return shutil.which("kubectl") is not None


def render(overlay: str) -> list[Object]:
    """The objects of an overlay, by kubectl; without it those of the base, by its patches."""
    if not has_kubectl():
        return render_base()
    command = ["kubectl", "kustomize", str(DEPLOY / "overlays" / overlay)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return list(yaml.safe_load_all(run.stdout))


def render_base() -> list[Object]:
    """What kustomize makes of the base, as far as the base makes use of it."""
    base = DEPLOY / "base"
    plan = yaml.safe_load((base / "kustomization.yaml").read_text())
    objects = [
        one for name in plan["resources"] for one in yaml.safe_load_all((base / name).read_text())
    ]
    for patch in plan["patches"]:
        change = yaml.safe_load((base / patch["path"]).read_text())
        for one in objects:
            if re.fullmatch(patch["target"]["kind"], one["kind"]):
                _merge(one["spec"], change["spec"])
    for one in objects:
        if one["kind"] != "Namespace":
            one["metadata"]["namespace"] = plan["namespace"]
    lines = (base / "learningaier.env").read_text().splitlines()
    pairs = dict(line.split("=", 1) for line in lines if line and line[0] != "#")
    named = {"name": "learningaier", "namespace": plan["namespace"]}
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": named, "data": pairs}
    return [*objects, config]


def _merge(into: Any, change: Any) -> None:
    """A strategic merge: lists of named things are merged by name."""
    for key, value in change.items():
        if isinstance(value, dict) and key in into:
            _merge(into[key], value)
        elif isinstance(value, list) and key in into:
            known = {one["name"]: one for one in into[key]}
            for one in value:
                _merge(known[one["name"]], one)
        else:
            into[key] = value


def find_fault(one: Object) -> str:
    """What Kubernetes' schemas have against an object; empty if nothing."""
    try:
        kubernetes_validate.validate(one, KUBERNETES, strict=True)
    except kubernetes_validate.ValidationError as error:
        return f"{one['kind']} {one['metadata']['name']}: {error.message}"
    return ""


def main() -> int:
    """Check every overlay. `sys.argv[1]`: the scanner. Returns: 1 if anything is refused."""
    if not has_kubectl():
        print("kubectl is not installed: the base is checked, its overlays are not rendered.")
    with tempfile.TemporaryDirectory() as folder:
        for overlay in OVERLAYS:
            objects = render(overlay)
            faults = [fault for one in objects if (fault := find_fault(one))]
            if faults:
                print(*faults, sep="\n", file=sys.stderr)
                return 1
            (Path(folder) / f"{overlay}.yaml").write_text(yaml.safe_dump_all(objects))
        shutil.copy(DEPLOY / "Dockerfile", folder)
        scan = [sys.argv[1], "--config-file", str(DEPLOY / "checkov.yaml"), "--directory", folder]
        return subprocess.run(scan, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
