"""cnngui models"""

from cnngui.cli.support.console import columns, out


def models() -> int:
    """List the networks, and the model that comes ready."""
    from cnngui import resources
    from cnngui.engine.header import read
    from cnngui.engine.models import registry

    rows = [("NAME", "PICTURE", "PARAMETERS", "GOOD FOR")]
    for name in registry.names():
        card = registry.card(name)
        size = f"{card.spec.size} × {card.spec.size}"
        rows.append((card.name, size, f"{card.parameters:,}", card.summary))
    for line in columns(rows, right=frozenset({2})):
        out(line)
    starter = resources.path("models", "starter.safetensors")
    if not starter.exists():
        return 0
    header = read(starter)
    out("")
    out(f"Ready to use: {starter}")
    out(f"  {header.architecture} for {', '.join(header.classes)}")
    for line in header.note.splitlines():
        out(f"  {line}")
    return 0
