"""What was rendered, and how to find things in it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import yaml

SERVICES = ["registry", "review", "exam-scheduling", "results", "certificate-query"]


def documents(text: str) -> list[dict]:
    return [document for document in yaml.safe_load_all(text) if document]


def name_of(document: dict) -> str:
    return f"{document['kind']}/{document['metadata']['name']}"


def named(items: list[dict], name: str) -> dict:
    return next(item for item in items if item["name"] == name)


@dataclass
class Manifests:
    """Everything one set of values renders to, and the settings' defaults it is measured by."""

    all: list[dict]
    defaults: dict[str, dict]  # per service, from its config.default.toml over the platform's
    by_digest: bool = False  # whether the values give one for each image

    def of(self, *kinds: str) -> list[dict]:
        return [document for document in self.all if document["kind"] in kinds]

    def one(self, kind: str, name: str) -> dict | None:
        return next((d for d in self.of(kind) if d["metadata"]["name"] == name), None)

    def pods(self) -> list[tuple[str, dict]]:
        """Every pod there will be: where it comes from, and its template."""
        found = []
        for document in self.all:
            template = (document.get("spec") or {}).get("template")
            if isinstance(template, dict) and "containers" in template.get("spec", {}):
                found.append((name_of(document), template))
        return found

    def deployments(self) -> list[tuple[str, dict, dict]]:
        """Name, document and only container."""
        return [(d["metadata"]["name"], d, d["spec"]["template"]["spec"]["containers"][0])
                for d in self.of("Deployment")]

    def settings(self, config_map: str) -> dict:
        document = self.one("ConfigMap", config_map) or {}
        return tomllib.loads(document.get("data", {}).get("service.toml", ""))


def selects(selector: dict, labels: dict) -> bool:
    """By labels alone: the charts use no other selectors."""
    wanted = selector.get("matchLabels", {}) if selector else {}
    return all(labels.get(key) == value for key, value in wanted.items())


def defaults(root: Path) -> dict[str, dict]:
    platform = tomllib.loads((root / "services/platform/config.default.toml").read_text())
    found = {}
    for service in SERVICES:
        own = root / "services" / service / "config.default.toml"
        found[service] = merged(platform, tomllib.loads(own.read_text()) if own.exists() else {})
    return found


def merged(below: dict, above: dict) -> dict:
    result = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = merged(result[key], value) if both else value
    return result


def leaves(table: dict, path: str = "") -> dict:
    found = {}
    for key, value in table.items():
        at = f"{path}.{key}" if path else key
        found.update(leaves(value, at) if isinstance(value, dict) else {at: value})
    return found

