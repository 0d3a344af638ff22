"""Follows the feed of an area, as a city's own system would.

    follow.py <address> <file with a token> <area> <file for the cursor> <last sequence>

Every fact is checked: that none is missing before it, that its hash is its content's, and that the
chain leads to it. The cursor is written down after each stretch, so that a client that was killed
goes on where it stopped; a connection that breaks is made again. It ends well with the last
sequence, and with status 3 where the feed is not what it was.
"""

import hashlib
import json
import os
import sys
import time

import grpc

import client

client.generate()
from luban.common.v1 import feed_pb2, feed_pb2_grpc  # noqa: E402


class Broken(Exception):
    """The feed is not what it was."""


class Cursor:
    """Where a client stands in a feed."""

    def __init__(self, path):
        self.path = path
        self.epoch, self.sequence, self.chain = 0, 0, b""
        if os.path.exists(path):
            with open(path) as file:
                kept = json.load(file)
            self.epoch, self.sequence = kept["epoch"], kept["sequence"]
            self.chain = bytes.fromhex(kept["chain"])

    def advance(self, entry):
        """Takes the next entry, if it is the next one and as it should be."""
        if entry.sequence != self.sequence + 1:
            raise Broken(f"after {self.sequence} came {entry.sequence}")
        fact = type(entry.fact)()
        fact.CopyFrom(entry.fact)
        fact.ClearField("hash")
        fact.ClearField("traceparent")
        content = fact.SerializeToString(deterministic=True)
        if hashlib.sha256(content).digest() != entry.fact.hash:
            raise Broken(f"the hash of {entry.sequence} is another content's")
        chain = hashlib.sha256(self.chain + entry.fact.hash).digest()
        if chain != entry.chain:
            raise Broken(f"the chain does not lead to {entry.sequence}")
        self.sequence, self.chain = entry.sequence, chain

    def save(self):
        kept = {"epoch": self.epoch, "sequence": self.sequence, "chain": self.chain.hex()}
        with open(self.path + ".new", "w") as file:
            json.dump(kept, file)
        os.replace(self.path + ".new", self.path)


def follow(feed, metadata, area, cursor, until):
    """Follows until a sequence, a broken feed, or the end of the stream."""
    request = feed_pb2.SubscribeRequest(
        area=area, epoch=cursor.epoch, after_sequence=cursor.sequence
    )
    for stretch in feed.Subscribe(request, metadata=metadata):
        cursor.epoch = stretch.head.epoch
        for entry in stretch.entries:
            cursor.advance(entry)
            print(entry.sequence, entry.fact.aggregate_kind, entry.fact.kind, flush=True)
        cursor.save()
        if not stretch.entries and cursor.sequence < stretch.head.sequence:
            raise Broken(f"nothing came after {cursor.sequence} of {stretch.head.sequence}")
        if cursor.sequence >= until:
            return


def agrees(feed, metadata, area, cursor):
    """Whether the service has the same chain where the cursor stands."""
    request = feed_pb2.GetFeedHeadRequest(area=area, sequence=cursor.sequence)
    answer = feed.GetFeedHead(request, metadata=metadata)
    facts = sum(count.facts for count in answer.counts)
    return answer.head.chain == cursor.chain and facts == cursor.sequence


def main(address, token, area, kept, until):
    with open(token) as file:
        metadata = client.show(file.read().strip())
    cursor = Cursor(kept)
    while cursor.sequence < int(until):
        with grpc.insecure_channel(address) as channel:
            feed = feed_pb2_grpc.FactFeedServiceStub(channel)
            try:
                follow(feed, metadata, area, cursor, int(until))
                if cursor.sequence >= int(until) and not agrees(feed, metadata, area, cursor):
                    raise Broken("counts or chain are others")
            except grpc.RpcError as error:
                if error.code() != grpc.StatusCode.UNAVAILABLE:
                    raise SystemExit(f"{error.code()} {client.reasons(error)}")
                print("connection lost", flush=True)
                time.sleep(0.2)
            except Broken as broken:
                print(f"broken: {broken}", flush=True)
                raise SystemExit(3)


if __name__ == "__main__":
    main(*sys.argv[1:])
