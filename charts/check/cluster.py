"""What must hold of k8s/, by itself and together with the charts. Each rule yields a sentence per
breach. Pods are held to the charts' own rules as well."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from manifests import SERVICES, Manifests, name_of
from rules import RULES as POD_RULES
from rules_between import is_named, secrets_of

NAMESPACES = {"luban", "luban-data", "luban-nats", "luban-telemetry"}
RULES = {}


def rule(function):
    RULES[function.__name__] = function
    return function


@dataclass
class Cluster:
    """The files of k8s/, what they hold, and what the charts render for the largest values."""

    folder: Path
    all: list[dict]
    charts: Manifests
    made_secrets: set[str]
    follows: dict[str, set[tuple[str, str]]]  # as the users of NATS are made
    followed: dict[str, set[tuple[str, str]]]  # as the services' source has it

    def of(self, *kinds: str) -> list[dict]:
        return [document for document in self.all if document["kind"] in kinds]

    def text(self, path: str) -> str:
        return (self.folder / path).read_text()


def read(folder: Path) -> list[dict]:
    files = sorted(folder.rglob("*.yaml"))
    return [document for file in files for document in yaml.safe_load_all(file.read_text()) if document]


@rule
def pods(c: Cluster) -> Iterator[str]:
    """As restricted as the services' own."""
    everything = Manifests(c.all, {})
    for name in ("restricted", "read_only", "no_token", "requests_and_limits"):
        yield from POD_RULES[name](everything)
    for where, template in everything.pods():
        for container in template["spec"]["containers"]:
            if not re.search(r":\d[\w.-]*$", container["image"]):
                yield f"{where}: which version of {container['image']}?"


@rule
def namespaces(c: Cluster) -> Iterator[str]:
    """Restricted, and silent until something is named."""
    found = {document["metadata"]["name"]: document for document in c.of("Namespace")}
    for name in NAMESPACES | set(found):
        labels = found.get(name, {}).get("metadata", {}).get("labels", {})
        if labels.get("pod-security.kubernetes.io/enforce") != "restricted":
            yield f"{name}: pods may do what they like"
        silent = [p for p in c.of("NetworkPolicy") if p["metadata"]["namespace"] == name
                  and p["spec"]["podSelector"] == {} and set(p["spec"]["policyTypes"]) == {"Ingress", "Egress"}
                  and not p["spec"].get("ingress") and not p["spec"].get("egress")]
        if len(silent) != 1:
            yield f"{name}: what nobody named may talk"
    for document in c.all:
        inside = document["metadata"].get("namespace")
        if document["kind"] != "Namespace" and inside not in NAMESPACES:
            yield f"{name_of(document)}: in namespace {inside}"


@rule
def ways_named(c: Cluster) -> Iterator[str]:
    for policy in c.of("NetworkPolicy"):
        ways = [(way, "from") for way in policy["spec"].get("ingress", [])]
        ways += [(way, "to") for way in policy["spec"].get("egress", [])]
        for way, key in ways:
            peers_named = way.get(key) and all(is_named(peer) for peer in way[key])
            ports_named = way.get("ports") and all(port.get("port") for port in way["ports"])
            if not (peers_named and ports_named):
                yield f"{name_of(policy)}: {key} anybody or anywhere: {json.dumps(way)}"


