"""Identities of NATS: an operator, two accounts, and one user per service with what it may do.

An identity is a key pair (nkey) and a token that the one above signed: the operator signs accounts,
the account signs users. The servers know the operator and the accounts, and no passwords at all.
"""

import base64
import hashlib
import json
import os

import nkeys

# Whose facts each service follows, by kind of aggregate: (owner, kind). What is not here it can
# neither read nor acknowledge. `scripts/charts` compares this with the source.
FOLLOWS = {
    "registry": [("review", "application"), ("review", "consultation"), ("review", "measure"),
                 ("review", "inquiry"), ("results", "inquiry")],
    "review": [("registry", "organization"), ("registry", "reference"),
               ("exam-scheduling", "plan"), ("results", "certificate"), ("results", "batch")],
    "exam-scheduling": [("registry", "reference")],
    "results": [("exam-scheduling", "plan"), ("registry", "reference")],
    "certificate-query": [("results", "certificate"), ("results", "result")],
}
# Decides nothing, so it tells nothing.
WITHOUT_FACTS = {"certificate-query"}

KINDS = {"operator": nkeys.PREFIX_BYTE_OPERATOR, "account": nkeys.PREFIX_BYTE_ACCOUNT,
         "user": nkeys.PREFIX_BYTE_USER}


def new_seed(kind: str) -> str:
    return nkeys.encode_seed(os.urandom(32), KINDS[kind]).decode()


def public(seed: str) -> str:
    return nkeys.from_seed(seed.encode()).public_key.decode()


def permissions(service: str) -> dict:
    """What a service may publish and listen to; whatever is not named is denied."""
    publish, listen = [], ["_INBOX.>"]
    if service not in WITHOUT_FACTS:
        own = stream(service)
        publish += [f"luban.{token(service)}.>", f"watermark.{token(service)}"]
        publish += [f"$JS.API.STREAM.{verb}.{own}" for verb in ("INFO", "CREATE", "UPDATE")]
    for owner, kind in FOLLOWS[service]:
        consumer = f"{stream(owner)}.{service}-on-{owner}-{kind}"
        publish += [
            f"$JS.API.STREAM.INFO.{stream(owner)}",
            f"$JS.API.CONSUMER.INFO.{consumer}",
            # The subject goes on with what is to be followed; nobody can follow another's stream.
            f"$JS.API.CONSUMER.CREATE.{consumer}.luban.{token(owner)}.{kind}.>",
            f"$JS.API.CONSUMER.MSG.NEXT.{consumer}",
            f"$JS.ACK.{consumer}.>",
        ]
        listen.append(f"watermark.{token(owner)}")
    return {"pub": {"allow": sorted(set(publish))}, "sub": {"allow": sorted(set(listen))}}


def stream(service: str) -> str:
    return f"LUBAN_{token(service).upper()}"


def token(service: str) -> str:
    return service.replace("-", "_")


NO_LIMIT = {"subs": -1, "data": -1, "payload": -1}


def operator_token(seed: str, system_account: str) -> str:
    return sign(seed, public(seed), "luban", {"type": "operator", "system_account": system_account})


def account_token(operator: str, seed: str, name: str, with_streams: bool) -> str:
    limits = {**NO_LIMIT, "imports": -1, "exports": -1, "wildcards": True, "conn": -1, "leaf": -1}
    if with_streams:
        limits |= {"mem_storage": 0, "disk_storage": -1, "streams": -1, "consumer": -1}
    return sign(operator, public(seed), name, {"type": "account", "limits": limits})


def user_token(account: str, seed: str, name: str, allowed: dict) -> str:
    return sign(account, public(seed), name, {"type": "user", **NO_LIMIT, **allowed})


def credentials(user: str, seed: str) -> str:
    """A .creds file."""
    return (f"-----BEGIN NATS USER JWT-----\n{user}\n------END NATS USER JWT------\n\n"
            f"-----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n")


def sign(issuer: str, subject: str, name: str, nats: dict) -> str:
    """A token of version 2, the same one for the same content: made again, nothing changes."""
    claims = {"iat": 0, "iss": public(issuer), "name": name, "sub": subject, "nats": {**nats, "version": 2}}
    content = json.dumps(claims, sort_keys=True, separators=(",", ":")).encode()
    claims["jti"] = base64.b32encode(hashlib.sha256(content).digest()).decode().rstrip("=")
    head = {"typ": "JWT", "alg": "ed25519-nkey"}
    signed = f"{encoded(head)}.{encoded(claims)}"
    return f"{signed}.{unpadded(nkeys.from_seed(issuer.encode()).sign(signed.encode()))}"


def encoded(part: dict) -> str:
    return unpadded(json.dumps(part, separators=(",", ":")).encode())


def unpadded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def servers_config(operator: str, accounts: dict[str, str], system_account: str) -> str:
    """What the servers include: whom they trust. Public keys and signatures, no secret."""
    preload = "\n".join(f"  {key}: {value}" for key, value in accounts.items())
    return (f"operator: {operator}\nsystem_account: {system_account}\n"
            f"resolver: MEMORY\nresolver_preload: {{\n{preload}\n}}\n")
