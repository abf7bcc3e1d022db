"""`python -m tests.bench`: pages of a made-up country, as ratios to an empty signed-in page.

Ratios within one run travel between machines; seconds do not. The exit code is 0 whatever the
machine does, 2 when a request failed, and with --strict 1 when a budget is missed.
"""

import argparse
import sys

import django

from tests.bench import ground


def main() -> int:
    """Measure everything and print it line by line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--provinces", type=int, default=34)
    parser.add_argument("--units", type=int, default=3321)
    parser.add_argument("--years", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--readers", type=int, default=32, help="0: none")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--without", nargs="*", default=[], metavar="LABEL", help="skip pages")
    parser.add_argument("--strict", action="store_true", help="exit code 1 for a missed budget")
    options = parser.parse_args()
    size = ground.Size(options.provinces, options.units, options.years, options.seed)
    told = ground.prepare(size)
    django.setup()
    from tests.bench import country

    country.say(f"\n{country.describe()}: {size}; {told}")
    found = country.measure_pages(frozenset(options.without))
    if options.readers:
        found += country.measure_readers(
            options.readers, options.seconds, frozenset(options.without)
        )
    return country.verdict(found, is_strict=options.strict)


if __name__ == "__main__":
    sys.exit(main())
