"""What must hold of everything that is rendered. Each rule yields one sentence per breach."""

import re
from collections.abc import Iterator

from manifests import Manifests, name_of, selects

RULES = {}


def rule(function):
    RULES[function.__name__] = function
    return function


# ── What a pod may do ────────────────────────────────────────────────────────

VOLUMES = {"configMap", "secret", "projected", "emptyDir", "persistentVolumeClaim"}


@rule
def restricted(m: Manifests) -> Iterator[str]:
    """Pod Security `restricted`."""
    for where, template in m.pods():
        spec = template["spec"]
        security = spec.get("securityContext", {})
        if security.get("runAsNonRoot") is not True or not security.get("runAsUser", 0) > 0:
            yield f"{where}: runs as a user that may be root"
        if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{where}: any system call may be made"
        for key in ("hostNetwork", "hostPID", "hostIPC"):
            if spec.get(key):
                yield f"{where}: {key}"
        for volume in spec.get("volumes", []):
            if not set(volume) - {"name"} <= VOLUMES:
                yield f"{where}: volume {volume['name']} is none of {sorted(VOLUMES)}"
        for container in containers(spec):
            own = container.get("securityContext", {})
            if own.get("allowPrivilegeEscalation") is not False or own.get("privileged"):
                yield f"{where}: {container['name']} may gain privileges"
            if own.get("capabilities") != {"drop": ["ALL"]}:
                yield f"{where}: {container['name']} keeps capabilities"
            if own.get("runAsNonRoot") is False or own.get("runAsUser", 1) == 0:
                yield f"{where}: {container['name']} runs as root"
            if any("hostPort" in port for port in container.get("ports", [])):
                yield f"{where}: {container['name']} takes a port of the node"


@rule
def read_only(m: Manifests) -> Iterator[str]:
    for where, template in m.pods():
        for container in containers(template["spec"]):
            if container.get("securityContext", {}).get("readOnlyRootFilesystem") is not True:
                yield f"{where}: {container['name']} can write to its own image"


@rule
def no_token(m: Manifests) -> Iterator[str]:
    """No pod can speak to the API server, and nothing is granted to any."""
    for where, template in m.pods():
        spec = template["spec"]
        if spec.get("automountServiceAccountToken") is not False:
            yield f"{where}: is given a token"
        if not m.one("ServiceAccount", spec.get("serviceAccountName", "default")):
            yield f"{where}: has no account of its own"
    for account in m.of("ServiceAccount"):
        if account.get("automountServiceAccountToken") is not False:
            yield f"{name_of(account)}: gives tokens away"
    for grant in m.of("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"):
        yield f"{name_of(grant)}: no service needs the API server"


@rule
def requests_and_limits(m: Manifests) -> Iterator[str]:
    for where, template in m.pods():
        for container in containers(template["spec"]):
            for kind in ("requests", "limits"):
                missing = {"cpu", "memory"} - set(container.get("resources", {}).get(kind, {}))
                if missing:
                    yield f"{where}: {container['name']} has no {kind} of {sorted(missing)}"


def containers(spec: dict) -> list[dict]:
    return spec.get("initContainers", []) + spec["containers"]


# ── Coming and going ─────────────────────────────────────────────────────────


@rule
def probes(m: Manifests) -> Iterator[str]:
    """Each is there, and asks where the service really answers."""
    for service, _, container in m.deployments():
        settings = m.settings(service)
        doors = {port["name"]: port["containerPort"] for port in container.get("ports", [])}
        for door, section in (("grpc", "server"), ("http", "http")):
            listen = settings.get(section, {}).get("listen")
            if listen and doors.get(door) != int(listen.rpartition(":")[2]):
                yield f"{service}: listens on {listen}, and port {door} is {doors.get(door)}"
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            asked = container.get(probe, {})
            grpc, http = asked.get("grpc", {}), asked.get("httpGet", {})
            at_grpc = grpc.get("port") == doors.get("grpc") and grpc.get("service", "") == ""
            at_http = http.get("path") == "/healthz" and http.get("port") == "http" in doors
            if not (at_grpc or at_http):
                yield f"{service}: {probe} asks nobody"
        start = container.get("startupProbe", {})
        patience = start.get("failureThreshold", 3) * start.get("periodSeconds", 10)
        if patience < 300:
            yield f"{service}: a start is given up after {patience} s, and may wait for its schema"


