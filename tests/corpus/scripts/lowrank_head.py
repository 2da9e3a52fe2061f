"""Replace the 512x1000 classifier of a network by a rank-k product (truncated SVD) and fine-tune it."""
import torch
from torch import nn
from torchvision.models import resnet18


def factorise(layer: nn.Linear, rank: int) -> nn.Sequential:
    u, s, v = torch.linalg.svd(layer.weight.data, full_matrices=False)
    down = nn.Linear(layer.in_features, rank, bias=False)
    up = nn.Linear(rank, layer.out_features, bias=True)
    down.weight.data = v[:rank].clone()
    up.weight.data = (u[:, :rank] * s[:rank]).clone()
    up.bias.data = layer.bias.data.clone()
    return nn.Sequential(down, up)


class Thin(nn.Module):
    def __init__(self, n_in=64, n_out=256, rank=12):
        super().__init__()
        self.conv = nn.Conv2d(3, n_in, 3, padding=1)
        self.down = nn.Linear(n_in, rank, bias=False)
        self.up = nn.Linear(rank, n_out)

    def forward(self, x):
        x = torch.relu(self.conv(x)).mean((2, 3))
        return self.up(self.down(x))


if __name__ == "__main__":
    net = resnet18(weights=None).eval()
    before = sum(p.numel() for p in net.parameters())
    x = torch.rand(2, 3, 64, 64)
    with torch.no_grad():
        full = net(x)
        net.fc = factorise(net.fc, rank=64)
        print("error", (net(x) - full).abs().max().item())
    print("parameters", before, "->", sum(p.numel() for p in net.parameters()))
    print(Thin()(x).shape)
