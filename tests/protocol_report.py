"""Which of several endpoints keeps which case: `python -m tests.protocol_report URL…`.

With `--site URL --thing KIND/SLUG` a publisher of linked data is judged instead. What
no server bears is done last, one after the other; it takes some minutes.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from tests import hostile_http_cases as http_hostile
from tests import linked_data_cases as http_site
from tests import sparql_protocol_cases as http_kit


def rows(thing: str) -> Iterator[tuple[str, Callable[[str], str]]]:
    """Yield the name of each case and what tries it on an address."""
    if thing:
        for one in http_site.VISITS:
            yield one.name, lambda base, v=one: http_site.visit(base, v, thing)
        for path in http_site.KNOWN:
            for coding in ("identity", "gzip"):
                name = f"what is known is not sent again: {path}, {coding}"
                yield (
                    name,
                    lambda base, p=path, c=coding: http_site.is_known(
                        base, p, c, thing
                    ),
                )
        return
    for case in http_kit.CASES:
        yield case.name, lambda address, c=case: http_kit.run(address, c)
    for hostile in http_hostile.HOSTILE:
        yield hostile.name, hostile.check


def main() -> None:
    """Print a line for each case, and how many each address keeps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("addresses", nargs="*", metavar="URL")
    parser.add_argument("--site", metavar="URL")
    parser.add_argument("--thing", default="", metavar="KIND/SLUG")
    parser.add_argument("--why", action="store_true", help="say what was answered")
    asked = parser.parse_args()
    addresses = [asked.site] if asked.site else asked.addresses
    judge(addresses, asked.thing if asked.site else "", why=asked.why)


def judge(addresses: list[str], thing: str = "", *, why: bool = False) -> None:
    """Print a line for each case, and how many each address keeps."""
    kept, tried = dict.fromkeys(addresses, 0), 0
    for name, check in rows(thing):
        tried += 1
        wrong = {address: check(address) for address in addresses}
        marks = "  ".join("no " if wrong[a] else "yes" for a in addresses)
        print(f"{marks}  {name}", flush=True)
        for address, what in wrong.items():
            kept[address] += not what
            if why and what:
                print(f"         {address}: {what[:200]}")
    for address in addresses:
        print(f"{address} keeps {kept[address]} of {tried}")


if __name__ == "__main__":
    main()