@rule
def broker(c: Cluster) -> Iterator[str]:
    """Three servers that keep what they acknowledged, and know their users by signature."""
    server = next(d for d in c.of("StatefulSet") if d["metadata"]["name"] == "nats")
    conf = next(d for d in c.of("ConfigMap") if d["metadata"]["name"] == "nats")["data"]["nats.conf"]
    if server["spec"]["replicas"] != 3:
        yield "nats: not three servers"
    apart = {s["topologyKey"]: s["whenUnsatisfiable"]
             for s in server["spec"]["template"]["spec"]["topologySpreadConstraints"]}
    if apart.get("kubernetes.io/hostname") != "DoNotSchedule":
        yield "nats: two servers may share a node"
    image = server["spec"]["template"]["spec"]["containers"][0]["image"]
    version = re.search(r":(\d+)\.(\d+)", image)
    if not version or (int(version[1]), int(version[2])) < (2, 12):
        yield f"nats: {image} is older than 2.12"
    for needed in (r"sync_interval: always\n", r"include ./accounts.conf\n", r"store_dir: /data\n"):
        if not re.search(needed, conf):
            yield f"nats.conf: no {needed.strip()!r}"
    if re.search(r"\b(users|password|token|no_auth_user)\b", conf):
        yield "nats.conf: a user beside those the account signed"
    routes = set(re.findall(r"nats-route://(nats-\d)\.nats\.luban-nats\.svc:6222", conf))
    if routes != {"nats-0", "nats-1", "nats-2"}:
        yield f"nats.conf: routes to {sorted(routes)}"
    store = int(re.search(r"max_file_store: (\d+)Gi", conf)[1]) * 2**30
    streams = [c.charts.settings(s)["nats"].get("stream_bytes", 10**9)
               for s in SERVICES if s != "certificate-query"]
    if sum(streams) > store:
        yield f"nats.conf: {store} bytes of store for streams of {sum(streams)}"


@rule
def users(c: Cluster) -> Iterator[str]:
    """Who follows whom by right is who follows whom in the source."""
    for service in SERVICES:
        for owner, kind in c.followed[service] - c.follows[service]:
            yield f"{service}: follows {kind} of {owner}, and its user of NATS may not"
        for owner, kind in c.follows[service] - c.followed[service]:
            yield f"{service}: its user of NATS may follow {kind} of {owner}, for which it has no use"


@rule
def databases(c: Cluster) -> Iterator[str]:
    """One each, alike, three instances, no commit that only one has, backups, and its own caller."""
    clusters = {d["metadata"]["name"]: d["spec"] for d in c.of("Cluster")}
    if set(clusters) != {f"{service}-db" for service in SERVICES}:
        yield f"databases: {sorted(clusters)}"
    shapes = {re.sub(r"\d+Gi|" + service + "|" + service.replace("-", "_"), "…", json.dumps(clusters[f"{service}-db"]))
              for service in SERVICES if f"{service}-db" in clusters}
    if len(shapes) != 1:
        yield "databases: they differ in more than names and sizes"
    for name, spec in clusters.items():
        durable = spec["postgresql"].get("synchronous", {})
        if spec["instances"] != 3 or durable.get("dataDurability") != "required" or not durable.get("failoverQuorum"):
            yield f"{name}: may forget what was committed"
        start = spec["bootstrap"]["initdb"]
        if not start.get("dataChecksums") or spec.get("enableSuperuserAccess") is not False:
            yield f"{name}: without checksums, or with a superuser"
        if not any(role["name"] == f"{start['database']}_runtime" for role in spec["managed"]["roles"]):
            yield f"{name}: nobody but the owner can log in"
        if not any(plugin.get("isWALArchiver") for plugin in spec.get("plugins", [])):
            yield f"{name}: its log is not archived"
        if not any(b["spec"]["cluster"]["name"] == name for b in c.of("ScheduledBackup")):
            yield f"{name}: no backups"
        service = name.removesuffix("-db")
        own = [p for p in c.of("NetworkPolicy") if p["metadata"]["name"] == name]
        callers = {value for p in own for way in p["spec"]["ingress"] for peer in way["from"]
                   if "namespaceSelector" in peer
                   for e in peer["podSelector"].get("matchExpressions", []) for value in e["values"]}
        if callers != {service, f"{service}-migrate"}:
            yield f"{name}: may be called by {sorted(callers)}"


