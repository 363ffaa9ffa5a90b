"""The language of filter lists: lines to values, with a cause for every line not understood."""
