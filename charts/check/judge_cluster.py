"""Holds k8s/ against its rules, with the charts' largest values and with the secrets as made."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

import broker
from cluster import RULES, Cluster, read
from cluster_mutations import ELSEWHERE, MUTATIONS
from followed import followed
from manifests import SERVICES, Manifests


def make_secrets(root: Path, folder: Path) -> set[str]:
    """As an operator would, twice: the second time nothing may change."""
    names, before = set(), {}
    for _ in range(2):
        subprocess.run([sys.executable, root / "k8s/mint/main.py", folder], check=True, stdout=subprocess.DEVNULL)
        made = {file.name: file.read_text() for file in (folder / "manifests").glob("*.yaml")}
        if before not in ({}, made):
            raise AssertionError("secrets that were there were made anew")
        before = made
    for text in before.values():
        names |= {document["metadata"]["name"] for document in yaml.safe_load_all(text)}
    return names


class Judge:
    """Knows what k8s/ is measured by."""

    def __init__(self, root: Path, charts: Manifests, secrets: Path):
        sys.path.append(str(root / "k8s/mint"))
        from identities import FOLLOWS

        self.folder, self.charts, self.secrets = root / "k8s", charts, secrets
        self.made = make_secrets(root, secrets)
        self.follows = {service: set(FOLLOWS[service]) for service in SERVICES}
        self.followed = {service: followed(root, service) for service in SERVICES}

    def faults(self, folder: Path) -> dict[str, list[str]]:
        cluster = Cluster(folder, read(folder), self.charts, self.made, self.follows, self.followed)
        found = {name: list(rule(cluster)) for name, rule in RULES.items()}
        return {name: breaches for name, breaches in found.items() if breaches}

    def broken(self) -> list[str]:
        """Which broken files nobody minds."""
        broken = {mutation[0] for mutation in MUTATIONS} | ELSEWHERE
        found = [f"{rule}: nothing breaks it" for rule in RULES if rule not in broken]
        with tempfile.TemporaryDirectory() as name:
            copy = Path(shutil.copytree(self.folder, Path(name) / "k8s"))
            for rule, path, old, new in MUTATIONS:
                whole = (copy / path).read_text()
                if old not in whole:
                    found.append(f"{rule}: {old!r} is not in {path}")
                (copy / path).write_text(whole.replace(old, new))
                if rule not in self.faults(copy):
                    found.append(f"{rule} does not mind {new!r} for {old!r} in {path}")
                (copy / path).write_text(whole)
        return found + self.broken_elsewhere()

    def broken_elsewhere(self) -> list[str]:
        """A user who may too little, one who may too much: by the rule, and by the server itself."""
        found = []
        right = self.follows
        for wrong in ({("review", "application")}, right["registry"] | {("results", "batch")}):
            self.follows = {**right, "registry": wrong}
            if "users" not in self.faults(self.folder):
                found.append(f"users does not mind {wrong}")
            if not self.users():
                found.append(f"the server of NATS does not mind {wrong}")
        self.follows = right
        return found

    def users(self) -> list[str]:
        kinds = set().union(*self.followed.values())
        return broker.check(self.folder / "nats/nats.yaml", self.secrets, self.follows, kinds)
