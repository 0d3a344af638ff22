"""Who follows whose facts, as the services' source has it."""

import re
from pathlib import Path

SUBSCRIPTION = re.compile(r"Subscription \{\s*listener: [^,]+,\s*owner: ([^,]+),\s*aggregate_kind(?:: ([^,]+))?,", re.S)
CONSTANT = re.compile(r'const (\w+): &(?:\'static )?str = "([^"]+)"')
LISTED = re.compile(r'const FOLLOWED: \[&str; \d+\] = \[([^\]]*)\]')


def followed(root: Path, service: str) -> set[tuple[str, str]]:
    files = [file.read_text() for file in (root / "services" / service / "src").rglob("*.rs")]
    source = "\n".join(files)
    constants = dict(CONSTANT.findall(source))

    def value(text: str) -> str:
        return text.strip('"') if text.startswith('"') else constants[text]

    found = set()
    for owner, kind in SUBSCRIPTION.findall(source):
        # Without a value: one for each of those listed.
        kinds = [value(kind)] if kind else re.findall(r'"([^"]+)"', LISTED.search(source)[1])
        found |= {(value(owner), each) for each in kinds}
    if "reference::keep(" in source:
        found.add(("registry", "reference"))
    return found
