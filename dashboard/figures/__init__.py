"""Small tables into plotly figures: plain functions of their data, which know neither database nor pages."""
