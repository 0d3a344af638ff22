"""Lints, renders, validates and judges charts/ and k8s/; scripts/charts runs it.

usage: main.py ROOT PACKAGED-UMBRELLA HELM-3 PROGRAMS

PACKAGED-UMBRELLA is the chart `luban` as `helm package` made it; PROGRAMS the folder in which the
services' programs lie, if they are built.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import helm_python
import kubernetes_validate

import cluster
import cluster_mutations
import databases
import rules_between  # noqa: F401  adds its rules to RULES
from engines import helm3, helm4, lint, stage, values
from judge_cluster import Judge
from manifests import SERVICES, Manifests, defaults, name_of
from mutations import MUTATIONS
from refusals import REFUSALS
from rules import RULES

ENVIRONMENTS = ["one-machine", "city-pilot", "province"]
KUBERNETES = ["1.35.0", "1.36.0", "1.37.0"]
OPERATORS = {"postgresql.cnpg.io", "barmancloud.cnpg.io", "monitoring.coreos.com", "traefik.io"}
DIGEST = "sha256:" + "5e" * 32
BY_DIGEST = {service: {"image": {"digest": DIGEST}} for service in SERVICES}
# What no values file of ours uses, and somebody's may.
BESIDE = {"registry": {
    "moreSecrets": [{"secret": "mail", "key": "password", "path": "mail.password"}],
    "egress": [{"why": "mail", "cidr": "10.0.0.25/32", "port": 587}],
    "settings": {"server": {"request_timeout": "15s"}},
    "database": {"cluster": "", "peer": {"cidr": "10.0.0.5/32", "port": 5432}}}}
BREACHES: list[str] = []


def say(text: str, found: list[str]) -> None:
    print(f"  {'✗' if found else '✓'} {text}")
    for one in found:
        print(f"      {one}")
    BREACHES.extend(found)


def variants() -> list[tuple[str, str, dict, bool]]:
    """Name, values file, what is laid over it, whether each image has a digest."""
    plain = [(name, name, {}, False) for name in ENVIRONMENTS]
    return [*plain, ("city pilot with more", "city-pilot", BESIDE, False),
            ("province by digest", "province", BY_DIGEST, True)]


def judge(documents: list[dict], known: dict, by_digest: bool = False) -> dict[str, list[str]]:
    manifests = Manifests(documents, known, by_digest)
    found = {name: list(rule(manifests)) for name, rule in RULES.items()}
    return {name: breaches for name, breaches in found.items() if breaches}


def by_name(documents: list[dict]) -> list[dict]:
    return sorted(documents, key=lambda d: (d["kind"], d["metadata"]["name"], json.dumps(d, sort_keys=True)))


def render(chart: Path, packaged: Path, program: str, known: dict) -> dict[str, list[dict]]:
    """Each set of values by both engines, which must agree, judged by every rule."""
    rendered = {}
    for title, name, over, by_digest in variants():
        given = values(chart, name, over)
        documents = helm4(packaged, given)
        found = lint(chart, given)
        if by_name(documents) != by_name(helm3(program, packaged, given)):
            found.append("Helm 3 and Helm 4 render different things")
        for rule, breaches in judge(documents, known, by_digest).items():
            found += [f"{rule}: {breach}" for breach in breaches]
        say(f"{title}: {len(documents)} resources, {len(RULES)} rules", found)
        rendered[title] = documents
    return rendered


def strictly(task: tuple[str, dict]) -> str | None:
    version, document = task
    try:
        kubernetes_validate.validate(document, version, strict=True)
    except Exception as error:  # whatever it says, the resource is not one
        return f"{version}: {name_of(document)}: {getattr(error, 'message', error)}"
    return None


def validate(documents: list[dict], k8s: Path) -> None:
    """Strictly: a key too much is a fault. What is of an operator's own kind has no schema here."""
    beside = cluster.read(k8s)
    ours = [document for document in beside if document["apiVersion"].partition("/")[0] not in OPERATORS]
    print(f"  – without a schema: {', '.join(sorted({d['kind'] for d in beside} - {d['kind'] for d in ours}))}")
    documents = documents + ours
    unique = list({json.dumps(document, sort_keys=True): document for document in documents}.values())
    tasks = [(version, document) for version in KUBERNETES for document in unique]
    with ProcessPoolExecutor() as pool:
        found = [fault for fault in pool.map(strictly, tasks, chunksize=16) if fault]
    say(f"{len(unique)} different resources are valid in Kubernetes {', '.join(KUBERNETES)}", found)


