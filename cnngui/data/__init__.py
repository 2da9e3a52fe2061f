"""From a folder to plain values: index, decoded pictures, splits. No torch, no Qt."""
