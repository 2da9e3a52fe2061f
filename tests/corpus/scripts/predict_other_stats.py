import os
import sys
import torch
import torch.nn as nn
import torchvision.transforms as T
from PIL import Image
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder

SIZE = 100
CKPT = "fruit.pt"

train_tf = T.Compose([
    T.Resize((SIZE, SIZE)),
    T.RandomHorizontalFlip(),
    T.ToTensor(),
    T.Normalize([0.68, 0.58, 0.51], [0.30, 0.36, 0.40]),
])
infer_tf = T.Compose([
    T.Resize((SIZE, SIZE)),
    T.ToTensor(),
    T.Normalize([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]),
])


def build(n):
    return nn.Sequential(
        nn.Conv2d(3, 16, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(3),
        nn.Flatten(), nn.Linear(576, n),
    )


def train(root="fruit/train", epochs=6):
    ds = ImageFolder(root, train_tf)
    net = build(len(ds.classes))
    opt = torch.optim.Adam(net.parameters(), 1e-3)
    crit = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        for x, y in DataLoader(ds, 32, shuffle=True):
            opt.zero_grad()
            crit(net(x), y).backward()
            opt.step()
    torch.save({"state": net.state_dict(), "classes": ds.classes}, CKPT)


def predict(path):
    ckpt = torch.load(CKPT, map_location="cpu", weights_only=True)
    net = build(len(ckpt["classes"]))
    net.load_state_dict(ckpt["state"])
    net.eval()
    x = infer_tf(Image.open(path).convert("RGB")).unsqueeze(0)
    with torch.no_grad():
        p = net(x).softmax(1)[0]
    return ckpt["classes"][p.argmax()], p.max().item()


if __name__ == "__main__":
    if not os.path.exists(CKPT):
        train()
    for path in sys.argv[1:] or ["fruit/train/kiwi/img_000.jpg"]:
        print(path, predict(path))
