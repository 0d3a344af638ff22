"""The services' own `migrate`, as the job runs it, on databases as CloudNativePG prepares them; then
what monitoring may read of them. Needs the programs and a server of PostgreSQL to make databases on."""

import os
import subprocess
import tempfile
from pathlib import Path

import yaml

from manifests import SERVICES, Manifests

PASSWORD = "only-for-this-check"


class Server:
    def __init__(self, url: str):
        self.base, _, _ = url.rpartition("/")
        self.host = self.base.rpartition("@")[2]

    def sql(self, database: str, *statements: str) -> str:
        """Raises CalledProcessError with what the server says."""
        commands = [part for statement in statements for part in ("-c", statement)]
        done = subprocess.run(["psql", "-X", "-qAt", "-v", "ON_ERROR_STOP=1", f"{self.base}/{database}", *commands],
                              capture_output=True, text=True, check=True)
        return done.stdout

    def is_there(self, start: dict) -> bool:
        """Somebody's own: a database or a role of that name is neither used nor removed."""
        found = self.sql("postgres", f"""
            select datname from pg_database where datname = '{start["database"]}' union all
            select rolname from pg_roles where rolname in ('{start["owner"]}', '{start["database"]}_runtime')""")
        return bool(found.strip())

    def prepare(self, start: dict) -> None:
        """What the operator does first, and then by `postInitApplicationSQL`."""
        name, owner = start["database"], start["owner"]
        self.sql("postgres", f"create role {owner} login password '{PASSWORD}'")
        self.sql("postgres", f"create database {name} owner {owner}")
        self.sql(name, *start["postInitApplicationSQL"])
        self.sql(name, f"alter role {name}_runtime password '{PASSWORD}'")

    def remove(self, start: dict) -> None:
        self.sql("postgres", f"drop database if exists {start['database']}")
        self.sql("postgres", f"drop role if exists {start['owner']}, {start['database']}_runtime")


def migrated(server: Server, program: Path, start: dict, settings: str) -> list[str]:
    """By the program, with the settings as rendered; only the files of addresses lie elsewhere."""
    with tempfile.TemporaryDirectory() as name:
        folder, variables = Path(name), {"LUBAN__TELEMETRY__OTLP_ENDPOINT": ""}
        for role, key in (("runtime", "URL_FILE"), ("owner", "OWNER_URL_FILE")):
            file = folder / f"{role}.url"
            file.touch(mode=0o600)
            file.write_text(f"postgres://{start['database']}_{role}:{PASSWORD}@{server.host}/{start['database']}")
            variables[f"LUBAN__DATABASE__{key}"] = str(file)
        (folder / "service.toml").write_text(settings)
        done = subprocess.run([program, "migrate", "--config", folder / "service.toml"], capture_output=True, text=True,
                              check=False, env={**os.environ, **variables})
    return [f"{program.name} migrate: {done.stdout[-300:]}{done.stderr[-300:]}"] if done.returncode else []


def watched(server: Server, database: str, queries: dict) -> list[str]:
    """As the exporter asks: read-only, as a member of pg_monitor. Its metrics are the columns."""
    found = []
    for name, query in queries.items():
        columns = [next(iter(metric)) for metric in query["metrics"]]
        wanted = f"select {', '.join(columns)} from ({query['query']}) as told"
        try:
            server.sql(database, "begin read only", "set local role pg_monitor", wanted)
        except subprocess.CalledProcessError as error:
            found.append(f"{database}: {name}: {error.stderr.strip()}")
    readable = server.sql(database, """
        select format('%I.%I', nspname, relname) from pg_class join pg_namespace n on n.oid = relnamespace
         where nspname in ('platform', 'public') and relkind in ('r', 'p', 'v', 'm')
           and has_any_column_privilege('pg_monitor', pg_class.oid, 'select') order by 1""").split()
    if readable != ["platform.inbox_state", "platform.relay_state"]:
        found.append(f"{database}: monitoring may read {readable}")
    return found


def check(url: str, k8s: Path, documents: list[dict], programs: Path) -> list[str]:
    server, manifests, found = Server(url), Manifests(documents, {}), []
    clusters = yaml.safe_load_all((k8s / "postgres/clusters.yaml").read_text())
    starts = {d["metadata"]["name"]: d["spec"]["bootstrap"]["initdb"] for d in clusters if d["kind"] == "Cluster"}
    queries = yaml.safe_load(yaml.safe_load((k8s / "postgres/queries.yaml").read_text())["data"]["queries.yaml"])
    for service in SERVICES:
        start = starts[f"{service}-db"]
        settings = manifests.one("ConfigMap", f"{service}-migrate")["data"]["service.toml"]
        if server.is_there(start):
            found.append(f"{start['database']} is on this server already; give DATABASE_URL of an empty one")
            continue
        try:
            server.prepare(start)
            found += migrated(server, programs / service, start, settings)
            found += watched(server, start["database"], queries)
        except subprocess.CalledProcessError as error:
            found.append(f"{service}: {error.stderr.strip()}")
        finally:
            server.remove(start)
    return found
