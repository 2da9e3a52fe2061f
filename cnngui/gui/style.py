"""Qt's own widgets in the window's tokens: a QPalette for Fusion and one style sheet.

`follow(app)` applies the palette of the system's scheme and changes it live.
"""

import sys
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from cnngui import resources
from cnngui.gui import portal, theme

# Chosen by dynamic properties: `role` on labels, `kind` on buttons, `ground` on plain widgets.
_SHEET = Template("""
* { outline: none; }
QLabel, QPushButton, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractItemView, QHeaderView, QMenu, QToolTip {
    font-family: $face; font-size: ${body}px;
}
QMainWindow, QDialog, QMessageBox { background: $page; }
QWidget[ground="page"] { background: $page; }
QWidget[ground="rail"] { background: $rail; }
QWidget[ground="clear"], QScrollArea { background: transparent; }
QScrollArea { border: none; }
QFrame[ground="card"] { background: $surface; border: 1px solid $line; border-radius: ${radius_card}px; }
QFrame[ground="line"] { background: $line; border: none; }

QLabel { color: $text; background: transparent; }
QLabel[role="display"] { font-size: ${display}px; font-weight: 600; }
QLabel[role="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[role="lead"] { font-size: ${lead}px; color: $soft; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="soft"] { color: $soft; }
QLabel[role="caption"] { font-size: ${caption}px; color: $faint; }
QLabel[role="code"] { font-family: $code; font-size: ${caption}px; }
QLabel[role="section"] { font-size: ${caption}px; font-weight: 600; color: $soft; }
QLabel:disabled { color: $faint; }

QPushButton {
    min-height: ${inner}px; padding: 0 14px; border-radius: ${radius}px; border: 1px solid $line;
    background: $surface; color: $text; font-weight: 500;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $sunken; }
QPushButton:disabled { color: $faint; background: $sunken; border-color: $sunken; }
QPushButton:focus { border: 2px solid $accent; padding: 0 13px; min-height: ${inner_focus}px; }
QPushButton[kind="primary"] {
    background: $accent; border-color: $accent; color: $on_accent; font-weight: 600;
}
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:pressed { background: $accent_press; border-color: $accent_press; }
QPushButton[kind="primary"]:disabled { background: $sunken; border-color: $sunken; color: $faint; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="big"] {
    min-height: 46px; padding: 0 28px; font-size: ${lead}px; background: $accent; border-color: $accent;
    color: $on_accent; font-weight: 600; border-radius: ${radius}px;
}
QPushButton[kind="big"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="big"]:pressed { background: $accent_press; border-color: $accent_press; }
QPushButton[kind="big"]:disabled { background: $sunken; border-color: $sunken; color: $faint; }
QPushButton[kind="big"]:focus { border: 2px solid $text; padding: 0 27px; min-height: 44px; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; color: $soft; }
QPushButton[kind="quiet"]:hover { background: $hover; color: $text; }
QPushButton[kind="quiet"]:focus { border: 2px solid $accent; }
QPushButton[kind="quiet"]:disabled { color: $faint; background: transparent; }
QPushButton[kind="link"] {
    background: transparent; border-color: transparent; color: $link; padding: 0 4px; min-height: 20px;
}
QPushButton[kind="link"]:disabled { color: $faint; background: transparent; }
QPushButton[kind="link"]:hover:enabled { text-decoration: underline; }
QPushButton[kind="link"]:focus { border: 2px solid $accent; padding: 0 3px; min-height: 18px; }
QPushButton::menu-indicator { width: 0; image: none; }

QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QPlainTextEdit {
    min-height: ${inner}px; padding: 0 10px; border: 1px solid $edge; border-radius: ${radius}px;
    background: $surface; color: $text; selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus {
    border: 2px solid $accent; padding: 0 9px; min-height: ${inner_focus}px;
}
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled {
    color: $faint; background: $sunken; border-color: $line;
}
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: url("$down"); width: 16px; height: 16px; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {
    border: none; background: transparent; width: 26px;
}
QSpinBox::up-button, QDoubleSpinBox::up-button { subcontrol-position: top right; margin-top: 2px; }
QSpinBox::down-button, QDoubleSpinBox::down-button { subcontrol-position: bottom right; margin-bottom: 2px; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url("$up"); width: 14px; height: 14px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url("$down"); width: 14px; height: 14px; }
QComboBox QAbstractItemView {
    background: $surface; color: $text; border: 1px solid $line; padding: 4px; outline: none;
    selection-background-color: $tint; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: 32px; padding: 0 8px; border-radius: 6px; }
QComboBox QAbstractItemView::item:selected { background: $tint; }

QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QMenu { background: $surface; color: $text; border: 1px solid $line; padding: 6px; }
QMenu::item { padding: 8px 16px 8px 12px; border-radius: 6px; }
QMenu::item:selected { background: $tint; color: $text; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 6px 8px; }
QToolTip { background: $text; color: $surface; border: none; padding: 6px 8px; font-size: ${caption}px; }

QAbstractItemView { background: transparent; border: none; color: $text; outline: none; }
.QListView { background: $surface; }
QTableView {
    background: $surface; border: 1px solid $line; border-radius: ${radius_card}px; padding: 0 1px 1px 1px;
    gridline-color: transparent; selection-background-color: $tint; selection-color: $text;
}
QHeaderView { background: transparent; }
QHeaderView::section {
    background: transparent; color: $soft; border: none; border-bottom: 1px solid $line;
    padding: 0 8px; min-height: 40px; font-size: ${caption}px; font-weight: 600;
}
QHeaderView::section:hover { color: $text; }
QHeaderView::down-arrow { image: url("$down"); width: 14px; height: 14px; }
QHeaderView::up-arrow { image: url("$up"); width: 14px; height: 14px; }
QTableCornerButton::section { background: $surface; border: none; }

QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 12px; margin: 2px; }
QScrollBar:horizontal { height: 12px; margin: 2px; }
QScrollBar::handle { background: $bar; border-radius: 4px; }
QScrollBar::handle:vertical { min-height: 40px; }
QScrollBar::handle:horizontal { min-width: 40px; }
QScrollBar::handle:hover { background: $edge; }
QScrollBar::handle:disabled { background: transparent; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
""")


