"""Commission, slippage, execution styles, cancel policies, restrictions."""
