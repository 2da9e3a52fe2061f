"""What the commands share: messages and progress, interruption, the display. Every other file in cli is a command."""
