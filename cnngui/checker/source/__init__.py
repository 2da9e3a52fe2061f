"""Reading Python source without running it: an abstract interpreter for image-classifier scripts."""
