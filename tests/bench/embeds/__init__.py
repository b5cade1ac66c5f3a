"""Embeds measured: their size, when they are seen on a slow line, how many a second are served, what drawing them takes."""

from tests.bench.embeds.measuring import measured

__all__ = ["measured"]
