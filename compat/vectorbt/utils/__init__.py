"""Configuration, templates, attributes and checks that every part uses."""
