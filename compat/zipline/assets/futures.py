"""The letters that name delivery months in the symbols of contracts."""

from __future__ import annotations

_LETTERS = "FGHJKMNQUVXZ"

CMES_CODE_TO_MONTH = {letter: month for month, letter in enumerate(_LETTERS, 1)}
MONTH_TO_CMES_CODE = dict(enumerate(_LETTERS, 1))
