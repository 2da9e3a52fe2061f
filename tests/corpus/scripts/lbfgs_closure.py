import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision import datasets, transforms

torch.manual_seed(0)
mnist = datasets.MNIST("mnist", train=True, download=True, transform=transforms.ToTensor())
x = torch.stack([mnist[i][0] for i in range(256)])
y = torch.tensor([mnist[i][1] for i in range(256)])

net = nn.Sequential(
    nn.Conv2d(1, 8, 5, stride=2), nn.Softplus(), nn.Conv2d(8, 16, 5, stride=2), nn.Softplus(),
    nn.Flatten(), nn.Linear(16 * 4 * 4, 10))
opt = torch.optim.LBFGS(net.parameters(), lr=1, max_iter=5, history_size=10, line_search_fn="strong_wolfe")


def closure():
    opt.zero_grad()
    loss = F.cross_entropy(net(x), y) + 1e-4 * sum(p.pow(2).sum() for p in net.parameters())
    loss.backward()
    return loss


for it in range(4):
    loss = opt.step(closure)
    print(it, loss.item())
