"""A draft: a copy of the data folder's tables with uploaded documents read into it, shown before it counts.

`record` is what is known of a draft, `shelf` where it is kept, `copies` its tables beside the live ones, `receiving`
takes documents in, `work` reads them and builds its snapshot in the background, `changes` and
`amending` are what people ask of it, `publishing` makes it count. One draft is open at a time. Nothing here knows the web.
"""
