"""A real NATS server under the identities that scripts/secrets makes: who may do what?"""

import asyncio
import re
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import nats as client
import yaml
from nats.errors import Error

from manifests import SERVICES


def of(service: str) -> str:
    return service.replace("-", "_")


def own(service: str) -> list[str]:
    """What a service must be able to do with what is its own."""
    stream = f"LUBAN_{of(service).upper()}"
    return [f"luban.{of(service)}.thing.happened", f"watermark.{of(service)}",
            *(f"$JS.API.STREAM.{verb}.{stream}" for verb in ("INFO", "CREATE", "UPDATE"))]


def following(service: str, follows: dict) -> list[str]:
    """What it takes to follow facts, as async-nats asks for it."""
    subjects = []
    for owner, kind in sorted(follows[service]):
        stream, consumer = f"LUBAN_{of(owner).upper()}", f"{service}-on-{owner}-{kind}"
        subjects += [f"$JS.API.STREAM.INFO.{stream}", f"$JS.API.CONSUMER.INFO.{stream}.{consumer}",
                     f"$JS.API.CONSUMER.CREATE.{stream}.{consumer}.luban.{of(owner)}.{kind}.>",
                     f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}",
                     f"$JS.ACK.{stream}.{consumer}.1.1.1.1.1"]
    return subjects


def nobody(service: str) -> list[str]:
    """What no service may do, not even with its own."""
    stream = f"LUBAN_{of(service).upper()}"
    return [*(f"$JS.API.STREAM.{verb}.{stream}" for verb in ("DELETE", "PURGE", "MSG.DELETE", "RESTORE", "SNAPSHOT")),
            f"$JS.API.CONSUMER.DELETE.{stream}.review-on-{service}-plan", f"$JS.API.CONSUMER.CREATE.{stream}",
            f"$JS.API.STREAM.CREATE.OF_{stream}", "$JS.API.STREAM.LIST", "$JS.API.ACCOUNT.PURGE.LUBAN",
            "$SYS.REQ.SERVER.PING", f"luban.{of(service)}", "anything.else"]


LAST = "the.last"


async def denied(url: str, credentials: Path, subjects: list[str]) -> set[str]:
    """Which of these the server does not let this user publish."""
    refused: set[str] = set()
    all_told = asyncio.Event()

    async def note(error: Exception) -> None:
        # The client tells the subject in small letters.
        found = re.search(r'publish to "([^"]+)"', str(error))
        if found:
            refused.add(found[1])
        if LAST in refused:
            all_told.set()

    connection = await client.connect(url, user_credentials=str(credentials), error_cb=note)
    # The last one nobody may publish; the server answers in the order in which it is asked.
    for subject in (*subjects, LAST):
        await connection.publish(subject, b"")
    await asyncio.wait_for(all_told.wait(), 10)
    await connection.close()
    return {subject for subject in subjects if subject.lower() in refused}


async def faults(url: str, folder: Path, follows: dict, kinds: set) -> list[str]:
    found = []
    # Each as if it followed everybody, and what it does with its own, and what nobody does.
    anything = {service: kinds for service in SERVICES}
    everything = [subject for s in SERVICES for subject in (*own(s), *following(s, anything), *nobody(s))]
    for service in SERVICES:
        credentials = folder / f"{service}.creds"
        told = [] if service == "certificate-query" else own(service)
        allowed = {*told, *following(service, follows)}
        refused = await denied(url, credentials, sorted(set(everything)))
        found += [f"{service} may not publish {subject}" for subject in sorted(refused & allowed)]
        found += [f"{service} may publish {subject}" for subject in sorted(set(everything) - refused - allowed)]
    try:
        stranger = await client.connect(url, allow_reconnect=False, connect_timeout=2, error_cb=ignore)
        await stranger.close()
        found.append("a stranger may connect")
    except Error:
        pass
    return found


async def ignore(_: Exception) -> None:
    """Refusals are expected."""


def alone(conf: str, folder: Path, port: int) -> str:
    """The configuration for one server on this machine: no cluster, no monitor, other places; and
    without what Debian's server is too old for."""
    conf = re.sub(r"\ncluster \{.*?\n\}\n", "\n", conf, flags=re.DOTALL)
    conf = re.sub(r"\n *(sync_interval|http|pid_file): .*", "", conf)
    conf = conf.replace("$POD_NAME", "nats-0").replace("0.0.0.0:4222", f"127.0.0.1:{port}")
    return conf.replace("store_dir: /data", f"store_dir: {folder}/data")


def check(nats_yaml: Path, secrets: Path, follows: dict, kinds: set) -> list[str]:
    """Serves with the very configuration of k8s/, and tries everything: does each service follow what
    it is said to, and nothing else of these kinds of facts?"""
    conf = next(yaml.safe_load_all(nats_yaml.read_text()))["data"]["nats.conf"]
    made = [d for file in (secrets / "manifests").glob("*.yaml") for d in yaml.safe_load_all(file.read_text())]
    by_name = {document["metadata"]["name"]: document["stringData"] for document in made}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "nats.conf").write_text(alone(conf, folder, port))
        (folder / "accounts.conf").write_text(by_name["nats-accounts"]["accounts.conf"])
        for service in SERVICES:
            (folder / f"{service}.creds").write_text(by_name[f"{service}-nats"]["user.creds"])
        with (folder / "log").open("w") as log:
            server = subprocess.Popen(["nats-server", "--config", folder / "nats.conf"], stderr=log)
        try:
            while "Server is ready" not in (folder / "log").read_text():
                if server.poll() is not None:
                    return [f"nats-server ends: {(folder / 'log').read_text()[-500:]}"]
                time.sleep(0.05)
            return asyncio.run(faults(f"nats://127.0.0.1:{port}", folder, follows, kinds))
        finally:
            server.terminate()
            server.wait()
