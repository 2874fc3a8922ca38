// The registry of priors: one export line each; the id is what users type.
