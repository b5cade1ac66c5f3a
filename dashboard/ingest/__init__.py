"""Documents into the data folder: read, recognised, extracted, written; or refused with no table touched.

`sources` finds the files, `reading` is the work on one document (in a child or on a cluster), `executors` tells who
does it, `batch` is the story of many, `ledger` decides what is held and writes it, `outcome` is what came of each,
`refusals` remembers what could not be taken in.
"""
