"""cnngui: train, run and understand convolutional image classifiers on your own pictures."""

__version__ = "0.1.0"
