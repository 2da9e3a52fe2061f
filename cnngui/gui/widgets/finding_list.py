"""What the rules found, as cards: what is wrong, why it matters, what to do, and the rule's own page."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from cnngui.checker.finding import Finding, Place, Severity
from cnngui.checker.rule import PAGE_SECTIONS
from cnngui.gui import icons, text, theme
from cnngui.gui.text import tr
from cnngui.gui.widgets.basic import Button, Card, Lines, column, holder, label, row
from cnngui.gui.widgets.fold import Fold

AT_ONCE = 40  # cards that are made before somebody asks for more
INKS = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.INFO: "soft"}

_ICONS = {Severity.ERROR: "unreadable", Severity.WARNING: "warning", Severity.INFO: "info"}
_GROUNDS = {Severity.ERROR: "bad_tint", Severity.WARNING: "warn_tint", Severity.INFO: "sunken"}
_CODE = ("Example", "Instead")


def word(severity: Severity) -> str:
    """What the window calls a severity."""
    return {
        Severity.ERROR: tr("Error"),
        Severity.WARNING: tr("Warning"),
        Severity.INFO: tr("Explanation"),
    }[severity]


def place_of(where: Place) -> str:
    """Where a finding is, without the file that all findings of a list share."""
    if where.line and where.cell is not None:
        return tr("cell {0}, line {1}").format(text.number(where.cell), text.number(where.line))
    if where.line:
        return tr("line {0}").format(text.number(where.line))
    return text.shown(where.part or "")


def sections(page: str) -> tuple[tuple[str, str], ...]:
    """A rule's page as (heading, text); headings as they stand in PAGE_SECTIONS, the title left out."""
    found: dict[str, list[str]] = {}
    heading = ""
    for line in page.strip().splitlines()[1:]:
        if line in PAGE_SECTIONS:
            heading = line
            found[heading] = []
        elif heading:
            found[heading].append(line)
    return tuple((name, _joined(name, lines)) for name, lines in found.items())


def _joined(name: str, lines: list[str]) -> str:
    if name in _CODE:
        return "\n".join(line.removeprefix("    ") for line in lines).strip("\n")
    return " ".join(line.strip() for line in lines).strip()