@rule
def secrets(c: Cluster) -> Iterator[str]:
    """Each Secret that a pod or a database names is made by scripts/secrets, or told to be copied."""
    named = {name for _, template in c.charts.pods() for name in secrets_of(template["spec"])}
    for document in c.of("Cluster"):
        named.add(document["spec"]["bootstrap"]["initdb"]["secret"]["name"])
        named |= {role["passwordSecret"]["name"] for role in document["spec"]["managed"]["roles"]}
    elsewhere = {f"{service}-{what}" for service in SERVICES for what in ("token", "db-ca")}
    for name in named - c.made_secrets - elsewhere:
        yield f"Secret/{name}: nobody makes it"
    for where, template in c.charts.pods():
        service = template["spec"]["containers"][0]["name"]
        # The addresses that scripts/secrets writes name it as a file.
        if f"{service}-db-ca" not in secrets_of(template["spec"]):
            yield f"{where}: cannot tell its database from another that says so"


KNOWN = re.compile(
    r"luban_(calls_total|duration_seconds_bucket)|cnpg_luban_\w+|cnpg_collector_sync_replicas"
    r"|cnpg_pg_stat_archiver_seconds_since_last_archival|cnpg_pg_replication_in_recovery"
    r"|barman_cloud_cloudnative_pg_io_last_available_backup_timestamp"
    r"|jetstream_(consumer_num_pending|stream_total_bytes)|up"
    r"|kube_(deployment|job|horizontalpodautoscaler)_\w+|kubelet_volume_stats_\w+")
WORDS = {"sum", "by", "max", "rate", "count", "on", "and", "histogram_quantile", "topk", "time", "le"}


@rule
def watching(c: Cluster) -> Iterator[str]:
    """Alerts have a runbook entry; they and the dashboards ask for metrics that somebody tells."""
    guide, told = c.text("README.md"), c.text("postgres/queries.yaml")
    asked = []
    for document in c.of("PrometheusRule"):
        for alert in (alert for group in document["spec"]["groups"] for alert in group["rules"]):
            asked.append((alert["alert"], alert["expr"]))
            if f"\n### {alert['alert']}\n" not in guide or not alert["annotations"]["runbook"].endswith(
                    f"#{alert['alert'].lower()}"):
                yield f"{alert['alert']}: the runbook does not say what to do"
    for document in (d for d in c.of("ConfigMap") if "grafana_dashboard" in d["metadata"].get("labels", {})):
        for panel in (p for text in document["data"].values() for p in json.loads(text)["panels"]):
            asked += [(panel["title"], target["expr"]) for target in panel["targets"]]
    for who, expression in asked:
        plain = re.sub(r"\{[^}]*\}|\[[^]]*\]|by \([^)]*\)|on \([^)]*\)|\"[^\"]*\"", " ", expression)
        for metric in set(re.findall(r"[a-z][a-z_]+", plain)) - WORDS:
            ours = metric.startswith("cnpg_luban_")
            column = metric.removeprefix("cnpg_luban_relay_").removeprefix("cnpg_luban_inbox_")
            if not KNOWN.fullmatch(metric) or (ours and f"- {column}: " not in told):
                yield f"{who}: nobody tells {metric}"


@rule
def doors(c: Cluster) -> Iterator[str]:
    """Every route leads to a port that is served; the public ones have all their limits."""
    served = {(d["metadata"]["name"], port["port"]) for d in c.charts.of("Service") for port in d["spec"]["ports"]}
    limits = {d["metadata"]["name"] for d in c.of("Middleware")}
    for document in c.of("IngressRoute"):
        if not document["spec"].get("tls", {}).get("secretName"):
            yield f"{name_of(document)}: without TLS"
        for route in document["spec"]["routes"]:
            for to in route["services"]:
                if (to["name"], to["port"]) not in served:
                    yield f"{name_of(document)}: {to['name']}:{to['port']} is not served"
            held = {middleware["name"] for middleware in route.get("middlewares", [])}
            if held - limits:
                yield f"{name_of(document)}: no such limit: {sorted(held - limits)}"
            needed = limits if document["metadata"]["name"] == "public" else set()
            if needed - held:
                yield f"{name_of(document)}: {route['match']} is without {sorted(needed - held)}"
