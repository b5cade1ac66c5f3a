"""Findings as people and programs read them: lines on a terminal, JSON, CSV, Markdown, a page, a workbook."""
