"""Labels, buttons, cards."""

from pytestqt.qtbot import QtBot

from cnngui.gui.widgets.basic import Lines, column, holder, label

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


def test_facts_are_put_below_each_other_where_a_line_is_too_short(qtbot: QtBot) -> None:
    facts = Lines("All pictures · 125 pictures")
    qtbot.addWidget(facts)
    advance = facts.fontMetrics().horizontalAdvance
    facts.resize(advance("All pictures · 125 pictures") + 2, 40)
    facts.show()
    assert facts.text() == "All pictures · 125 pictures"
    assert not facts.toolTip()
    facts.resize(advance("125 pictures") + 2, 40)
    assert facts.text() == "All pictures\n125 pictures"
    assert facts.minimumSizeHint().height() >= 2 * facts.fontMetrics().lineSpacing()


def test_of_a_very_long_name_the_end_is_given_up_and_no_other_fact(qtbot: QtBot) -> None:
    facts = Lines(f"{'meadow ' * 40}· 125 pictures")
    qtbot.addWidget(facts)
    facts.resize(facts.fontMetrics().horizontalAdvance("125 pictures") + 2, 40)
    facts.show()
    *name, count = facts.text().split("\n")
    assert count == "125 pictures"
    assert len(name) == 2
    assert name[-1].endswith("…")
    assert facts.toolTip() == facts.whole()