@rule
def leaves_politely(m: Manifests) -> Iterator[str]:
    """Out of the addresses, then drained, then closed (5 s), and 5 s to spare before the kill."""
    for service, document, container in m.deployments():
        settings = m.settings(service)
        drain = settings.get("server", {}).get("drain") or m.defaults[service]["server"]["drain"]
        if not re.fullmatch(r"\d+s", drain):
            yield f"{service}: server.drain is {drain!r}"
            continue
        action = container.get("lifecycle", {}).get("preStop", {})
        leaving = action.get("sleep", {}).get("seconds", 0)
        if leaving < 5:
            yield f"{service}: stops while callers still have its address"
        grace = document["spec"]["template"]["spec"].get("terminationGracePeriodSeconds", 30)
        if grace < leaving + int(drain[:-1]) + 5 + 5:
            yield f"{service}: is killed after {grace} s, before it can have drained"


@rule
def rolls(m: Manifests) -> Iterator[str]:
    """A new pod before an old one goes; never two away at once; replicas apart."""
    for service, document, _ in m.deployments():
        labels = document["spec"]["template"]["metadata"]["labels"]
        rolling = document["spec"].get("strategy", {}).get("rollingUpdate", {})
        if rolling.get("maxUnavailable") != 0 or not rolling.get("maxSurge"):
            yield f"{service}: an upgrade takes a pod away before there is a new one"
        budgets = [b for b in m.of("PodDisruptionBudget") if selects(b["spec"]["selector"], labels)]
        if len(budgets) != 1 or budgets[0]["spec"].get("maxUnavailable") != 1:
            yield f"{service}: no budget that keeps all but one"
        spread = document["spec"]["template"]["spec"].get("topologySpreadConstraints", [])
        apart = {s["topologyKey"] for s in spread if selects(s["labelSelector"], labels)}
        if not {"topology.kubernetes.io/zone", "kubernetes.io/hostname"} <= apart:
            yield f"{service}: its replicas may all be on one node or in one zone"
        scalers = [s for s in m.of("HorizontalPodAutoscaler")
                   if s["spec"]["scaleTargetRef"]["name"] == service]
        fixed = document["spec"].get("replicas")
        if len(scalers) != (fixed is None):
            yield f"{service}: either so many replicas or an autoscaler, and one of the two"
        least = fixed if fixed is not None else min(s["spec"]["minReplicas"] for s in scalers)
        if m.settings(service).get("service", {}).get("mode") == "production" and least < 2:
            yield f"{service}: {least} replica in production"
        template = document["spec"]["template"]["metadata"]
        if not template.get("annotations", {}).get("luban/settings"):
            yield f"{service}: changed settings start no new pods"


@rule
def migrates_first(m: Manifests) -> Iterator[str]:
    """One job per service, before the release, with all it needs in place, by the same image."""
    for service, _, container in m.deployments():
        job = m.one("Job", f"{service}-migrate")
        if job is None or hook(job) is None:
            yield f"{service}: nothing migrates before its pods start"
            continue
        spec = job["spec"]["template"]["spec"]
        does = spec["containers"][0]
        if does["image"] != container["image"] or does["command"] != container["command"]:
            yield f"{service}: another image migrates than serves"
        if does["args"][:1] != ["migrate"] or container["args"][:1] != ["serve"]:
            yield f"{service}: the job does not migrate, or the pod does not serve"
        needed = [m.one("ServiceAccount", spec.get("serviceAccountName"))]
        needed += [m.one("ConfigMap", v["configMap"]["name"]) for v in spec["volumes"] if "configMap" in v]
        labels = job["spec"]["template"]["metadata"]["labels"]
        needed += [p for p in m.of("NetworkPolicy") if selects(p["spec"]["podSelector"], labels)]
        for resource in needed:
            if resource is None or hook(resource) is None or hook(resource) >= hook(job):
                yield f"{service}: {resource and name_of(resource)} comes after the job that needs it"
        if m.settings(service) != m.settings(f"{service}-migrate"):
            yield f"{service}: the job is told other settings"


def hook(document: dict) -> int | None:
    """The weight among what comes before install and upgrade."""
    annotations = document["metadata"].get("annotations", {})
    before = set(annotations.get("helm.sh/hook", "").split(","))
    both = {"pre-install", "pre-upgrade"} <= before
    return int(annotations.get("helm.sh/hook-weight", "0")) if both else None
