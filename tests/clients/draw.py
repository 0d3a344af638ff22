"""Repeats the draws of an inspection (双随机检查): draw.py <answer of GetInspection, as JSON>"""
import base64, hashlib, json, sys
sha256, decode = lambda data: hashlib.sha256(data).digest(), base64.b64decode
inspection, before = json.load(open(sys.argv[1], encoding="utf-8"))["inspection"], {}
assert sha256(inspection["frozenLists"].encode()) == decode(inspection["frozenHash"]), "other lists"
lists = json.loads(inspection["frozenLists"])
for draw in (draw for draw in inspection["draws"] if "seed" in draw):
    seed, redraw, drawn = decode(draw["seed"]), draw.get("redraw", {}), []
    assert sha256(seed) == decode(draw["commitment"]), "not the seed committed to"
    rank, one = lambda key: sha256(seed + key.encode()), redraw.get("personId")
    left = {it["organization_id"] for it in lists["organizations"]}
    ranked = sorted(left.difference(before, draw.get("leftOutOrganizationIds", [])), key=rank)
    for it in [redraw["organizationId"]] if one else ranked[: 1 if redraw else lists["count"]]:
        out = {no["person_id"] for no in lists["conflicts"] if no["organization_id"] == it}
        out.update(draw.get("unavailablePersonIds", []), before.setdefault(it, []))
        left = {who["person_id"] for who in lists["inspectors"]} - out
        given = sorted(left, key=lambda who: rank(f"{it}:{who}"))[: 1 if one else lists["inspectors_each"]]
        before[it], drawn = before[it] + given, [*drawn, {"organizationId": it, "personIds": given}]
    assert drawn == [{"personIds": [], **it} for it in draw.get("drawn", [])], "another draw"
print(f"{len(inspection['draws'])} draws repeated, {len(before)} organisations: the same")