def sheet(palette: theme.Palette) -> str:
    """The application's style sheet in one palette."""
    return _SHEET.substitute(
        theme.tokens(palette),
        # Said of each kind of widget: GNOME's theme gives each a face of its own, which Qt puts first.
        face=_families(QApplication.font()),
        code=_families(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)),
        body=theme.BODY,
        caption=theme.CAPTION,
        lead=theme.LEAD,
        title=theme.TITLE,
        display=theme.DISPLAY,
        radius=theme.RADIUS,
        radius_card=theme.RADIUS_CARD,
        inner=theme.CONTROL - 2,  # without the border, which the sheet adds
        inner_focus=theme.CONTROL - 4,
        down=resources.path("theme", "chevron-down.svg").as_posix(),
        up=resources.path("theme", "chevron-up.svg").as_posix(),
    )


def _families(face: QFont) -> str:
    return ", ".join(f'"{name}"' for name in face.families())


def qt_palette(palette: theme.Palette) -> QPalette:
    """What Fusion draws by itself: dialogs, selections, placeholders."""
    role = QPalette.ColorRole
    colours = {
        role.Window: palette.page,
        role.WindowText: palette.text,
        role.Base: palette.surface,
        role.AlternateBase: palette.sunken,
        role.Text: palette.text,
        role.PlaceholderText: palette.faint,
        role.Button: palette.surface,
        role.ButtonText: palette.text,
        role.BrightText: palette.on_accent,
        role.Highlight: palette.accent,
        role.HighlightedText: palette.on_accent,
        role.Link: palette.link,
        role.LinkVisited: palette.link,
        role.ToolTipBase: palette.text,
        role.ToolTipText: palette.surface,
        role.Accent: palette.accent,
        role.Light: palette.surface,
        role.Midlight: palette.hover,
        role.Mid: palette.line,
        role.Dark: palette.edge,
        role.Shadow: palette.scrim,
    }
    result = QPalette()
    for key, value in colours.items():
        result.setColor(key, QColor(value))
    for key in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, key, QColor(palette.faint))
    return result


def follow(app: QApplication) -> None:
    """Give `app` the look, in the system's light or dark scheme from now on."""
    app.setStyle("Fusion")
    _use_face(app)
    hints = QGuiApplication.styleHints()
    asks_portal = app.platformName() in ("xcb", "wayland") and portal.is_there()

    def look() -> None:
        dark = asks_portal and portal.says_dark()
        use(app, of_scheme(Qt.ColorScheme.Dark if dark else hints.colorScheme()))

    if not theme.in_use.followed:
        theme.in_use.followed = True
        hints.colorSchemeChanged.connect(lambda scheme: use(app, of_scheme(scheme)))
        if asks_portal:
            portal.Listener(look, app)
    look()


def use(app: QApplication, palette: theme.Palette) -> None:
    """Apply one palette to the whole application."""
    theme.in_use.palette = palette
    app.setPalette(qt_palette(palette))
    app.setStyleSheet(sheet(palette))
    theme.in_use.changed.emit()


def of_scheme(scheme: Qt.ColorScheme) -> theme.Palette:
    """The palette for a scheme of the system; where it has none, the light one."""
    return theme.DARK if scheme == Qt.ColorScheme.Dark else theme.LIGHT


def _use_face(app: QApplication) -> None:
    """The system's own face, which people are used to; on Linux, where that may be anything, Inter if it is
    installed."""
    face = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    if sys.platform == "linux":
        face.setFamilies(["Inter", *face.families()])
    face.setPixelSize(theme.BODY)
    app.setFont(face)
