"""The parts the pages are made of. None of them knows the session; they take values and emit signals."""
