"""Labels, buttons, cards."""

from pytestqt.qtbot import QtBot

from cnngui.gui.widgets.basic import column, holder, label

LONG = "A sentence that is long enough to take several lines where there are only two hundred pixels for it."


def test_wrapped_text_takes_the_height_it_needs_and_gives_it_back(qtbot: QtBot) -> None:
    words = label(LONG, wrap=True)
    page = holder(column(words, None))
    qtbot.addWidget(page)
    page.resize(200, 400)
    page.show()
    line = words.fontMetrics().lineSpacing()
    qtbot.waitUntil(lambda: words.height() >= 3 * line)
    words.setText("Short.")
    qtbot.waitUntil(lambda: words.height() < 2 * line)
    words.setText(LONG)
    qtbot.waitUntil(lambda: words.height() >= 3 * line)
    page.resize(800, 400)
    qtbot.waitUntil(lambda: words.height() < 2 * line)
