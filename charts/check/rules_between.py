"""Rules about what things have to do with each other: network, secrets, settings, images."""

import ipaddress
import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from manifests import Manifests, leaves, name_of, selects
from rules import containers, rule

# ── Network ──────────────────────────────────────────────────────────────────


@rule
def everything_named(m: Manifests) -> Iterator[str]:
    """Every pod has exactly one policy for both ways, and each way in or out names who and where."""
    policies = m.of("NetworkPolicy")
    for where, template in m.pods():
        labels = template["metadata"]["labels"]
        own = [p for p in policies if selects(p["spec"]["podSelector"], labels)]
        if len(own) != 1:
            yield f"{where}: {len(own)} network policies"
    for policy in policies:
        spec = policy["spec"]
        if set(spec.get("policyTypes", [])) != {"Ingress", "Egress"}:
            yield f"{name_of(policy)}: leaves one way open"
        ways = [(way, "from") for way in spec.get("ingress", [])]
        ways += [(way, "to") for way in spec.get("egress", [])]
        for way, key in ways:
            if not way.get(key) or not all(is_named(peer) for peer in way[key]):
                yield f"{name_of(policy)}: {key} anybody: {json.dumps(way)}"
            if not way.get("ports") or not all(port.get("port") for port in way["ports"]):
                yield f"{name_of(policy)}: {key} any port: {json.dumps(way)}"


def is_named(peer: dict) -> bool:
    if "ipBlock" in peer:
        return ipaddress.ip_network(peer["ipBlock"]["cidr"]).prefixlen >= 8
    pods = peer.get("podSelector", {})
    named_pods = bool(pods.get("matchLabels") or pods.get("matchExpressions"))
    namespace = peer.get("namespaceSelector")
    return named_pods and (namespace is None or bool(namespace.get("matchLabels")))


@rule
def what_is_called_is_let_through(m: Manifests) -> Iterator[str]:
    """Each address in the settings can be reached, from both ends; and nothing else of ours."""
    for service, document, _ in m.deployments():
        policy = m.one("NetworkPolicy", service)
        settings = m.settings(service)
        neighbours = settings.get("neighbours", {})
        addresses = [a for listed in neighbours.values() for a in listed] + settings["nats"]["url"]
        addresses += [settings["telemetry"]["otlp_endpoint"], settings["access"]["jwks_url"]]
        out = {port["port"] for way in policy["spec"]["egress"] for port in way.get("ports", [])}
        asked = {urlsplit(address).port for address in addresses if address}
        for port in asked - out:
            yield f"{service}: calls port {port}, which the network does not let out"
        if not {53, 5432} <= out:
            yield f"{service}: finds no names or no database"
        for name in (key.replace("_", "-") for key in neighbours):
            target = m.one("Deployment", name)
            labels = document["spec"]["template"]["metadata"]["labels"]
            if target and not any(
                selects(peer.get("podSelector"), labels) and "namespaceSelector" not in peer
                for way in m.one("NetworkPolicy", name)["spec"]["ingress"] for peer in way.get("from", [])
            ):
                yield f"{name}: does not let {service} in"
        ours = {peer["podSelector"].get("matchLabels", {}).get("app.kubernetes.io/name")
                for way in policy["spec"]["egress"] for peer in way.get("to", [])
                if "namespaceSelector" not in peer and "podSelector" in peer}
        for extra in ours - {key.replace("_", "-") for key in neighbours}:
            yield f"{service}: may call {extra}, which it has no reason to"


@rule
def addresses(m: Manifests) -> Iterator[str]:
    """gRPC under a headless name that finds ready pods, on the port that neighbours are told."""
    for service, document, container in m.deployments():
        labels = document["spec"]["template"]["metadata"]["labels"]
        if not selects(document["spec"]["selector"], labels):
            yield f"{service}: the deployment does not find its own pods"
        found = m.one("Service", service)
        if found is None or not selects({"matchLabels": found["spec"].get("selector")}, labels):
            yield f"{service}: has no name"
            continue
        if found["spec"].get("clusterIP") != "None" or found["spec"].get("publishNotReadyAddresses"):
            yield f"{service}: its name hides the replicas, or shows those that are not ready"
        for other in m.of("Service"):
            if selects({"matchLabels": other["spec"].get("selector")}, labels):
                doors = {port["name"] for port in container.get("ports", [])}
                lost = {port["targetPort"] for port in other["spec"]["ports"]} - doors
                if lost:
                    yield f"{name_of(other)}: leads to {sorted(lost)}, where nobody listens"
        served = {port["port"] for port in found["spec"]["ports"]}
        for caller, _, _ in m.deployments():
            for address in m.settings(caller).get("neighbours", {}).get(service.replace("-", "_"), []):
                parts = urlsplit(address)
                if parts.hostname != service or parts.port not in served:
                    yield f"{caller}: looks for {service} at {address}"


# ── Secrets ──────────────────────────────────────────────────────────────────

LOOKS_SECRET = {
    "a password in an address": r"://[^/\s:@]+:[^/\s@]+@",
    "a private key": r"PRIVATE KEY",
    "a seed of NATS": r"\bS[UAOC][A-Z2-7]{56}\b",
    "a token": r"\beyJ[\w-]{8,}\.[\w-]{8,}\.",
    "a key": r"(?<![0-9a-fA-F:])[0-9a-fA-F]{64}(?![0-9a-fA-F])",
}


