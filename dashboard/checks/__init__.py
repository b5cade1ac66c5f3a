"""Tables to findings: every rule a report can be held against, each with its evidence. Checks never change a fact."""
