"""Published data: immutable, named by content, one of them live."""
