"""What a client of the platform needs in any language: stubs made from `proto/`, a token shown
with every call, and refusals read by their codes."""

import importlib
import importlib.resources
import pathlib
import sys
import tempfile

import grpc
from google.rpc import error_details_pb2, status_pb2
from grpc_tools import protoc

PROTO = pathlib.Path(__file__).resolve().parents[2] / "proto"


def generate():
    """Makes Python of the contract, as `protoc` does for every language, and lets it be imported."""
    folder = tempfile.mkdtemp(prefix="luban-contract-")
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