class SeverityMark(QWidget):
    """A severity as icon and word, in its colour on its tint."""

    def __init__(self, severity: Severity) -> None:
        super().__init__()
        self._severity = severity
        self._face = theme.font(theme.CAPTION, theme.SEMIBOLD)
        self.setAccessibleName(word(severity))
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self._face).horizontalAdvance(word(self._severity)) + 38, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(_GROUNDS[self._severity]))
        painter.drawRoundedRect(QRectF(self.rect()), 12, 12)
        icons.draw(painter, _ICONS[self._severity], QRectF(8, 4, 16, 16), INKS[self._severity])
        painter.setFont(self._face)
        painter.setPen(theme.colour(INKS[self._severity]))
        painter.drawText(
            self.rect().adjusted(28, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, word(self._severity)
        )


class FindingCard(Card):
    """One finding. `picked` when its place, or the card itself, is clicked and `jumps`."""

    picked = Signal()

    def __init__(self, finding: Finding, page: str, jumps: bool) -> None:
        super().__init__(padding=theme.GAP, spacing=theme.GRID)
        self.finding = finding
        self._page = page
        self._jumps = jumps and bool(finding.where.line)
        self.setAccessibleName(f"{word(finding.severity)}: {finding.message}")
        where = place_of(finding.where)
        rule = _wrapped(finding.rule, "soft")  # it breaks after a hyphen
        top = row(SeverityMark(finding.severity), rule)
        top.setStretch(1, 1)
        if self._jumps:
            self.place = Button(where, kind="link", tip=self.tr("Show the line in the code"))
            self.place.setAccessibleName(self.tr("Show {0}: {1}").format(where, finding.message))
            self.place.clicked.connect(self.picked)
            top.addWidget(self.place)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        elif finding.where.line:
            top.addWidget(label(where, "soft"))
        self.body.addLayout(top)
        if where and not finding.where.line:  # a path can be long: a line of its own
            self.body.addWidget(Lines(where, "soft"))
        self.body.addWidget(_wrapped(finding.message, "strong"))
        for heading, words in (
            (self.tr("Why it matters"), finding.why),
            (self.tr("What to do"), finding.fix),
        ):
            if words:
                part = column(label(heading, "section"), _wrapped(words), spacing=2)
                self.body.addLayout(part)
        if page:
            self._about = QVBoxLayout()
            self._about.setContentsMargins(theme.GRID, 0, 0, 0)
            self._about.setSpacing(theme.HALF)
            self.fold = Fold(self.tr("About this pitfall"), holder(self._about))
            self.fold.button.setAccessibleName(self.tr("About the pitfall {0}").format(finding.rule))
            self.fold.toggled.connect(self._fill)
            self.body.addWidget(self.fold)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        inside = self.rect().contains(event.position().toPoint())
        if self._jumps and inside and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit()

    def _fill(self) -> None:
        if self._about.count():
            return
        for heading, words in sections(self._page):
            self._about.addWidget(label(_headings()[heading], "section"))
            self._about.addWidget(_code(words) if heading in _CODE else _wrapped(words))
            self._about.addSpacing(theme.HALF)


def _headings() -> dict[str, str]:
    return {
        "What it finds": tr("What it finds"),
        "Why it hurts": tr("Why it hurts"),
        "Example": tr("Example"),
        "Instead": tr("Instead"),
        "When to ignore": tr("When to ignore"),
    }


def _wrapped(words: str, role: str = "") -> QWidget:
    result = label(text.shown(words), role, wrap=True)
    result.setMinimumWidth(1)  # a long file name must not push the card out of sight
    return result


def _code(words: str) -> QWidget:
    """A few lines of code, which can be selected and copied; long ones scroll sideways."""
    lines = label(words, "code")
    lines.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    area = QScrollArea()
    area.setWidget(lines)
    area.setWidgetResizable(True)
    area.setAccessibleName(tr("Code"))
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    lines.ensurePolished()
    area.setFixedHeight(lines.sizeHint().height() + 2 * theme.GRID)
    return area


class FindingList(QScrollArea):
    """Cards one below the other; of very many the first, and a button for more. `picked(line)`."""

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Findings"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.cards: list[FindingCard] = []
        self._shown: tuple[tuple[Finding, ...], bool] = ((), False)
        self._pages: Mapping[str, str] = {}
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, theme.GRID, 3 * theme.GRID)
        self._rows.setSpacing(theme.GRID + theme.HALF)
        self.more = Button(self.tr("Show more"), kind="quiet")
        self.more.clicked.connect(self._add)
        self._rows.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._rows.addStretch(1)
        self.setWidget(holder(self._rows))

    def show_findings(self, findings: Sequence[Finding], pages: Mapping[str, str], jumps: bool) -> None:
        """Show other findings; the same ones are left as they are, unfolded or not."""
        if (tuple(findings), jumps) == self._shown:
            return
        self._shown = (tuple(findings), jumps)
        self._pages = pages
        for card in self.cards:
            self._rows.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = []
        self.verticalScrollBar().setValue(0)
        self._add()

    def _add(self) -> None:
        findings, jumps = self._shown
        start = len(self.cards)
        for number, finding in enumerate(findings[start : start + AT_ONCE], start):
            card = FindingCard(finding, self._pages.get(finding.rule, ""), jumps)
            card.picked.connect(lambda line=finding.where.line or 0: self.picked.emit(line))
            self._rows.insertWidget(number, card)
            self.cards.append(card)
        left = len(findings) - len(self.cards)
        self.more.setVisible(left > 0)
        self.more.setText(self.tr("Show more: {0} are left").format(text.number(left)))
