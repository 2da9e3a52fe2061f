import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


def conv(cin, cout):
    return [nn.Conv2d(cin, cout, 3, padding=1), nn.BatchNorm2d(cout), nn.ReLU()]


def get_model():
    return nn.Sequential(
        *conv(3, 32), nn.MaxPool2d(2), *conv(32, 64), nn.MaxPool2d(2), *conv(64, 128), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.5), nn.Linear(128 * 4 * 4, 10),
    )


def get_loader(train):
    t = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.4377, 0.4438, 0.4728), (0.198, 0.201, 0.197))])
    ds = datasets.SVHN("data", split="train" if train else "test", transform=t, download=True)
    return DataLoader(ds, batch_size=128, shuffle=train)


def train_epoch(model, loader, opt, loss_fn):
    model.train()
    for x, y in loader:
        opt.zero_grad()
        loss_fn(model(x), y).backward()
        opt.step()


def accuracy(model, loader):
    right = n = 0
    for x, y in loader:
        # compare the most likely class with the label
        out = model(x)
        right += (out.argmax(1) == y).sum().item()
        n += y.numel()
    return right / n


model = get_model()
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
train_dl, test_dl = get_loader(True), get_loader(False)
for epoch in range(5):
    train_epoch(model, train_dl, opt, nn.CrossEntropyLoss())
    print(epoch, accuracy(model, test_dl))
