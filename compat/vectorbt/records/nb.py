"""Functions over records that a script's own compiled functions can call."""

from __future__ import annotations

from ....core.record_calls import apply_to_records as apply_on_records_nb
from ....core.record_calls import apply_to_values as apply_on_mapped_nb
from ....core.record_calls import map_records as map_records_nb
from ....core.record_calls import mark_values as mapped_to_mask_nb
from ....core.record_calls import reduce_to_number as reduce_mapped_nb
from ....core.record_calls import reduce_to_numbers as reduce_mapped_to_array_nb
from ....core.record_calls import reduce_to_place as reduce_mapped_to_idx_nb
from ....core.record_calls import reduce_to_places as reduce_mapped_to_idx_array_nb
from ....core.record_maps import column_count as col_map_nb
from ....core.record_maps import column_range as col_range_nb
from ....core.record_maps import count_codes as mapped_value_counts_nb
from ....core.record_maps import in_sequence as is_col_sorted_nb
from ....core.record_maps import in_sequence_with_ids as is_col_idx_sorted_nb
from ....core.record_maps import mark_highest as top_n_inout_map_nb
from ....core.record_maps import mark_lowest as bottom_n_inout_map_nb
from ....core.record_maps import select_map as col_map_select_nb
from ....core.record_maps import select_range as col_range_select_nb
from ....core.record_maps import select_records_of_map as record_col_map_select_nb
from ....core.record_maps import select_records_of_range as record_col_range_select_nb
from ....core.record_maps import single_places as is_mapped_expandable_nb
from ....core.record_maps import spread_values as expand_mapped_nb
from ....core.record_maps import stack_values as stack_expand_mapped_nb

__all__ = [
    "apply_on_mapped_nb",
    "apply_on_records_nb",
    "bottom_n_inout_map_nb",
    "col_map_nb",
    "col_map_select_nb",
    "col_range_nb",
    "col_range_select_nb",
    "expand_mapped_nb",
    "is_col_idx_sorted_nb",
    "is_col_sorted_nb",
    "is_mapped_expandable_nb",
    "map_records_nb",
    "mapped_to_mask_nb",
    "mapped_value_counts_nb",
    "record_col_map_select_nb",
    "record_col_range_select_nb",
    "reduce_mapped_nb",
    "reduce_mapped_to_array_nb",
    "reduce_mapped_to_idx_array_nb",
    "reduce_mapped_to_idx_nb",
    "stack_expand_mapped_nb",
    "top_n_inout_map_nb",
]
