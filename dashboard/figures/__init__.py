"""Small tables into plotly figures. Knows neither the database nor the pages; a figure is a plain function of its data."""
