"""Peak memory of this process; also for the interpreters of others, so with nothing imported."""

from __future__ import annotations

import sys


def peak_mb() -> float:
    """In MB, its children not counted.

    Linux counts the peak of the process that started this one into its resource usage; its status
    does not.
    """
    if sys.platform == "linux":
        with open("/proc/self/status") as status:
            for line in status:
                if line.startswith("VmHWM"):
                    return int(line.split()[1]) / 1024
    import resource

    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
