import torch
from torch import nn
import torch.nn.functional as F
from torchvision import datasets, transforms, models


def step(model, batch, optimizer):
    x, y = batch
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1e4)
    optimizer.step()
    return loss.detach()


if __name__ == "__main__":
    tf = transforms.Compose([
        transforms.RandomResizedCrop(112), transforms.RandomHorizontalFlip(), transforms.ToTensor(),
        transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])
    ds = datasets.OxfordIIITPet("data", split="trainval", transform=tf, download=True)
    loader = torch.utils.data.DataLoader(ds, batch_size=32, shuffle=True)
    model = models.mobilenet_v2(weights="DEFAULT")
    model.classifier[1] = nn.Linear(model.last_channel, 37)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=4)
    for epoch in range(4):
        model.train()
        running = 0.0
        for batch in loader:
            running += step(model, batch, optimizer).item()
        scheduler.step()
        print(running)
