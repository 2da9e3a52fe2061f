"""What the commands share: messages and progress, interruption, the display.

Every other file in cli, app.py apart, is a command.
"""
