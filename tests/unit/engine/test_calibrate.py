import pytest
import torch

from cnngui.engine.calibrate import FEWEST, UNSURE_BELOW, calibrate, familiarity, temperature, threshold


def test_finds_the_temperature_that_made_the_labels() -> None:
    generator = torch.Generator().manual_seed(0)
    true = torch.randn(20_000, 5, generator=generator) * 2
    labels = torch.multinomial(torch.softmax(true, 1), 1, generator=generator).squeeze(1)
    assert temperature(true * 3, labels) == pytest.approx(3, rel=0.05)
    assert temperature(true / 2, labels) == pytest.approx(0.5, rel=0.05)


def test_leaves_the_network_as_it_is_with_too_few_pictures() -> None:
    logits = torch.eye(3)[torch.arange(FEWEST - 1) % 3] * 10
    assert temperature(logits, torch.zeros(FEWEST - 1, dtype=torch.long)) == 1.0


def test_stays_finite_when_every_answer_is_right() -> None:
    labels = torch.arange(100) % 3
    assert 0.01 < temperature(torch.eye(3)[labels] * 10, labels) < 1


def answers(count: int = 4000, classes: int = 4, scale: float = 2.0) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits whose probabilities mean what they say, and labels drawn from them."""
    generator = torch.Generator().manual_seed(1)
    logits = torch.randn(count, classes, generator=generator) * scale
    return logits, torch.multinomial(torch.softmax(logits, 1), 1, generator=generator).squeeze(1)


@pytest.mark.parametrize("wanted", [0.8, 0.9, 0.95])
def test_the_line_gives_the_wanted_accuracy_on_new_pictures(wanted: float) -> None:
    logits, labels = answers(20_000)
    fitted = calibrate(logits[:10_000], labels[:10_000], wanted)
    assert fitted.drawn is not None
    assert fitted.unfamiliar_below is not None
    assert fitted.drawn.right >= wanted
    assert fitted.drawn.images == 10_000
    best, called = torch.softmax(logits[10_000:] / fitted.temperature, 1).max(1)
    sure = (best >= fitted.unsure_below) & (
        familiarity(logits[10_000:], fitted.temperature) >= fitted.unfamiliar_below
    )
    assert float((called == labels[10_000:])[sure].double().mean()) == pytest.approx(wanted, abs=0.03)
    assert float(sure.double().mean()) == pytest.approx(fitted.drawn.answered, abs=0.03)


def test_one_picture_in_twenty_is_given_up_as_unfamiliar() -> None:
    logits, labels = answers()
    fitted = calibrate(logits, labels)
    assert fitted.unfamiliar_below is not None
    below = familiarity(logits, fitted.temperature) < fitted.unfamiliar_below
    assert float(below.double().mean()) == pytest.approx(0.05, abs=0.001)


def test_too_few_pictures_leave_the_usual_line() -> None:
    logits, labels = answers(FEWEST - 1)
    fitted = calibrate(logits, labels)
    assert (fitted.temperature, fitted.unsure_below) == (1.0, UNSURE_BELOW)
    assert fitted.drawn is None
    assert fitted.unfamiliar_below is None


def test_a_line_is_never_below_one_half_nor_drawn_by_a_few_pictures() -> None:
    every = torch.ones(100, dtype=torch.bool)
    best = torch.linspace(0.3, 0.99, 100).double()
    line, drawn = threshold(best, every, every, 0.95)
    assert line == 0.5
    assert drawn.right == 1.0
    few = torch.arange(100) >= 95  # only the five surest answers are right
    line, drawn = threshold(best, few, every, 0.95)
    assert line == 0.95
    line, drawn = threshold(best * 0.5, ~every, every, 0.9)
    assert (line, drawn.answered, drawn.right) == (0.9, 0.0, 0.0)


def test_pictures_of_equal_probability_fall_on_the_same_side() -> None:
    best = torch.tensor([0.9] * 30 + [0.7] * 30).double()
    right = torch.tensor([True] * 45 + [False] * 15)
    line, drawn = threshold(best, right, torch.ones(60, dtype=torch.bool), 0.8)
    assert line == pytest.approx(0.9)
    assert drawn.answered == 0.5


def test_of_no_sure_answers_no_share_is_said_to_be_right() -> None:
    line, drawn = threshold(torch.full((60,), 0.3), torch.zeros(60) > 0, torch.ones(60) > 0, 0.95)
    sentence = "“Not sure” below a probability of 95%: of 60 held-out pictures it was sure of none."
    assert drawn.sentence(line) == sentence


def test_a_picture_that_lifts_no_class_above_the_others_is_strange() -> None:
    usual, strange = torch.tensor([[9.0, 0.0, 0.0]]), torch.tensor([[9.0, 7.0, 8.0]])
    assert familiarity(strange, 1.0) < familiarity(usual, 1.0)


def test_what_all_classes_gain_alike_makes_no_picture_familiar() -> None:
    logits = torch.randn(20, 4, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(familiarity(logits + 5, 0.7), familiarity(logits, 0.7), atol=1e-5)
