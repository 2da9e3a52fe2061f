"""Rules that judge a running training by its events, one file each, in the order they are listed here."""

from cnngui.checker.rule import Registry, Rule
from cnngui.checker.rules.run import (
    dead_activations,
    empty_gradients,
    exploding_gradients,
    loss_not_finite,
    lr_too_high,
    lr_too_low,
    not_learning,
    overfitting,
    parameters_unchanged,
    plateau,
    training_in_eval_mode,
    val_set_too_small,
    vanishing_gradients,
)
from cnngui.checker.run_facts import RunFacts

LISTED: tuple[Rule[RunFacts], ...] = (
    # exact: wrong as it stands, said at once
    loss_not_finite.check,
    parameters_unchanged.check,
    empty_gradients.check,
    training_in_eval_mode.check,
    # judged: by two signs and with patience
    lr_too_high.check,
    lr_too_low.check,
    dead_activations.check,
    vanishing_gradients.check,
    exploding_gradients.check,
    not_learning.check,
    overfitting.check,
    plateau.check,
    val_set_too_small.check,
)

RULES: Registry[RunFacts] = Registry(LISTED)
