"""Makes every secret that the platform needs on Kubernetes; ./scripts/secrets runs it.

usage: main.py FOLDER

FOLDER keeps one value per file, like .local/secrets, and belongs into a safe. What is there stays as
it is; what is missing is made. Then FOLDER/manifests/*.yaml are written: one file per namespace, for
`kubectl apply`. Tokens of services come from the province's issuer and are put into
FOLDER/tokens/<service>.jwt by whoever gets them.
"""

import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

import identities
import yaml

SERVICES = ["registry", "review", "exam-scheduling", "results", "certificate-query"]
KEYS = {"registry": ["kek", "index"], "review": ["kek"], "exam-scheduling": ["kek", "index"],
        "results": ["kek", "index"], "certificate-query": []}
PLATFORM, DATA, BUS = "luban", "luban-data", "luban-nats"


def kept(path: Path, make: Callable[[], str]) -> str:
    """The value in a file; made when there is none, readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = path.with_name(path.name + ".new")
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(make())
        unfinished.rename(path)
    return path.read_text().strip()


def secret(namespace: str, name: str, content: dict, **more) -> dict:
    return {"apiVersion": "v1", "kind": "Secret",
            "metadata": {"name": name, "namespace": namespace, "labels": more.pop("labels", {})},
            "stringData": content, **more}


def database(folder: Path, service: str) -> list[dict]:
    """A password per role; the same in the database's namespace and in the service's address."""
    name, made = service.replace("-", "_"), []
    host = f"{service}-db-rw.{DATA}.svc"
    # Verified: the name, and who signed it (the cluster's own authority, copied as <service>-db-ca).
    options = "sslmode=verify-full&sslrootcert=/etc/luban/secrets/database-ca.crt"
    for role, ours in (("runtime", f"{service}-database"), ("owner", f"{service}-database-owner")):
        user = f"{name}_{role}"
        password = kept(folder / "passwords" / user, lambda: secrets.token_hex(24))
        made.append(secret(DATA, f"{service}-db-{role}", {"username": user, "password": password},
                           type="kubernetes.io/basic-auth", labels={"cnpg.io/reload": "true"}))
        address = f"postgres://{user}:{password}@{host}:5432/{name}"
        made.append(secret(PLATFORM, ours, {"url": f"{address}?{options}"}))
    return made


def keys(folder: Path, service: str) -> list[dict]:
    """Each kind a Secret with one entry per key, so that a new one is an entry more."""
    made = []
    for kind in KEYS[service]:
        place = folder / "keys" / service / kind
        if not list(place.glob("*.key")):
            kept(place / "k0001.key", lambda: secrets.token_hex(32))
        content = {file.name: file.read_text().strip() for file in sorted(place.glob("*.key"))}
        made.append(secret(PLATFORM, f"{service}-{kind}", content))
    return made


def bus(folder: Path) -> list[dict]:
    def seed(name: str, kind: str) -> str:
        return kept(folder / "nats" / f"{name}.nk", lambda: identities.new_seed(kind))

    operator, system, account = seed("operator", "operator"), seed("system", "account"), seed("luban", "account")
    accounts = {identities.public(system): identities.account_token(operator, system, "SYS", with_streams=False),
                identities.public(account): identities.account_token(operator, account, "LUBAN", with_streams=True)}
    trusted = identities.operator_token(operator, identities.public(system))
    made = [secret(BUS, "nats-accounts",
                   {"accounts.conf": identities.servers_config(trusted, accounts, identities.public(system))})]
    for service in SERVICES:
        user = seed(service, "user")
        token = identities.user_token(account, user, service, identities.permissions(service))
        made.append(secret(PLATFORM, f"{service}-nats", {"user.creds": identities.credentials(token, user)}))
    # For people with the `nats` program: all of the account, and the servers themselves.
    for name, signer in (("operations", account), ("servers", system)):
        user = seed(name, "user")
        creds = identities.credentials(identities.user_token(signer, user, name, {"pub": {}, "sub": {}}), user)
        made.append(secret(BUS, f"nats-{name}", {"user.creds": creds}))
    return made


def tokens(folder: Path) -> tuple[list[dict], list[str]]:
    made, missing = [], []
    for service in SERVICES:
        file = folder / "tokens" / f"{service}.jwt"
        if file.exists():
            made.append(secret(PLATFORM, f"{service}-token", {"token.jwt": file.read_text().strip()}))
        else:
            missing.append(service)
    return made, missing


def main() -> None:
    folder = Path(sys.argv[1])
    made = bus(folder)
    for service in SERVICES:
        made += database(folder, service) + keys(folder, service)
    given, missing = tokens(folder)
    made += given
    for namespace in (PLATFORM, DATA, BUS):
        documents = [document for document in made if document["metadata"]["namespace"] == namespace]
        file = folder / "manifests" / f"{namespace}.yaml"
        file.unlink(missing_ok=True)
        kept(file, lambda content=documents: yaml.safe_dump_all(content, sort_keys=False))
        print(f"{len(documents):3} secrets  {file}")
    if missing:
        print(f"still to come from the issuer of tokens: {', '.join(f'tokens/{name}.jwt' for name in missing)}")


if __name__ == "__main__":
    main()
