"""Arrays that know corporate actions, and arrays of labels."""
