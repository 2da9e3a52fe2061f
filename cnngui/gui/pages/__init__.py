"""The pages of the window, in the order of the rail. A page is one class and its row here."""

from cnngui.gui.pages.classify import ClassifyPage
from cnngui.gui.pages.images import ImagesPage
from cnngui.gui.pages.page import Page
from cnngui.gui.pages.pitfalls import PitfallsPage
from cnngui.gui.pages.train import TrainPage

PAGES: tuple[type[Page], ...] = (
    ImagesPage,
    TrainPage,
    ClassifyPage,
    PitfallsPage,
)
