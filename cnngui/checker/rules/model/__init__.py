"""Rules that read a live network or a model file, one file each, in the order they are listed here."""

from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.rule import Registry, Rule
from cnngui.checker.rules.model import (
    activation_on_logits,
    any_size,
    bias_before_bn,
    bn_feature_mismatch,
    class_list_mismatch,
    conv_channel_mismatch,
    damaged_model_file,
    dead_relu,
    double_softmax,
    fc_size_mismatch,
    fixed_size,
    forward_fails,
    functional_dropout_always_on,
    holds_a_program,
    input_channel_mismatch,
    missing_activation,
    missing_flatten,
    nan_weights,
    needs_unpickling,
    not_followed,
    output_not_probabilities,
    residual_shape_mismatch,
    softmax_wrong_dim,
    spatial_collapse,
    unregistered_modules,
    unused_layer,
    vanishing_gradient_risk,
    view_flatten_error,
    weights_alone,
    wrong_picture_size,
)

LISTED: tuple[Rule[ModelFacts], ...] = (
    # file
    needs_unpickling.check,
    holds_a_program.check,
    damaged_model_file.check,
    weights_alone.check,
    # weights
    nan_weights.check,
    dead_relu.check,
    # shape
    wrong_picture_size.check,
    fc_size_mismatch.check,
    missing_flatten.check,
    conv_channel_mismatch.check,
    input_channel_mismatch.check,
    bn_feature_mismatch.check,
    residual_shape_mismatch.check,
    spatial_collapse.check,
    view_flatten_error.check,
    forward_fails.check,
    class_list_mismatch.check,
    fixed_size.check,
    any_size.check,
    # structure
    missing_activation.check,
    vanishing_gradient_risk.check,
    activation_on_logits.check,
    unused_layer.check,
    unregistered_modules.check,
    functional_dropout_always_on.check,
    bias_before_bn.check,
    not_followed.check,
    # loss and inference
    double_softmax.check,
    softmax_wrong_dim.check,
    output_not_probabilities.check,
)

RULES: Registry[ModelFacts] = Registry(LISTED)
