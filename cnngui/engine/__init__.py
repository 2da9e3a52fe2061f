"""Training, running and measuring networks. torch, but no Qt; `spec`, `events` and `header` load neither."""
