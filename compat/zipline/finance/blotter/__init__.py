"""Where open orders wait, and what fills them."""