def refuse(chart: Path, program: str) -> None:
    found = []
    for over, sentence in REFUSALS:
        given = values(chart, "city-pilot", over)
        for engine, render_with in (("Helm 4", helm4), ("Helm 3", lambda *at: helm3(program, *at))):
            try:
                render_with(chart, given)
                found.append(f"{engine} renders {json.dumps(over)}")
            except (helm_python.HelmError, RuntimeError) as error:
                if sentence not in str(error):
                    found.append(f"{engine} does not say {sentence!r}: {error}")
    say(f"{len(REFUSALS)} unusable values are refused, each in its sentence", found)


def mutate(charts: Path, known: dict) -> None:
    found = [f"{rule}: nothing breaks it" for rule in RULES if rule not in {m[0] for m in MUTATIONS}]
    with tempfile.TemporaryDirectory() as folder:
        chart = stage(charts, Path(folder))
        for mutation in MUTATIONS:
            found += survives(chart, known, mutation)
    say(f"{len(MUTATIONS)} broken templates are caught by the rule they break", found)


def survives(chart: Path, known: dict, mutation: tuple[str, str, str, str]) -> list[str]:
    rule, template, old, new = mutation
    copies = [chart / "charts" / service / "charts/luban-common/templates" / template for service in SERVICES]
    whole = copies[0].read_text()
    if old not in whole:
        return [f"{rule}: {old!r} is not in {template}"]
    try:
        for copy in copies:
            copy.write_text(whole.replace(old, new))
        for _, name, over, by_digest in variants()[-2:]:
            if rule in judge(helm4(chart, values(chart, name, over)), known, by_digest):
                return []
    except helm_python.HelmError as error:
        return [f"{rule}: {new!r} does not even render: {error}"]
    finally:
        for copy in copies:
            copy.write_text(whole)
    return [f"{rule} does not mind {new!r} for {old!r} in {template}"]


def judge_cluster(root: Path, rendered: dict[str, list[dict]], known: dict) -> None:
    with tempfile.TemporaryDirectory() as secrets:
        judge_of = Judge(root, Manifests(rendered["province"], known), Path(secrets))
        found = [f"{rule}: {breach}" for rule, faults in judge_of.faults(root / "k8s").items() for breach in faults]
        say(f"k8s: {len(cluster.RULES)} rules", found)
        say("k8s: each user of NATS may do what it must and nothing else (asked of a server)", judge_of.users())
        say(f"k8s: {len(cluster_mutations.MUTATIONS)} broken files and 2 wrong users are noticed", judge_of.broken())


def run(rendered: dict[str, list[dict]], root: Path, programs: Path) -> None:
    """The rendered settings, read by the very code that will read them."""
    if not all((programs / service).exists() for service in SERVICES):
        print(f"  – the services are not built in {programs}: their settings were measured by the")
        print("    defaults alone, and not read by the programs")
        return
    found, read = [], 0
    for title, documents in rendered.items():
        manifests = Manifests(documents, {})
        for service in SERVICES:
            config = manifests.one("ConfigMap", service)["data"]["service.toml"]
            with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
                file.write(config)
                file.flush()
                # Reads its settings, complains of all that is wrong with them, and then finds
                # nobody at its address.
                done = subprocess.run([programs / service, "healthcheck", "--config", file.name],
                                      capture_output=True, text=True, check=False)
            read += 1
            if "the settings are not usable" in done.stderr:
                found.append(f"{title}: {service}: {done.stderr.strip()}")
    say(f"{read} settings files are taken by the services that will read them", found)
    if url := os.environ.get("DATABASE_URL"):
        found = databases.check(url, root / "k8s", rendered["city-pilot"], programs)
        say("5 databases as CloudNativePG prepares them are migrated, and watched by who may", found)
    else:
        print("  – no DATABASE_URL: no database was prepared and migrated")


def main() -> int:
    root, packaged, program, programs = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4])
    charts, known, began = root / "charts", defaults(root), time.monotonic()
    print(f"  Helm {helm_python.helm_sdk_version()} and {program_version(program)}")
    with tempfile.TemporaryDirectory() as folder:
        chart = stage(charts, Path(folder))
        rendered = render(chart, packaged, program, known)
        validate([document for documents in rendered.values() for document in documents], root / "k8s")
        refuse(chart, program)
    mutate(charts, known)
    judge_cluster(root, rendered, known)
    run(rendered, root, programs)
    kinds = Counter(document["kind"] for document in rendered["province"])
    print(f"  province: {', '.join(f'{count} {kind}' for kind, count in sorted(kinds.items()))}")
    print(f"  {time.monotonic() - began:.1f} s, {len(BREACHES)} faults")
    return 1 if BREACHES else 0


def program_version(program: str) -> str:
    done = subprocess.run([program, "version", "--short"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
