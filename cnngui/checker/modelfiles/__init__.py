"""Reading model files of every kind without running anything that is in them."""
