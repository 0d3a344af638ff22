#!/usr/bin/env python3
"""Repeats the draws of an inspection (双随机检查) from what everybody can see of it.

    grpcurl ... luban.review.v1.InspectionService/GetInspection > answer.json
    draw.py answer.json

Reads the answer as JSON, checks the hash of the frozen lists and the commitment to every seed,
draws again, and says whether the same came out. Needs nothing but Python."""

import json
import sys
from base64 import b64decode
from hashlib import sha256

inspection = json.load(open(sys.argv[1], encoding="utf-8"))["inspection"]
assert sha256(inspection["frozenLists"].encode()).digest() == b64decode(inspection["frozenHash"])
lists = json.loads(inspection["frozenLists"])
conflicts = {(it["organization_id"], it["person_id"]) for it in lists["conflicts"]}
organizations = [it["organization_id"] for it in lists["organizations"]]
inspectors = [it["person_id"] for it in lists["inspectors"]]
before, gave = set(), {}


def lowest(seed, pool, count, key=str):
    return sorted(pool, key=lambda item: sha256(seed + key(item).encode()).digest())[:count]


for draw in inspection["draws"]:
    if "seed" not in draw:
        continue  # committed to, and still to be revealed
    seed, redraw = b64decode(draw["seed"]), draw.get("redraw", {})
    assert sha256(seed).digest() == b64decode(draw["commitment"]), "not the seed committed to"
    count, each = 1 if redraw else lists["count"], lists["inspectors_each"]
    absent = draw.get("unavailablePersonIds", [])  # may not serve any more
    gone = before.union(draw.get("leftOutOrganizationIds", []))  # drawn often enough elsewhere since
    drawn = lowest(seed, [it for it in organizations if it not in gone], count)
    if redraw.get("personId"):
        drawn, each = [redraw["organizationId"]], 1
    for it in drawn:
        taken = gave.get(it, []) + absent
        left = [who for who in inspectors if (it, who) not in conflicts and who not in taken]
        given = lowest(seed, left, each, lambda who: f"{it}:{who}")
        gave[it] = gave.get(it, []) + given
        claimed = next(claim for claim in draw["drawn"] if claim["organizationId"] == it)
        assert claimed["personIds"] == given, f"other inspectors for {it}"
    assert [claim["organizationId"] for claim in draw["drawn"]] == drawn, "other organisations"
    before.update(drawn)
print(f"{len(inspection['draws'])} draws repeated, {len(before)} organisations: the same")
