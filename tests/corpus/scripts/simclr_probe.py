import torch, torch.nn as nn, torch.nn.functional as F
from torchvision import models, transforms, datasets
class TwoCrop:
    def __init__(self, t): self.t = t
    def __call__(self, x): return self.t(x), self.t(x)
aug = transforms.Compose([transforms.RandomResizedCrop(32), transforms.RandomHorizontalFlip(), transforms.ColorJitter(.4, .4, .4, .1), transforms.RandomGrayscale(0.2), transforms.ToTensor()])
dl = torch.utils.data.DataLoader(datasets.CIFAR10('.', transform=TwoCrop(aug), download=True), 256, shuffle=True, drop_last=True)
enc = models.resnet18(); enc.fc = nn.Identity()
proj = nn.Sequential(nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 128))
opt = torch.optim.Adam([*enc.parameters(), *proj.parameters()], lr=3e-4)
def nt_xent(a, b, t=0.5):
    z = F.normalize(torch.cat([a, b]), dim=1)
    sim = z @ z.T / t
    n = a.size(0)
    sim.fill_diagonal_(-1e9)
    target = torch.cat([torch.arange(n, 2 * n), torch.arange(n)])
    return F.cross_entropy(sim, target)
for epoch in range(2):
    for (v1, v2), _ in dl:
        loss = nt_xent(proj(enc(v1)), proj(enc(v2)))
        opt.zero_grad(); loss.backward(); opt.step()
enc.eval()
probe = nn.Linear(512, 10)
po = torch.optim.SGD(probe.parameters(), lr=0.5)
plain = torch.utils.data.DataLoader(datasets.CIFAR10('.', transform=transforms.ToTensor()), 256, shuffle=True)
for x, y in plain:
    with torch.no_grad():
        f = enc(x)
    loss = F.cross_entropy(probe(f), y)
    po.zero_grad(); loss.backward(); po.step()
