"""Reading: ink → lines of symbols with their probabilities.

It may not decode files or look at the paper: its only input is ink and pieces. `normalization` and
`line_network` make the networks' inputs in training too, so after a change there the models must be
trained again.
"""
