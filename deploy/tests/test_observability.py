"""The dashboard and the alerts ask for figures that exist, by labels that they have."""

import json
import re
from typing import Any

import promql_parser
import pytest
import yaml
from prometheus_client import REGISTRY

import learningaier.asgi  # noqa: F401  with this and the next two every metric is made
from deploy.manifests import DEPLOY
from documents.metrics import DocumentCollector
from learningaier.ai import guard  # noqa: F401
from learningaier.ai.breaker import BreakerCollector
from learningaier.jobs.management.commands import worker  # noqa: F401
from learningaier.jobs.metrics import QueueCollector

PREFIX = "learningaier_"
SUFFIXES = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"], "gauge": [""]}
RULES = yaml.safe_load((DEPLOY / "observability/alerts.yaml").read_text())["groups"][0]["rules"]
PANELS = json.loads((DEPLOY / "observability/dashboard.json").read_text())["panels"]
ASKED = {rule["alert"]: rule["expr"] for rule in RULES} | {
    f"{panel['title']} {target['refId']}": target["expr"].replace("$__rate_interval", "5m")
    for panel in PANELS
    for target in panel.get("targets", [])
}


@pytest.fixture
def known(db: None) -> dict[str, set[str]]:
    """The labels of each name that /metrics can show."""
    asked = {QueueCollector(), DocumentCollector(), BreakerCollector()}
    collectors = set(REGISTRY._collector_to_names) | asked  # noqa: SLF001
    found: dict[str, set[str]] = {}
    for collector in collectors:
        for family in collector.collect():
            if family.name.startswith(PREFIX):
                made_by = collector if hasattr(collector, "_labelnames") else family
                own = made_by._labelnames  # noqa: SLF001
                for suffix in SUFFIXES[family.type]:
                    found[family.name + suffix] = set(own) | (
                        {"le"} if "bucket" in suffix else set()
                    )
    return found


def parts(expression: str, kind: type) -> list[Any]:
    """The parts of an expression that are of a kind."""
    found: list[Any] = []

    def note(part: Any) -> None:
        if isinstance(part, promql_parser.MatrixSelector):
            part = part.vector_selector
        if isinstance(part, kind):
            found.append(part)

    promql_parser.walk(promql_parser.parse(expression), note)
    return found


@pytest.mark.parametrize("name", ASKED)
def test_each_expression_asks_for_figures_that_exist(name: str, known: dict[str, set[str]]) -> None:
    selectors = parts(ASKED[name], promql_parser.VectorSelector)
    assert selectors
    for selector in selectors:
        assert selector.name in known, selector.name
        asked = {matcher.name for matcher in selector.matchers.matchers}
        assert asked <= known[selector.name]
    has = set.union(*(known[selector.name] for selector in selectors))
    for aggregate in parts(ASKED[name], promql_parser.AggregateExpr):
        assert set(aggregate.modifier.labels if aggregate.modifier else []) <= has


def test_no_label_is_one_that_prometheus_sets_itself(known: dict[str, set[str]]) -> None:
    """It would be renamed, and a rule that asks for it would be told of the scrape instead."""
    assert not {"job", "instance"} & set.union(*known.values())


def test_each_alert_is_explained_and_says_how_urgent_it_is() -> None:
    runbook = (DEPLOY.parent / "docs/runbook.md").read_text()
    anchors = {line[4:].lower() for line in runbook.splitlines() if line.startswith("### ")}
    for rule in RULES:
        page, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert page == "docs/runbook.md"
        assert anchor == rule["alert"].lower()
        assert anchor in anchors
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"]
        labels = {
            label
            for aggregate in parts(rule["expr"], promql_parser.AggregateExpr)
            for label in (aggregate.modifier.labels if aggregate.modifier else [])
        }
        assert set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"])) <= labels


def test_the_dashboard_names_alerts_that_exist_and_overlaps_nowhere() -> None:
    alerts = {rule["alert"] for rule in RULES}
    for panel in PANELS:
        for text in re.findall(r"Alerts?: ([\w, ]+)\.", panel.get("description", "")):
            assert set(text.split(", ")) <= alerts
    places = [
        (panel["gridPos"]["x"] + x, panel["gridPos"]["y"] + y)
        for panel in PANELS
        for x in range(panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["h"])
    ]
    assert len(places) == len(set(places))
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)


def test_every_figure_of_ours_is_on_the_dashboard(known: dict[str, set[str]]) -> None:
    shown = " ".join(ASKED.values())
    families = {re.sub("_(bucket|sum|count)$", "", name) for name in known}
    assert {name for name in families if name not in shown} == set()
