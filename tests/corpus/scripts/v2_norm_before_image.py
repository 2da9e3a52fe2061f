import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import OxfordIIITPet
from torchvision.models import efficientnet_b0
from torchvision.transforms import v2


def get_transform(size: int, train: bool):
    steps = [v2.Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])]
    if train:
        steps.append(v2.RandomResizedCrop(size, scale=(0.6, 1.0)))
        steps.append(v2.RandomHorizontalFlip())
    else:
        steps.append(v2.Resize(int(size * 1.15)))
        steps.append(v2.CenterCrop(size))
    steps += [v2.ToImage(), v2.ToDtype(torch.float32, scale=True)]
    return v2.Compose(steps)


def main():
    train_ds = OxfordIIITPet("pets", split="trainval", download=True, transform=get_transform(128, True))
    test_ds = OxfordIIITPet("pets", split="test", download=True, transform=get_transform(128, False))
    train_dl = DataLoader(train_ds, batch_size=32, shuffle=True, num_workers=4)
    test_dl = DataLoader(test_ds, batch_size=64, num_workers=4)
    net = efficientnet_b0(weights="DEFAULT")
    net.classifier[1] = nn.Linear(net.classifier[1].in_features, 37)
    opt = torch.optim.AdamW(net.parameters(), lr=4e-4, weight_decay=1e-2)
    for epoch in range(5):
        net.train()
        for x, y in train_dl:
            opt.zero_grad()
            loss = nn.functional.cross_entropy(net(x), y, label_smoothing=0.05)
            loss.backward()
            opt.step()
        net.eval()
        with torch.no_grad():
            right = sum((net(x).argmax(1) == y).sum().item() for x, y in test_dl)
        print(epoch, right / len(test_ds))


if __name__ == "__main__":
    main()
