"""Compiled functions of signals under VectorBT's names: for scripts that call them from their own.

They are those of `core.signal_generation`, `core.signal_places` and `core.ranges`.
"""

from __future__ import annotations

from ....core import ranges
from ....core import signal_generation as generation
from ....core import signal_places as places
from ..compiled import public

generate_nb = public(generation.choose_signals)
generate_ex_nb = public(generation.choose_exits)
generate_enex_nb = public(generation.choose_pairs)

# Choice functions
first_choice_nb = public(generation.first_row)
rand_choice_nb = public(generation.any_rows)
rand_by_prob_choice_nb = public(generation.chance_rows)
stop_choice_nb = public(generation.stop_rows)
ohlc_stop_choice_nb = public(generation.bar_stop_rows)

generate_rand_nb = public(generation.random_signals)
generate_rand_by_prob_nb = public(generation.chance_signals)
generate_rand_ex_nb = public(generation.random_exits)
generate_rand_ex_by_prob_nb = public(generation.chance_exits)
generate_rand_enex_nb = public(generation.random_pairs)
generate_rand_enex_by_prob_nb = public(generation.chance_pairs)
generate_stop_ex_nb = public(generation.stop_exits)
generate_stop_enex_nb = public(generation.stop_pairs)
generate_ohlc_stop_ex_nb = public(generation.bar_stop_exits)
generate_ohlc_stop_enex_nb = public(generation.bar_stop_pairs)

clean_enex_1d_nb, clean_enex_nb = public(places.clean_series), public(places.clean)
rank_nb = public(places.rank)
sig_pos_rank_nb = public(places.signal_position)
part_pos_rank_nb = public(places.run_position)
nth_index_1d_nb, nth_index_nb = public(places.nth_place_series), public(places.nth_place)
norm_avg_index_1d_nb = public(places.average_place_series)
norm_avg_index_nb = public(places.average_place)

between_ranges_nb = public(ranges.between)
between_two_ranges_nb = public(ranges.from_to)
partition_ranges_nb = public(ranges.runs)
between_partition_ranges_nb = public(ranges.between_runs)


def rand_enex_apply_nb(input_shape, n, entry_wait, exit_wait):
    """`generate_rand_enex_nb` without a seed."""
    return generate_rand_enex_nb(input_shape, n, entry_wait, exit_wait)
