"""The dashboard and the alert rules of the docs: every metric, label and value is one that the listener exports."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
import yaml
from prometheus_client import CollectorRegistry

from mulligan.decision import State
from mulligan.events import AttemptEnded, AttemptVerdict, Finished, GuardChanged, Refused, Retrying, StoreLost
from mulligan.guards import Status
from mulligan.observe import Prometheus
from mulligan.observe.metering import OTHER, Kind
from mulligan.outcome import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parents[2] / "docs" / "observe"
DASHBOARD: dict[str, Any] = json.loads((DOCS / "grafana.json").read_text(encoding="utf-8"))  # Grafana's, not ours
ALERTS: dict[str, Any] = yaml.safe_load((DOCS / "alerts.yml").read_text(encoding="utf-8"))  # Prometheus's
PANELS: list[dict[str, Any]] = DASHBOARD["panels"]
RULES: list[dict[str, Any]] = [rule for group in ALERTS["groups"] for rule in group["rules"]]
TARGETS: list[dict[str, str]] = [target for panel in PANELS for target in panel.get("targets", ())]
EXPRESSIONS = [asked["expr"] for asked in (*TARGETS, *RULES)]
VALUES = {
    "kind": set(get_args(Kind)),
    "outcome": set(get_args(AttemptVerdict)),
    "state": {str(status) for status in Status} - {"closed"},
    "policy": {OTHER},
}
METRIC = re.compile(r"\b(mulligan_\w+)(?:\{([^}]*)\})?")
MATCHER = re.compile(r'(\w+)=(~?)"([^"]*)"')


def exported() -> dict[str, set[str]]:
    """Answer the labels of every sample that the listener exports once it has heard of everything."""
    registry = CollectorRegistry()
    listener = Prometheus(registry)
    state = State(attempt=2)
    listener(AttemptEnded(policy="p", attempt=1, verdict="accepted", seconds=0.1, error=None))
    listener(Retrying(policy="p", attempt=1, error=None, value=None, delay=0.1, elapsed=0.1, state=state))
    listener(Finished(policy="p", reason=Reason.ACCEPTED, attempts=1, elapsed=0.1, error=None))
    listener(Refused(policy="p", attempt=1, guard="g", retry_after=None))
    listener(GuardChanged(policy="p", guard="g", key="", before="closed", after="open"))
    listener(StoreLost(policy="p", store="s", error=TimeoutError))
    samples = [sample for family in registry.collect() for sample in family.samples]
    return {sample.name: set(sample.labels) for sample in samples if not sample.name.endswith("_created")}


EXPORTED = exported()


def used() -> Iterator[tuple[str, str]]:
    """Yield each metric that is asked for, with its matchers."""
    for expression in EXPRESSIONS:
        for found in METRIC.finditer(expression):
            yield found[1], found[2] or ""


def test_every_metric_that_is_asked_for_is_exported() -> None:
    assert {name for name, _ in used()} <= set(EXPORTED)


def test_every_metric_that_is_exported_is_shown() -> None:
    """Histograms are shown by their buckets, or by their sum and count."""
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in EXPORTED}
    shown = {re.sub(r"_(bucket|sum|count)$", "", name) for name, _ in used()}
    assert shown == families


@pytest.mark.parametrize(("metric", "matchers"), sorted(set(used())))
def test_labels_and_their_values_are_those_that_are_exported(metric: str, matchers: str) -> None:
    for label, is_pattern, value in MATCHER.findall(matchers):
        assert label in EXPORTED[metric]
        if value.startswith("$"):
            continue
        pattern = value if is_pattern else re.escape(value)
        found = {each for each in VALUES[label] if re.fullmatch(pattern, each)}
        assert found
        if "|" in value:
            assert found == set(value.split("|"))


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_what_is_grouped_by_is_a_label_of_the_metric(expression: str) -> None:
    labels = {label for found in METRIC.finditer(expression) for label in EXPORTED[found[1]]}
    for names in re.findall(r"\bby \(([^)]*)\)", expression):
        assert set(re.split(r",\s*", names)) <= labels


class TestDashboard:
    def test_its_panels_have_ids_of_their_own_and_do_not_overlap(self) -> None:
        assert len({panel["id"] for panel in PANELS}) == len(PANELS)
        cells = [
            (x, y)
            for box in (panel["gridPos"] for panel in PANELS)
            for x in range(box["x"], box["x"] + box["w"])
            for y in range(box["y"], box["y"] + box["h"])
        ]
        assert len(cells) == len(set(cells))
        assert max(x for x, _ in cells) < 24

    def test_every_panel_says_what_it_shows(self) -> None:
        for panel in PANELS:
            assert panel["title"]
            assert panel["type"] == "row" or (panel["description"] and panel["targets"])

    def test_it_asks_the_source_that_is_chosen(self) -> None:
        names = {variable["name"] for variable in DASHBOARD["templating"]["list"]}
        sources = re.findall(r'"uid": "\$\{(\w+)\}"', json.dumps(DASHBOARD))
        assert set(sources) == {"datasource"}
        assert set(re.findall(r"\$(\w+)", " ".join(EXPRESSIONS))) <= {*names, "__rate_interval"}

    def test_a_legend_names_labels_that_the_expression_keeps(self) -> None:
        for target in TARGETS:
            kept = re.split(r",\s*", ", ".join(re.findall(r"\bby \(([^)]*)\)", target["expr"])))
            assert set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])) <= set(kept)


class TestAlerts:
    def test_each_has_a_name_of_its_own_and_says_how_bad_it_is(self) -> None:
        assert len({rule["alert"] for rule in RULES}) == len(RULES)
        assert {rule["labels"]["severity"] for rule in RULES} <= {"critical", "warning", "info"}

    def test_the_page_explains_each(self) -> None:
        page = (DOCS / "prometheus.md").read_text(encoding="utf-8")
        assert [rule["alert"] for rule in RULES if f"`{rule['alert']}`" not in page] == []


@pytest.fixture(scope="module")
def promtool() -> str:
    found = shutil.which("promtool")
    if found is not None:
        return found
    hint = "promtool is missing: apt-get install prometheus, or brew install prometheus"
    if os.environ.get("CI"):
        pytest.fail(hint)
    pytest.skip(hint)


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - promtool on our files
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_prometheus_reads_the_rules(promtool: str) -> None:
    assert f"{len(RULES)} rules found" in run(promtool, "check", "rules", str(DOCS / "alerts.yml"))


def test_prometheus_reads_what_the_dashboard_asks(promtool: str, tmp_path: Path) -> None:
    asked = [expression.replace("$__rate_interval", "5m") for expression in EXPRESSIONS]
    records = [{"record": f"panel:{number}", "expr": expression} for number, expression in enumerate(asked)]
    rules = {"groups": [{"name": "panels", "rules": records}]}
    (tmp_path / "panels.yml").write_text(json.dumps(rules), encoding="utf-8")  # which is YAML too
    run(promtool, "check", "rules", "--lint=none", str(tmp_path / "panels.yml"))


def test_alerts_fire_when_they_should(promtool: str, tmp_path: Path) -> None:
    cases = (Path(__file__).parent / "alerts_test.yml").read_text(encoding="utf-8")
    (tmp_path / "alerts_test.yml").write_text(cases.replace("ALERTS", str(DOCS / "alerts.yml")), encoding="utf-8")
    run(promtool, "test", "rules", str(tmp_path / "alerts_test.yml"))
