"""The public names of Zipline, as `docs/surface_zipline.py` lists them.

`FILE REQUEST ANSWER`: the answer is the listing of the package that the interpreter has.
"""

import json
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "docs"))


def main(_request, answer):
    import surface_zipline
    import zipline

    with open(answer, "w") as file:
        json.dump(surface_zipline.listing(zipline), file)


if __name__ == "__main__":
    main(*sys.argv[1:])
