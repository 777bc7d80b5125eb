"""Steps over a library: plan, search, filter, answer, hypothesise, criticise, rank."""
