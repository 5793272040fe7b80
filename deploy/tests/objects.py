"""Finding one's way among rendered objects."""

from collections.abc import Iterator

from deploy.manifests import Object

OURS = {"learningaier-backend", "document-worker", "scheduler", "migrate"}


def named(objects: list[Object], kind: str, name: str) -> Object:
    [found] = [one for one in objects if (one["kind"], one["metadata"]["name"]) == (kind, name)]
    return found


def workloads(objects: list[Object]) -> Iterator[tuple[str, Object]]:
    """Names and pod templates of whatever makes pods."""
    for one in objects:
        if one["kind"] in {"Deployment", "StatefulSet", "Job"}:
            yield one["metadata"]["name"], one["spec"]["template"]


def containers(template: Object) -> list[Object]:
    return [*template["spec"].get("initContainers", []), *template["spec"]["containers"]]
