// The registry of channels: one export line each; the id is what users type.
