"""Helm twice: version 4 as a library, version 3 as a program."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import helm_python
import yaml

from manifests import SERVICES, documents, merged

NAMESPACE = RELEASE = "luban"


def stage(charts: Path, into: Path) -> Path:
    """A copy of the charts in which every dependency lies unpacked in its place."""
    umbrella = into / "luban"
    shutil.copytree(charts / "luban", umbrella)
    for service in SERVICES:
        chart = umbrella / "charts" / service
        shutil.copytree(charts / service, chart)
        shutil.copytree(charts / "luban-common", chart / "charts" / "luban-common")
    return umbrella


def values(chart: Path, name: str, over: dict | None = None) -> dict:
    given = yaml.safe_load((chart / "values" / f"{name}.yaml").read_text())
    return merged(given, over or {})


def helm4(chart: Path, given: dict) -> list[dict]:
    """Raises HelmError with what the templates say."""
    with helm_python.Chart.load(chart) as loaded:
        rendered = loaded.render(given, name=RELEASE, namespace=NAMESPACE)
    texts = [text for path, text in rendered.items() if path.endswith(".yaml")]
    return [document for text in texts for document in documents(text)]


def helm3(program: str, chart: Path, given: dict) -> list[dict]:
    """Raises RuntimeError with what the templates say."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump(given, file, allow_unicode=True)
        file.flush()
        done = subprocess.run(
            [program, "template", RELEASE, chart, "--namespace", NAMESPACE, "--values", file.name],
            capture_output=True, text=True, check=False, env={**os.environ, "HELM_DEBUG": ""})
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return documents(done.stdout)


def lint(chart: Path, given: dict) -> list[str]:
    report = helm_python.lint(chart, given, strict=True, namespace=NAMESPACE, with_subcharts=True)
    found = [message["error"] for message in report["messages"] if message["severity"] >= 2]
    return found + [error for error in report["errors"] if error not in found]
