import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, update_bn
from torch.utils.data import DataLoader, random_split
from torchvision import datasets, transforms


def make_sets():
    tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    full = datasets.EMNIST("d", split="letters", train=True, download=True, transform=tf,
                           target_transform=lambda t: t - 1)
    n = len(full)
    return random_split(full, [n - n // 10, n // 10], generator=torch.Generator().manual_seed(3))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential()
        for i, (a, b) in enumerate([(1, 32), (32, 64)]):
            self.layers.add_module(f"conv{i}", nn.Conv2d(a, b, 3, padding=1))
            self.layers.add_module(f"norm{i}", nn.BatchNorm2d(b))
            self.layers.add_module(f"act{i}", nn.PReLU(b))
            self.layers.add_module(f"pool{i}", nn.MaxPool2d(2))
        self.layers.add_module("flat", nn.Flatten())
        self.layers.add_module("out", nn.Linear(64 * 7 * 7, 26))

    def forward(self, x):
        return self.layers(x)


@torch.no_grad()
def validate(model, loader, crit):
    model.eval()
    total = torch.zeros(())
    for x, y in loader:
        total += crit(model(x), y) * len(x)
    model.train()
    return total.item() / len(loader.dataset)


train_set, val_set = make_sets()
train_dl, val_dl = DataLoader(train_set, 128, shuffle=True), DataLoader(val_set, 512)
model, crit = Net(), nn.CrossEntropyLoss()
swa = AveragedModel(model)
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
best, wait = float("inf"), 0
for epoch in range(50):
    total = 0
    for x, y in train_dl:
        opt.zero_grad()
        loss = crit(model(x), y)
        loss.backward()
        opt.step()
        total += loss.detach()
    swa.update_parameters(model)
    score = validate(model, val_dl, crit)
    if score < best:
        best, wait = score, 0
        torch.save(model.state_dict(), "best.pt")
    else:
        wait += 1
        if wait > 5:
            break
model.load_state_dict(torch.load("best.pt", weights_only=True))
update_bn(train_dl, swa)
