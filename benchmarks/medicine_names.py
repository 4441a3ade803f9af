"""Every name of every photosensitiser of tier 1, in every way of writing and in pairs with all the others.

Run as `python benchmarks/medicine_names.py`. Prints how many texts were read, how long one takes, and each text in
which an ingredient was not found; the exit code is 1 when there is one.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from medicine_writings import SEPARATORS, missed, photosensitiser_names

from openpbm.facts.medicine_text import medicines_in


def main() -> int:
    """Write each name in every way, then beside each other name."""
    names = photosensitiser_names(1)
    failed = [text for name, of in names for text in missed(name, of, "hydroxychloroquine")]
    began = time.perf_counter()
    texts = 0
    for first, of_first in names:
        for number, (second, of_second) in enumerate(names):
            text = first + SEPARATORS[number % len(SEPARATORS)] + second
            texts += 1
            if not of_first | of_second <= {medicine.name for medicine in medicines_in(text)}:
                failed.append(text)
    took = (time.perf_counter() - began) / texts
    print(f"{len(names)} names, {texts} pairs, {took * 1e3:.2f} ms a text, {len(failed)} missed")
    for text in failed:
        print(repr(text))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
