// The registry of activations: one export line each; the id is what users type.
