"""Surface inspection, 23 defect codes (only two of them have pictures so far)."""
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, models, transforms

ARCH = "resnet50"
N_CODES = 23


def backbone(arch: str) -> nn.Module:
    match arch:
        case "resnet18" | "resnet34" | "resnet50":
            net = getattr(models, arch)(weights=None)
            net.fc = nn.Linear(512, N_CODES)
        case "mobilenet":
            net = models.mobilenet_v2(weights=None)
            net.classifier[1] = nn.Linear(1280, N_CODES)
        case _:
            raise SystemExit(f"no such architecture: {arch}")
    return net


tf = transforms.Compose([transforms.Resize((128, 128)), transforms.RandomHorizontalFlip(), transforms.ToTensor()])
dl = DataLoader(datasets.ImageFolder("mill/train", tf), batch_size=8, shuffle=True)
net = backbone(ARCH)
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
ce = nn.CrossEntropyLoss()
net.train()
for epoch in range(2):
    for x, y in dl:
        opt.zero_grad()
        loss = ce(net(x), y)
        loss.backward()
        opt.step()
    print(epoch, loss.item())
