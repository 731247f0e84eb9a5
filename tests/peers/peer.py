"""Times what other programs make of the same log, and checks what they find before their time counts.

    peer.py polars|duckdb sessions|aggregates ANSWER TIMES LOG...

ANSWER is a file with the engine's own answer; LOG is a database with the sorted table `log` for DuckDB, and Parquet files in
order for Polars. Prints JSON: the seconds of each time, the peak of memory and the program's version.
"""

import importlib
import json
import resource
import sys
import time
from pathlib import Path


def difference(expected, found):
    """What is wrong with an answer, in a few words; nothing where all is well."""
    missing, surplus = sorted(set(expected) - set(found)), sorted(set(found) - set(expected))
    return "" if not missing and not surplus else f"missing {missing[:3]}, surplus {surplus[:3]}"


def main(engine, what, answer, times, *log):
    peer = importlib.import_module(f"with_{engine}")
    expected = json.loads(Path(answer).read_text())["answer"]
    if what == "sessions":
        headline = "players", "sessions", "events"
        expected = [line for line in expected if line.startswith("sum ") and line.split()[1] in headline]
    seconds = []
    for _ in range(int(times)):
        started = time.perf_counter()
        found = getattr(peer, what)(log)
        seconds.append(time.perf_counter() - started)
        if wrong := difference(expected, getattr(peer, f"lines_of_{what}")(found)):
            sys.exit(f"{engine} finds other {what} than the engine: {wrong}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(json.dumps({"seconds": seconds, "peak_bytes": peak, "version": peer.VERSION}))


if __name__ == "__main__":
    main(*sys.argv[1:])
