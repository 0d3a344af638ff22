"""What a client of the platform needs in any language: stubs made from `proto/`, a token shown
with every call, asking again when no answer came, and refusals read by their codes."""

import atexit
import functools
import importlib.resources
import pathlib
import shlex
import subprocess
import sys
import tempfile
import time

import grpc
from google.rpc import error_details_pb2, status_pb2
from grpc_tools import protoc

PROTO = pathlib.Path(__file__).resolve().parents[2] / "proto"
PAUSE, PATIENCE = 0.2, 60.0


@functools.cache
def generate():
    """Makes Python of the contract, as `protoc` does for every language, and lets it be imported."""
    kept = tempfile.TemporaryDirectory(prefix="luban-contract-")
    atexit.register(kept.cleanup)
    folder = kept.name
    well_known = importlib.resources.files("grpc_tools") / "_proto"
    files = [str(path.relative_to(PROTO)) for path in PROTO.rglob("*.proto")]
    made = protoc.main(
        ["protoc", f"-I{PROTO}", f"-I{well_known}", f"--python_out={folder}"]
        + [f"--grpc_python_out={folder}", *files]
    )
    if made != 0:
        raise SystemExit("the contract does not compile")
    sys.path.insert(0, folder)


def show(token):
    """The metadata that shows a token."""
    return (("authorization", f"Bearer {token}"),)


class Caller:
    """Somebody who calls. A program prints the tokens; in production an OpenID provider gives them.

    On one's own machine: `target/debug/luban-dev token --secrets .local/secrets`."""

    def __init__(self, program, role, subject, **bound):
        command = [*shlex.split(program), "--role", role, "--subject", subject]
        for name, value in bound.items():
            command += [f"--{name}", value]
        printed = subprocess.run(command, check=True, capture_output=True, text=True)
        self.metadata = show(printed.stdout.strip())

    def ask(self, method, request):
        """Calls until there is an answer. A command is told by its request id, so that asking twice
        is the same as asking once. `request` may be a function that makes a stream anew."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                sent = request() if callable(request) else request
                return method(sent, metadata=self.metadata, timeout=15)
            except grpc.RpcError as error:
                if error.code() != grpc.StatusCode.UNAVAILABLE or time.monotonic() > until:
                    raise SystemExit(f"{error.code()} {error.details()} {reasons(error)}") from error
                time.sleep(PAUSE)


def wait_for(look):
    """What `look` finds, once it finds something."""
    until = time.monotonic() + PATIENCE
    while (found := look()) is None:
        if time.monotonic() > until:
            raise SystemExit("waited in vain")
        time.sleep(PAUSE)
    return found


def reasons(error):
    """The stable codes of a refusal, field by field."""
    details = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin")
    if details is None:
        return []
    told = []
    for detail in status_pb2.Status.FromString(details).details:
        info, faults = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            told.append(info.reason)
        elif detail.Unpack(faults):
            told += [f"{fault.field}: {fault.reason}" for fault in faults.field_violations]
    return told
