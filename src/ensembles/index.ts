// The registry of ensembles: one export line each; the id is what users type.
