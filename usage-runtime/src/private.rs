//! What expansions of the macros call. Not for anyone else: it changes with every version.
