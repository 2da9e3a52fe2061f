import torch
import torchvision
from torch import nn
from torch.amp import GradScaler, autocast
from torchvision.transforms import v2 as T

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
USE_AMP = DEVICE == "cuda"


def make_loader(train: bool) -> torch.utils.data.DataLoader:
    ops = [T.ToImage()]
    if train:
        ops += [T.RandomCrop(32, padding=4), T.RandomHorizontalFlip()]
    ops += [T.ToDtype(torch.float32, scale=True), T.Normalize([0.491, 0.482, 0.447], [0.247, 0.243, 0.262])]
    ds = torchvision.datasets.CIFAR10("data", train=train, transform=T.Compose(ops), download=True)
    return torch.utils.data.DataLoader(ds, batch_size=256, shuffle=train, num_workers=8, pin_memory=True)


model = torchvision.models.resnet18(weights=None, num_classes=10)
model.conv1 = nn.Conv2d(3, 64, 3, 1, 1, bias=False)
model.maxpool = nn.Identity()
model.to(DEVICE)

train_loader, test_loader = make_loader(True), make_loader(False)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=30)
scaler = GradScaler(DEVICE, enabled=USE_AMP)
loss_fn = nn.CrossEntropyLoss(label_smoothing=0.1)

for epoch in range(30):
    model.train()
    for x, y in train_loader:
        x, y = x.to(DEVICE, non_blocking=True), y.to(DEVICE, non_blocking=True)
        with autocast(DEVICE, enabled=USE_AMP):
            loss = loss_fn(model(x), y)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
    scheduler.step()

    model.eval()
    right = 0
    with torch.inference_mode():
        for x, y in test_loader:
            right += (model(x.to(DEVICE)).argmax(1).cpu() == y).sum().item()
    print(f"epoch {epoch:02d} acc {right / len(test_loader.dataset):.4f}")
