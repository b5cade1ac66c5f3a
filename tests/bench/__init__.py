"""Measurements, each against a baseline in the same run; `make bench` runs them all. No test collects them."""
