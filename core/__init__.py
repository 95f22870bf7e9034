"""The array engine. It knows no framework by name; adapters translate to it."""
