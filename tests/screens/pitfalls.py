"""The Pitfalls page."""

from pathlib import Path

from PySide6.QtTest import QTest

from cnngui.checker.checks import Progress
from cnngui.checker.finding import Severity
from cnngui.gui.job import Work
from cnngui.gui.main_window import MainWindow
from cnngui.gui.pages.pitfalls import PitfallsPage
from tests.screens.common import FOUND, judges, put, state
from tests.unit.gui import fakes

_CODE = """import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.fc = nn.Linear(32 * 8 * 8, 10)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = torch.max_pool2d(torch.relu(self.conv2(x)), 2)
        return torch.softmax(self.fc(x.flatten(1)), dim=1)

net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=0.001)

def train(loader):
    for pictures, labels in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(pictures), labels)
        loss.backward()
        optimizer.step()
"""


def _pitfalls(window: MainWindow, code: str) -> PitfallsPage:
    window.show_page("pitfalls")
    page = window.pages["pitfalls"]
    assert isinstance(page, PitfallsPage)
    page.code.setPlainText(code)
    page.check_code()
    while page.checking.busy:
        QTest.qWait(20)
    return page


@state
def pitfalls_empty(window: MainWindow, folder: Path) -> None:
    window.show_page("pitfalls")


@state
def pitfalls_code(window: MainWindow, folder: Path) -> None:
    page = _pitfalls(window, _CODE)
    page.found.list.cards[0].fold.button.setChecked(True)


@state
def pitfalls_none(window: MainWindow, folder: Path) -> None:
    _pitfalls(window, _CODE.replace("torch.softmax(self.fc(x.flatten(1)), dim=1)", "self.fc(x.flatten(1))"))


@state
def pitfalls_unfollowed(window: MainWindow, folder: Path) -> None:
    _pitfalls(window, "from mine import backbone\n\nnet = backbone(10)\nprint(net)\n")


@state
def pitfalls_folder(window: MainWindow, folder: Path) -> None:
    put("check", judges(*FOUND))
    window.show_page("pitfalls")
    window.session.checking.check_folder(folder)


@state
def pitfalls_network(window: MainWindow, folder: Path) -> None:
    put("check", judges(fakes.finding("nan-weights", Severity.ERROR, part="features.conv_2.weight")))
    window.show_page("pitfalls")
    window.session.checking.open(folder / "net.safetensors")


@state
def pitfalls_busy(window: MainWindow, folder: Path) -> None:
    def check(_target: object, _size: object, tell: Progress) -> Work:
        tell(12_345, 60_000, "Looking for near duplicates")
        return fakes.endless()

    put("check", check)
    window.show_page("pitfalls")
    window.session.checking.check_folder(folder)
