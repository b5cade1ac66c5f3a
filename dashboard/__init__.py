"""Gongkai: reads disclosure reports, checks their figures, shows them. See README.md for the way the data takes."""

__version__ = "0.1.0"
