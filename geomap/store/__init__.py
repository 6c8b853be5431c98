"""Incidents kept and asked."""
