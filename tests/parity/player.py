"""The frame of a file that `references.ask` runs on both sides."""

import json
import sys


def play(answer):
    """Run as `FILE REQUEST ANSWER [--adapter]`: write what `answer` makes of the request as JSON.

    `answer` imports the framework itself: by then it is the adapter, if that is asked for.
    """
    request, result, *flags = sys.argv[1:]
    if "--adapter" in flags:
        from fillproof.compat.imports import install

        install()
    with open(request) as file:
        asked = json.load(file)
    given = answer(asked)
    with open(result, "w") as file:
        json.dump(given, file)
