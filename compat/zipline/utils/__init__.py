"""Calendars, schedules, rounding."""
