"""Incidents seen."""
