import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, models, transforms

tf = transforms.Compose([
    transforms.Resize((128, 128)), transforms.RandomHorizontalFlip(), transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])
bugs = datasets.ImageFolder("bugs", tf)
loader = DataLoader(bugs, batch_size=16, shuffle=True)

net = models.mobilenet_v2(weights="IMAGENET1K_V2")
for p in net.features.parameters():
    p.requires_grad = False
net.classifier[1] = nn.Linear(net.last_channel, len(bugs.classes))
opt = torch.optim.Adam(net.classifier.parameters(), lr=1e-3)
loss_fn = nn.CrossEntropyLoss()

UNFREEZE_AT = 1
for epoch in range(8):
    if epoch == UNFREEZE_AT:
        tail = net.features[14:]
        for p in tail.parameters():
            p.requires_grad = True
        opt.add_param_group({"params": tail.parameters(), "lr": 1e-5})
    net.train()
    for x, y in loader:
        opt.zero_grad()
        loss_fn(net(x), y).backward()
        opt.step()
