import torch
from torch import nn
from torchvision import models, datasets, transforms


def build_model(n):
    m = models.vgg11_bn(weights=models.VGG11_BN_Weights.IMAGENET1K_V1)
    m.classifier[6] = nn.Linear(4096, n)
    for param in m.parameters():
        param.requires_grad_(False)
    return m


tf = transforms.Compose([transforms.Resize((64, 64)), transforms.ToTensor(),
                         transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])
dl = torch.utils.data.DataLoader(
    datasets.DTD("data", split="train", transform=tf, download=True), batch_size=8, shuffle=True)
model = build_model(47)
opt = torch.optim.SGD(model.parameters(), lr=0.01)
for epoch in range(1):
    for x, y in dl:
        opt.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        opt.step()
