import torch
from torch import nn

from cnngui.engine.muon import Muon, orthogonal
from cnngui.engine.recipe import Recipe, optimizer

RECIPE = Recipe(
    epochs=1,
    batch_size=4,
    learning_rate=0.01,
    weight_decay=0.1,
    label_smoothing=0.0,
    augmentation=None,
    warm_up=0.0,
    optimizer="muon",
)


def network() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 8, 3),
        nn.Conv2d(8, 8, 3, groups=8),
        nn.Conv2d(8, 16, 3),
        nn.BatchNorm2d(16),
        nn.Flatten(),
        nn.Linear(16, 4),
    )


def test_all_directions_become_about_as_long() -> None:
    for shape in ((24, 60), (60, 24)):
        rows = torch.randn(shape, generator=torch.Generator().manual_seed(1))
        made = orthogonal(rows)
        before, after = torch.linalg.svdvals(rows), torch.linalg.svdvals(made)
        assert made.shape == rows.shape
        assert before.max() / before.min() > 3
        assert 0.3 < float(after.min()) < float(after.max()) < 1.3
        u, _, v = torch.linalg.svd(rows, full_matrices=False)
        kept = u.T @ made @ v.T  # in the directions of `rows` nothing is mixed
        assert float((kept - kept.diag().diag()).abs().max()) < 1e-3
    assert not orthogonal(torch.zeros(3, 5)).any()


def test_inner_weights_are_moved_by_muon_and_the_rest_by_adamw() -> None:
    made = network()
    optim = optimizer(made, RECIPE)
    assert isinstance(optim, Muon)
    made(torch.randn(4, 3, 7, 7)).square().sum().backward()
    optim.step()
    kinds = {name: set(optim.state[one]) for name, one in made.named_parameters()}
    assert [name for name, kind in kinds.items() if kind == {"momentum"}] == ["2.weight"]
    assert all("exp_avg" in kind for name, kind in kinds.items() if name != "2.weight")


def test_a_step_has_the_size_of_the_learning_rate_and_weights_decay() -> None:
    made = network()
    weight = made.get_parameter("2.weight")
    optim = optimizer(made, RECIPE)
    for group in optim.param_groups:
        group["lr"] = 0.01
    before = weight.detach().clone()
    made(torch.randn(4, 3, 7, 7)).square().sum().backward()
    optim.step()
    moved = weight.detach() - before * (1 - 0.01 * 0.1)
    assert 0.05 < float(moved.square().mean().sqrt()) / 0.01 < 0.25


def test_a_rest_without_gradient_stays() -> None:
    made = network()
    optim = optimizer(made, RECIPE)
    inner = made.get_parameter("2.weight")
    before = inner.detach().clone()
    nn.Sequential(made[5])(torch.randn(4, 16)).sum().backward()
    optim.step()
    assert torch.equal(inner, before)


def test_the_rounds_are_newton_and_schulz_in_bfloat16_as_well() -> None:
    rows = torch.randn((24, 60), generator=torch.Generator().manual_seed(2))
    wanted = rows.double() / rows.double().norm()
    for _ in range(3):
        square = wanted @ wanted.T
        wanted = 3.4445 * wanted + (-4.775 * square + 2.0315 * square @ square) @ wanted
    assert torch.allclose(orthogonal(rows.double()), wanted)
    assert float((orthogonal(rows.bfloat16()) - wanted).norm() / wanted.norm()) < 0.04
