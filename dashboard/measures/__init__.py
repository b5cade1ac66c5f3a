"""Questions to a snapshot, answered as small tables: values with unit, absence and place. Knows nothing of pictures."""
