"""Runs first where Triton is left out, of whose absence PyTorch's CUDA build would warn at each export."""

import logging

logging.getLogger("torch.utils.flop_counter").setLevel(logging.ERROR)
