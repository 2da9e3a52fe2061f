import torch
from torch import nn
from torchvision import datasets, transforms
from torchvision.models import convnext_tiny, ConvNeXt_Tiny_Weights

net = convnext_tiny(weights=ConvNeXt_Tiny_Weights.IMAGENET1K_V1)
net.classifier[2] = nn.Linear(768, 10)
for p in net.features.parameters():
    p.requires_grad = False

tf = transforms.Compose([
    transforms.Resize(64), transforms.CenterCrop(64), transforms.ToTensor(),
    transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
])
ds = datasets.Imagenette("data", split="train", size="160px", transform=tf, download=True)
dl = torch.utils.data.DataLoader(ds, batch_size=16, shuffle=True, drop_last=True)
opt = torch.optim.AdamW([p for p in net.parameters() if p.requires_grad], lr=1e-3)
for epoch in range(2):
    for x, y in dl:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
