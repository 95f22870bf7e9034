"""Which bars to choose parameters on, and which to judge the choice on."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from ..errors import OrderError

Range = tuple[int, int]


@dataclass(frozen=True)
class Split:
    """Stretches of bars, (first, after the last) each, in the sequence of time."""

    train: tuple[Range, ...]
    test: tuple[Range, ...]


def walk_forward(
    rows: int,
    train: int,
    test: int,
    step: int | None = None,
    *,
    purge: int = 0,
    embargo: int = 0,
    anchored: bool = False,
) -> list[Split]:
    """Train on `train` bars, test on the `test` bars after them, go on by `step` bars (`test`).

    purge, embargo: bars left out between the two, `purge` for what training still holds or sees
    when the test begins (the longest holding time, say), `embargo` for what lingers beyond that.
    anchored: training always begins at the first bar, so that it grows. The last test may be
    shorter. Raises OrderError where not even one split fits.
    """
    step = test if step is None else step
    _check(rows=rows, train=train, test=test, step=step)
    _check_gaps(purge, embargo)
    gap = purge + embargo
    out = []
    for start in range(0, rows - train - gap, step):
        end = start + train
        first = end + gap
        begin = 0 if anchored else start
        out.append(Split(((begin, end),), ((first, min(first + test, rows)),)))
        if first + test >= rows:
            break
    if not out:
        raise OrderError(
            f"{train} bars of training and {gap} left out do not fit before a test in {rows} bars."
        )
    return out


def purged_folds(
    rows: int, folds: int, test_folds: int = 1, *, purge: int = 0, embargo: int = 0
) -> list[Split]:
    """Every choice of `test_folds` out of `folds` equal stretches as the test, the rest to train.

    purge: bars left out of training on both sides of a test. embargo: more of them after it. With
    one test fold this is purged cross-validation, with more the combinatorial kind: López de
    Prado, "Advances in Financial Machine Learning", 2018, chapters 7 and 12. Folds that touch are
    one stretch. Raises OrderError where a fold has no bar or nothing is left to train on.
    """
    _check(rows=rows, folds=folds, test_folds=test_folds)
    _check_gaps(purge, embargo)
    if not test_folds < folds <= rows:
        raise OrderError(
            f"{test_folds} test folds of {folds}, with {rows} bars: there must be more folds than "
            "test folds, and a bar in each."
        )
    edges = [rows * n // folds for n in range(folds + 1)]
    out = []
    for chosen in combinations(range(folds), test_folds):
        test = _joined([(edges[n], edges[n + 1]) for n in chosen])
        rest = _joined([(edges[n], edges[n + 1]) for n in range(folds) if n not in chosen])
        train = []
        for first, last in rest:
            after_test = any(end == first for _, end in test)
            before_test = any(start == last for start, _ in test)
            first += purge + embargo if after_test else 0
            last -= purge if before_test else 0
            if first < last:
                train.append((first, last))
        if not train:
            raise OrderError(
                f"purge={purge} and embargo={embargo} leave nothing to train on when the folds "
                f"{chosen} are the test."
            )
        out.append(Split(tuple(train), tuple(test)))
    return out


def _joined(ranges: list[Range]) -> list[Range]:
    out: list[Range] = []
    for first, last in ranges:
        if out and out[-1][1] == first:
            out[-1] = out[-1][0], last
        else:
            out.append((first, last))
    return out


def _check(**counts: int) -> None:
    for name, count in counts.items():
        if not isinstance(count, int) or count < 1:
            raise OrderError(f"{name}={count!r} must be a whole number, 1 or more.")


def _check_gaps(purge: int, embargo: int) -> None:
    if purge < 0 or embargo < 0:
        raise OrderError(f"purge={purge} and embargo={embargo} must not be negative.")