@rule
def no_secret_in_the_open(m: Manifests) -> Iterator[str]:
    for document in m.of("ConfigMap"):
        for what, pattern in LOOKS_SECRET.items():
            if re.search(pattern, json.dumps(document.get("data", {}))):
                yield f"{name_of(document)}: holds {what}"
    for document in m.of("Secret"):
        yield f"{name_of(document)}: a chart keeps no secrets, it names them"
    for where, template in m.pods():
        for container in containers(template["spec"]):
            if container.get("env") or container.get("envFrom"):
                yield f"{where}: {container['name']} is told something by its environment"


@rule
def secrets_are_theirs(m: Manifests) -> Iterator[str]:
    """Each file the settings name is mounted, for the group alone; the owner's for the job alone."""
    for where, template in m.pods():
        spec = template["spec"]
        container = spec["containers"][0]
        mounts = {mount["mountPath"]: mount for mount in container.get("volumeMounts", [])}
        service = container["name"]
        for key in files_read(m.defaults[service], container["args"][0]):
            path = leaves(m.settings(service)).get(key, "")
            if not path:
                continue
            if not any(path.startswith(folder) or folder.startswith(path) for folder in mounts):
                yield f"{where}: {key} is {path}, and nothing is mounted there"
        for volume in spec["volumes"]:
            source = volume.get("secret") or volume.get("projected")
            if source and source.get("defaultMode", 0o644) & 0o027:
                yield f"{where}: {volume['name']} can be read by others; the service refuses it"
    owners = {v["secret"]["secretName"] for _, t in m.pods() for v in t["spec"]["volumes"]
              if v["name"] == "owner"}
    for where, template in m.pods():
        if where.startswith("Deployment/") and owners & secrets_of(template["spec"]):
            yield f"{where}: is given what only a migration may have"


def files_read(defaults: dict, command: str) -> list[str]:
    """Keys of settings that name a file or a folder."""
    if command == "migrate":
        return ["database.url_file", "database.owner_url_file"]
    named = [key for key in leaves(defaults) if key.endswith(("_file", ".directory"))]
    return [key for key in named if key != "database.owner_url_file"]


def secrets_of(spec: dict) -> set[str]:
    found = {v["secret"]["secretName"] for v in spec["volumes"] if "secret" in v}
    for volume in spec["volumes"]:
        sources = volume.get("projected", {}).get("sources", [])
        found |= {source["secret"]["name"] for source in sources if "secret" in source}
    return found


@rule
def one_database_each(m: Manifests) -> Iterator[str]:
    """Only the blind index's key is shared, by the two that must compute the same digests."""
    holders: dict[str, set[str]] = {}
    for _, template in m.pods():
        for secret in secrets_of(template["spec"]):
            holders.setdefault(secret, set()).add(template["spec"]["containers"][0]["name"])
    shared = {name: who for name, who in holders.items() if len(who) > 1}
    for name, who in shared.items():
        if who != {"results", "certificate-query"}:
            yield f"Secret/{name}: shared by {sorted(who)}"
    query = m.one("Deployment", "certificate-query")
    volumes = query["spec"]["template"]["spec"]["volumes"] if query else []
    if any(volume["name"] == "kek" for volume in volumes):
        yield "certificate-query: holds a key that decrypts"


# ── Settings and images ──────────────────────────────────────────────────────


@rule
def settings_are_known(m: Manifests) -> Iterator[str]:
    """Each key is one of the service's, of the same type; every neighbour it asks is there."""
    for service, _, container in m.deployments():
        if container["args"] != ["serve", "--config", "/etc/luban/config/service.toml"]:
            yield f"{service}: is started by {container['args']}"
        given, known = leaves(m.settings(service)), leaves(m.defaults[service])
        for key, value in given.items():
            if key.startswith("neighbours."):
                continue
            if key not in known:
                yield f"{service}: no such setting: {key}"
            elif type(value) is not type(known[key]):
                yield f"{service}: {key} is {value!r}, and its default {known[key]!r}"
        for key in known:
            if key.startswith("neighbours.") and not given.get(key):
                yield f"{service}: {key} is not set"
        for section in ("server", "http"):
            listen = m.settings(service).get(section, {}).get("listen", "0.0.0.0:1")
            if not listen.startswith(("0.0.0.0:", "[::]:")):
                yield f"{service}: {section}.listen is {listen}, where no other pod reaches it"


@rule
def images(m: Manifests) -> Iterator[str]:
    """A version always; a digest wins."""
    for where, template in m.pods():
        for container in containers(template["spec"]):
            image = container["image"]
            by_digest = re.search(r"@sha256:[0-9a-f]{64}$", image)
            if not by_digest and not re.search(r":[\w][\w.-]{0,127}$", image):
                yield f"{where}: which version of {image}?"
            if image.endswith(":latest") or image.endswith(":"):
                yield f"{where}: {image} is another one tomorrow"
            if m.by_digest and not by_digest:
                yield f"{where}: a digest was given, and {image} is taken"
            if container["name"] not in image:
                yield f"{where}: {image} is another service's"
