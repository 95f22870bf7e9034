"""The public names of a framework, as `docs/surface.py` lists them.

`FILE REQUEST ANSWER`: the request is the framework's name; the answer is the listing of the
package that the interpreter has.
"""

import importlib
import json
import sys
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def pages(framework):
    """The module that makes the page of a framework."""
    sys.path.append(str(DOCS))
    try:
        return importlib.import_module(f"surface_{framework}")
    finally:
        sys.path.remove(str(DOCS))


def main(request, answer):
    framework = json.loads(Path(request).read_text())
    listing = pages(framework).listing(importlib.import_module(framework))
    Path(answer).write_text(json.dumps(listing))


if __name__ == "__main__":
    main(*sys.argv[1:])
